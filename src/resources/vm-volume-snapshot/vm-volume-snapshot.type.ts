import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { AsyncStatus } from "../shared/async-status.js";
import { PolicyFigures } from "../shared/policy-figures.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeSnapshotType } from "./vm-volume-snapshot.enums.js";

const column = columnsOf("VmVolumeSnapshot");

/** Source: `get-vm-volume-snapshots`. */
@ObjectType("VmVolumeSnapshot", { implements: Node, description: "A snapshot of a volume." })
export class VmVolumeSnapshot extends PolicyFigures<"VmVolumeSnapshot"> {
  static override readonly typename = "VmVolumeSnapshot";
  static override readonly entity = "VmVolumeSnapshot";

  @column("name", requiredText, "Name of the snapshot.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("type", VmVolumeSnapshotType, "Where the frozen data is stored.", { filter: true })
  readonly type!: string;

  @column("elf_storage_policy", StoragePolicy, "Redundancy and provisioning of the data.", { filter: true })
  readonly storagePolicy!: string;

  @column("size", bytes, "Space used by the snapshot, in bytes.", { filter: true })
  readonly sizeBytes!: number | null;

  @column("shared_size", bytes, "Space shared with other snapshots and the volume, in bytes.")
  readonly sharedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space used by this snapshot alone, in bytes.", { filter: true })
  readonly uniqueSizeBytes!: number | null;

  @column("volume_size", bytes, "Size of the volume when it was frozen, in bytes.", { filter: true })
  readonly volumeSizeBytes!: number | null;

  @column("volume_sharing", boolean, "Whether several VMs could use the volume at the same time.")
  readonly volumeSharing!: boolean | null;

  @column("zbs_snapshot_uuid", text, "Id of the frozen data in ZBS; see `lunSnapshot`.", { filter: true })
  readonly zbsSnapshotUuid!: string | null;

  @column("local_id", text, "The snapshot's id within its cluster; matches `volumeSnapshotUuid` of a frozen disk.", {
    filter: true,
  })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true })
  readonly createdAt!: string | null;

  @column(
    "createAt",
    time,
    "A second creation time kept by CloudTower; its API does not say how it differs from `createdAt`.",
  )
  readonly recordedAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of volume snapshots. */
export const vmVolumeSnapshotList = new Listing(VmVolumeSnapshot);
