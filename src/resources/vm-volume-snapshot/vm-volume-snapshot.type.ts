import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeSnapshotType } from "./vm-volume-snapshot.enums.js";

const column = columnsOf("VmVolumeSnapshot");

/** Source: `get-vm-volume-snapshots`. */
@ObjectType("VmVolumeSnapshot", { implements: Node, description: "A snapshot of one volume." })
export class VmVolumeSnapshot extends Resource<"VmVolumeSnapshot"> {
  static override readonly typename = "VmVolumeSnapshot";
  static override readonly entity = "VmVolumeSnapshot";

  @column("name", requiredText, "Name of the snapshot.", { filter: true, order: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("type", VmVolumeSnapshotType, "What holds the frozen data.", { filter: true })
  readonly type!: string;

  @column("elf_storage_policy", StoragePolicy, "How the data is kept redundant.", { filter: true })
  readonly storagePolicy!: string;

  @column("size", bytes, "Space that the snapshot takes, in bytes.", { filter: true, order: true })
  readonly sizeBytes!: number | null;

  @column("shared_size", bytes, "Space shared with other snapshots and the volume, in bytes.")
  readonly sharedSizeBytes!: number | null;

  @column("unique_size", bytes, "Space that only this snapshot takes, in bytes.", { filter: true, order: true })
  readonly uniqueSizeBytes!: number | null;

  @column("volume_size", bytes, "Size of the volume when it was frozen, in bytes.", { filter: true, order: true })
  readonly volumeSizeBytes!: number | null;

  @column("volume_sharing", boolean, "Whether several VMs could hold the volume at once.")
  readonly volumeSharing!: boolean | null;

  @column("zbs_snapshot_uuid", text, "Id of the frozen data in ZBS; `lunSnapshot` is what stands there.", {
    filter: true,
  })
  readonly zbsSnapshotUuid!: string | null;

  @column("local_id", text, "The snapshot's id within its cluster; a frozen disk's `volumeSnapshotUuid`.", {
    filter: true,
  })
  readonly localId!: string | null;

  @column("local_created_at", time, "When the snapshot was taken.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("createAt", time, "A second time that CloudTower keeps of the creation; the contract does not say which.")
  readonly recordedAt!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "What a running task is doing to it; null when none is.", {
    filter: true,
  })
  readonly asyncStatus!: string | null;
}

/** How volume snapshots are listed. */
export const vmVolumeSnapshotList = new Listing(VmVolumeSnapshot);
