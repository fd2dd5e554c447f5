import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { ConsistencyGroupSnapshot } from "./consistency-group-snapshot.type.js";

/** How snapshots of consistency groups are listed. */
export const consistencyGroupSnapshotList = new Listing(
  ConsistencyGroupSnapshot,
  new Filter("ConsistencyGroupSnapshot", "ConsistencyGroupSnapshot", {
    name: "name",
    uniqueSizeBytes: "unique_size",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
  }),
  new Orders("ConsistencyGroupSnapshot", "ConsistencyGroupSnapshot", {
    NAME: "name",
    UNIQUE_SIZE_BYTES: "unique_size",
    CREATED_AT: "local_created_at",
  }),
);
