import { defineEnum } from "../../graph/connections/define-enum.js";

/** How a limit of bandwidth or of operations is applied. */
export const IoRestriction = defineEnum("IoRestriction", "How a limit of bandwidth or of operations is applied.", {
  DYNAMIC: "It follows the size of the storage.",
  FORCED: "It is fixed.",
});

/** What the limits of a VM are applied to. */
export const IoPolicy = defineEnum("IoPolicy", "What a VM's limits of bandwidth and of operations are applied to.", {
  RESTRICT_EACH_DISK: "Each disk has its own.",
  RESTRICT_WHOLE_VM: "All disks of the VM share one.",
});
