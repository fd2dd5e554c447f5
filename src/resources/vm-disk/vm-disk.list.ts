import { Listing } from "../../graph/connections/listing.js";
import { Orders } from "../../graph/connections/order.js";
import { vmDiskFilter } from "./vm-disk.filter.js";
import { VmDisk } from "./vm-disk.type.js";

/** How disks are listed. Cursors hold CloudTower's ids, which last as long as nobody changes the VM. */
export const vmDiskList = new Listing(
  VmDisk,
  vmDiskFilter,
  new Orders("VmDisk", "VmDisk", {
    BOOT: "boot",
    KEY: "key",
    MAX_BANDWIDTH_BYTES_PER_SECOND: "max_bandwidth",
    MAX_IOPS: "max_iops",
  }),
);
