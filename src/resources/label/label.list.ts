import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { Label } from "./label.type.js";

/** How labels are listed. */
export const labelList = new Listing(
  Label,
  new Filter("Label", "Label", {
    key: "key",
    value: "value",
    createdAt: "createdAt",
    vmCount: "vm_num",
    totalCount: "total_num",
  }),
  new Orders("Label", "Label", {
    KEY: "key",
    VALUE: "value",
    VM_COUNT: "vm_num",
    TOTAL_COUNT: "total_num",
    CREATED_AT: "createdAt",
  }),
);
