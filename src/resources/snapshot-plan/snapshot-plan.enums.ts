import { defineEnum } from "../../graph/connections/define-enum.js";

/** Whether a snapshot plan is executed. */
export const SnapshotPlanStatus = defineEnum("SnapshotPlanStatus", "Whether a snapshot plan is executed.", {
  NORMAL: "The plan is executed as scheduled.",
  SUSPENDED: "The plan is suspended: there are no executions.",
  STOPPED: "The plan has ended: there are no executions.",
});

/** Unit of the interval of a snapshot plan. */
export const SnapshotPlanInterval = defineEnum(
  "SnapshotPlanInterval",
  "What the intervals of a snapshot plan count.",
  { MINUTE: "Minutes.", HOUR: "Hours.", DAY: "Days.", WEEK: "Weeks.", MONTH: "Months." },
  { contract: "SnapshotPlanExecuteType" },
);
