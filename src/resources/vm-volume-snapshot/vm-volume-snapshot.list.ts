import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeSnapshotType } from "./vm-volume-snapshot.enums.js";
import { VmVolumeSnapshot } from "./vm-volume-snapshot.type.js";

/** How volume snapshots are listed. */
export const vmVolumeSnapshotList = new Listing(
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
