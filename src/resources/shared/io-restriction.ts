import { defineEnum } from "../../graph/connections/define-enum.js";

/** How a bandwidth or IOPS limit is applied. */
export const IoRestriction = defineEnum("IoRestriction", "How a bandwidth or IOPS limit is applied.", {
  DYNAMIC: "The limit depends on the size of the storage.",
  FORCED: "The limit is fixed.",
});

/** What the bandwidth and IOPS limits of a VM apply to. */
export const IoPolicy = defineEnum("IoPolicy", "What the bandwidth and IOPS limits of a VM apply to.", {
  RESTRICT_EACH_DISK: "Each disk has its own limits.",
  RESTRICT_WHOLE_VM: "All disks of the VM share the limits.",
});
