import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { StoragePolicy } from "../storage-policy.js";
import { VmVolumeSnapshotType } from "./vm-volume-snapshot.enums.js";
import { VmVolumeSnapshot } from "./vm-volume-snapshot.type.js";

/** How volume snapshots are listed. */
export const vmVolumeSnapshotList = new List(
  VmVolumeSnapshot,
  new Filter("VmVolumeSnapshot", "VmVolumeSnapshot", {
    name: "name",
    description: "description",
    type: ["type", VmVolumeSnapshotType],
    storagePolicy: ["elf_storage_policy", StoragePolicy],
    sizeBytes: "size",
    uniqueSizeBytes: "unique_size",
    volumeSizeBytes: "volume_size",
    zbsSnapshotUuid: "zbs_snapshot_uuid",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("VmVolumeSnapshot", "VmVolumeSnapshot", {
    NAME: "name",
    SIZE_BYTES: "size",
    UNIQUE_SIZE_BYTES: "unique_size",
    VOLUME_SIZE_BYTES: "volume_size",
    CREATED_AT: "local_created_at",
  }),
);
