import { Filter } from "../../graph/list/filter.js";
import { List } from "../../graph/list/list.js";
import { Orders } from "../../graph/list/order.js";
import { VmFolder } from "./vm-folder.type.js";

/** How folders are listed. */
export const vmFolderList = new List(
  VmFolder,
  new Filter("VmFolder", "VmFolder", {
    name: "name",
    vmCount: "vm_num",
    localId: "local_id",
  }),
  new Orders("VmFolder", "VmFolder", {
    NAME: "name",
    VM_COUNT: "vm_num",
  }),
);
