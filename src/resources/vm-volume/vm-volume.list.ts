import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { VmVolume } from "./vm-volume.type.js";

/** How volumes are listed. */
export const vmVolumeList = new List(
  VmVolume,
  new Filter("VmVolume", "VmVolume", {
    name: "name",
    description: "description",
    sizeBytes: "size",
    uniqueSizeBytes: "unique_size",
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
    CREATED_AT: "local_created_at",
  }),
);
