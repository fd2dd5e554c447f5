import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { Label } from "./label.type.js";

/** How labels are listed. */
export const labelList = new List(
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
