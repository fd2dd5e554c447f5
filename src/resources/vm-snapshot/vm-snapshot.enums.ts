import { defineEnum } from "../../graph/connections/define-enum.js";

/** How consistent a snapshot is. */
export const Consistency = defineEnum("SnapshotConsistency", "How consistent the data of a VM snapshot is.", {
  CRASH_CONSISTENT: "As after a power cut: all disks at the same moment, caches of the guest not written.",
  FILE_SYSTEM_CONSISTENT: "The guest's file systems were flushed and frozen by the guest agent.",
});
