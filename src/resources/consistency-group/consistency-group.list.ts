import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { AsyncStatus } from "../shared/async-status.js";
import { ConsistencyGroup } from "./consistency-group.type.js";

/** How consistency groups are listed. */
export const consistencyGroupList = new Listing(
  ConsistencyGroup,
  new Filter("ConsistencyGroup", "ConsistencyGroup", {
    name: "name",
    uniqueSizeBytes: "unique_size",
    localId: "local_id",
    createdAt: "local_created_at",
    asyncStatus: ["entityAsyncStatus", AsyncStatus],
    description: "description",
  }),
  new Orders("ConsistencyGroup", "ConsistencyGroup", {
    NAME: "name",
    UNIQUE_SIZE_BYTES: "unique_size",
    CREATED_AT: "local_created_at",
  }),
);
