import { Filter } from "../../graph/connections/filter.js";
import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { VmFolder } from "./vm-folder.type.js";

/** How folders are listed. */
export const vmFolderList = new Listing(
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
