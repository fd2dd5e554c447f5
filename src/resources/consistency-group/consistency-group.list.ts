import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { AsyncStatus } from "../async-status.js";
import { ConsistencyGroup } from "./consistency-group.type.js";

/** How consistency groups are listed. */
export const consistencyGroupList = new List(
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
