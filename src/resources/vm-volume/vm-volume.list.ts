import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { StoragePolicy } from "../shared/storage-policy.js";
import { VmVolumeType } from "./vm-volume.enums.js";
import { VmVolume } from "./vm-volume.type.js";

/** How volumes are listed. */
export const vmVolumeList = new Listing(
  VmVolume,
  new Filter("VmVolume", "VmVolume", {
    name: "name",
    description: "description",
    sizeBytes: "size",
    uniqueSizeBytes: "unique_size",
    usedSizeBytes: "used_size",
    guestUsedSizeBytes: "guest_used_size",
    type: ["type", VmVolumeType],
    storagePolicy: ["elf_storage_policy", StoragePolicy],
    sharing: "sharing",
    mounting: "mounting",
    path: "path",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("VmVolume", "VmVolume", {
    NAME: "name",
    SIZE_BYTES: "size",
    USED_SIZE_BYTES: "used_size",
    UNIQUE_SIZE_BYTES: "unique_size",
    GUEST_USED_SIZE_BYTES: "guest_used_size",
    CREATED_AT: "local_created_at",
  }),
);
