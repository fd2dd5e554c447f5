import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { NvmfNamespace } from "./nvmf-namespace.type.js";

/** How NVMe namespaces are listed. */
export const nvmfNamespaceList = new Listing(
  NvmfNamespace,
  new Filter("NvmfNamespace", "NvmfNamespace", {
    name: "name",
    zbsVolumeId: "zbs_volume_id",
    namespaceNumber: "namespace_id",
    assignedSizeBytes: "assigned_size",
    uniqueSizeBytes: "unique_size",
    replicaCount: "replica_num",
    thinProvisioned: "thin_provision",
    shared: "is_shared",
    maxBandwidthBytesPerSecond: "bps",
    maxIops: "iops",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("NvmfNamespace", "NvmfNamespace", {
    NAME: "name",
    ASSIGNED_SIZE_BYTES: "assigned_size",
    UNIQUE_SIZE_BYTES: "unique_size",
    MAX_BANDWIDTH_BYTES_PER_SECOND: "bps",
    MAX_IOPS: "iops",
    CREATED_AT: "local_created_at",
  }),
);
