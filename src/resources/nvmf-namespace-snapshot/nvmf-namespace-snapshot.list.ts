import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { NvmfNamespaceSnapshot } from "./nvmf-namespace-snapshot.type.js";

/** How snapshots of NVMe namespaces are listed. */
export const nvmfNamespaceSnapshotList = new Listing(
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
