import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IscsiLun } from "./iscsi-lun.type.js";

/** How LUNs are listed. */
export const iscsiLunList = new Listing(
  IscsiLun,
  new Filter("IscsiLun", "IscsiLun", {
    name: "name",
    zbsVolumeId: "zbs_volume_id",
    lunNumber: "lun_id",
    assignedSizeBytes: "assigned_size",
    uniqueSizeBytes: "unique_size",
    replicaCount: "replica_num",
    thinProvisioned: "thin_provision",
    stripeCount: "stripe_num",
    snapshotCount: "snapshot_num",
    sharedSizeBytes: "shared_size",
    maxBandwidthBytesPerSecond: "bps",
    maxIops: "iops",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("IscsiLun", "IscsiLun", {
    NAME: "name",
    ASSIGNED_SIZE_BYTES: "assigned_size",
    UNIQUE_SIZE_BYTES: "unique_size",
    SHARED_SIZE_BYTES: "shared_size",
    LUN_NUMBER: "lun_id",
    SNAPSHOT_COUNT: "snapshot_num",
    MAX_BANDWIDTH_BYTES_PER_SECOND: "bps",
    MAX_IOPS: "iops",
    CREATED_AT: "local_created_at",
  }),
);
