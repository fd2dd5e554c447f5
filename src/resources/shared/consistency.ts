import { defineEnum } from "../../graph/connections/define-enum.js";

/** Consistency of a copy of a VM. */
export const Consistency = defineEnum(
  "SnapshotConsistency",
  "Consistency of the data of a VM snapshot or a restore point.",
  {
    CRASH_CONSISTENT: "As after a power failure: all disks at the same moment, without flushing the guest's caches.",
    FILE_SYSTEM_CONSISTENT: "The guest's file systems were flushed and frozen by the guest tools.",
  },
);
