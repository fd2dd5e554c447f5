import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { NvmfNamespaceSnapshot } from "./nvmf-namespace-snapshot.type.js";

/** How snapshots of NVMe namespaces are listed. */
export const nvmfNamespaceSnapshotList = new List(
  NvmfNamespaceSnapshot,
  new Filter("NvmfNamespaceSnapshot", "NvmfNamespaceSnapshot", {
    name: "name",
    uniqueSizeBytes: "unique_size",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("NvmfNamespaceSnapshot", "NvmfNamespaceSnapshot", {
    NAME: "name",
    UNIQUE_SIZE_BYTES: "unique_size",
    CREATED_AT: "local_created_at",
  }),
);
