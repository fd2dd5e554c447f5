import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, float, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeType } from "./vm-volume.enums.js";

const column = columnsOf("VmVolume");

/** Source: `get-vm-volumes`. */
@ObjectType("VmVolume", {
  implements: Node,
  description: "A virtual volume: what a VM sees as a disk. A shared one is held by several VMs.",
})
export class VmVolume extends Resource<"VmVolume"> {
  static override readonly typename = "VmVolume";
  static override readonly entity = "VmVolume";

  @column("name", requiredText, "Name as shown to users.", { filter: true, order: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("size", bytes, "Size that the guest sees, in bytes.", { filter: true, order: true })
  readonly sizeBytes!: number | null;

  @column("used_size", bytes, "Space in use, in bytes.", { filter: true, order: true })
  readonly usedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space that only this volume takes, in bytes.", { filter: true, order: true })
  readonly uniqueSizeBytes!: number | null;

  @column("sharing", boolean, "Whether several VMs may hold it at once.", { filter: true })
  readonly sharing!: boolean | null;

  @column("mounting", boolean, "Whether a VM holds it.", { filter: true })
  readonly mounting!: boolean | null;

  @column("path", text, "Access path of the LUN behind it.", { filter: true })
  readonly path!: string | null;

  @column("local_id", text, "The volume's id on the storage side, unique within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the volume was created.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;

  @column("type", VmVolumeType.orNull, "What holds the data.", { filter: true })
  readonly type!: string | null;

  @column("elf_storage_policy", StoragePolicy, "How the data is kept redundant.", { filter: true })
  readonly storagePolicy!: string;

  @column("used_size_usage", float, "Share of the size that is in use, as CloudTower tells it.")
  readonly usedSizeUsage!: number | null;

  @column(
    "unique_logical_size",
    bytes,
    "Data that only this volume has, without replicas, in bytes; null before CloudTower 4.3.",
  )
  readonly uniqueLogicalSizeBytes!: number | null;

  @column(
    "guest_used_size",
    bytes,
    "Space in use within the guest's file system, in bytes, as the guest agent reports it.",
    { filter: true, order: true },
  )
  readonly guestUsedSizeBytes!: number | null;

  @column("guest_size_usage", float, "Share of the guest's file system that is in use, as the guest agent reports it.")
  readonly guestSizeUsage!: number | null;
}

/** How volumes are listed. */
export const vmVolumeList = new Listing(VmVolume);
