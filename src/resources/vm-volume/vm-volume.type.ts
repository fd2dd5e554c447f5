import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, float, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { PolicyFigures } from "../shared/policy-figures.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeType } from "./vm-volume.enums.js";

const column = columnsOf("VmVolume");

/** Source: `get-vm-volumes`. */
@ObjectType("VmVolume", {
  implements: Node,
  description: "A virtual volume, which a VM sees as a disk. A shared volume is attached to several VMs.",
})
export class VmVolume extends PolicyFigures<"VmVolume"> {
  static override readonly typename = "VmVolume";
  static override readonly entity = "VmVolume";

  @column("name", requiredText, "Display name.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("size", bytes, "Size that the guest sees, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("used_size", bytes, "Space in use, in bytes.", { filter: true })
  readonly usedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space used by this volume alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("sharing", boolean, "Whether several VMs can use the volume at the same time.", { filter: true })
  readonly sharing!: boolean | null;

  @column("mounting", boolean, "Whether the volume is attached to a VM.", { filter: true })
  readonly mounting!: boolean | null;

  @column("path", text, "Access path of the LUN that backs the volume.", { filter: true })
  readonly path!: string | null;

  @column("local_id", text, "The volume's id in the storage system, unique within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the volume was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("type", VmVolumeType.orNull, "Where the data is stored.", { filter: true })
  readonly type!: string | null;

  @column("elf_storage_policy", StoragePolicy, "Redundancy and provisioning of the data.", { filter: true })
  readonly storagePolicy!: string;

  @column("used_size_usage", float, "Share of the size that is in use, as reported by CloudTower.")
  readonly usedSizeUsage!: number | null;

  @column("unique_logical_size", bytes, "Data unique to this volume, excluding replicas, in bytes.")
  readonly uniqueLogicalSizeBytes!: number | null;

  @column(
    "guest_used_size",
    bytes,
    "Space in use in the guest's file system, in bytes, as reported by the guest tools.",
    { filter: true },
  )
  readonly guestUsedSizeBytes!: number | null;

  @column("guest_size_usage", float, "Share of the guest's file system that is in use, as reported by the guest tools.")
  readonly guestSizeUsage!: number | null;
}

/** Listing of volumes. */
export const vmVolumeList = new Listing(VmVolume);
