import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { IscsiLunSnapshot } from "./iscsi-lun-snapshot.type.js";

/** How LUN snapshots are listed. */
export const iscsiLunSnapshotList = new Listing(
  IscsiLunSnapshot,
  new Filter("IscsiLunSnapshot", "IscsiLunSnapshot", {
    name: "name",
    uniqueSizeBytes: "unique_size",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("IscsiLunSnapshot", "IscsiLunSnapshot", {
    NAME: "name",
    UNIQUE_SIZE_BYTES: "unique_size",
    CREATED_AT: "local_created_at",
  }),
);
