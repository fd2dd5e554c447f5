import { Filter } from "../../graph/connections/filter.js";
import { Bus, VmDiskType } from "../shared/disk.enums.js";

/** Conditions on disks. They have none on the id: CloudTower's own id of a disk does not last. */
export const vmDiskFilter = new Filter(
  "VmDisk",
  "VmDisk",
  {
    type: ["type", VmDiskType],
    bus: ["bus", Bus],
    boot: "boot",
    key: "key",
    device: "device",
    serial: "serial",
    disabled: "disabled",
    maxBandwidthBytesPerSecond: "max_bandwidth",
    maxIops: "max_iops",
  },
  { byId: false },
);
