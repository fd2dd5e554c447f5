import { defineEnum } from "../../graph/connections/define-enum.js";

/** State of a task. */
export const TaskStatus = defineEnum(
  "TaskStatus",
  "State of a task. SUCCEEDED and FAILED are final.",
  {
    PENDING: "Waiting to start.",
    EXECUTING: "Running.",
    PAUSED: "Paused until it is resumed.",
    SUCCEEDED: "Succeeded.",
    FAILED: "Failed; see `error`.",
  },
  { spelling: { SUCCEEDED: "SUCCESSED" } },
);

/** Unit of the numbers of a step. */
export const StepUnit = defineEnum("TaskStepUnit", "Unit of the numbers of a step.", {
  BYTE: "Bytes.",
  BIT: "Bits.",
  COUNT: "Items.",
  PERCENT: "Percent.",
});

/** Part of the system that a task belongs to. */
export const TaskType = defineEnum("TaskType", "Part of the system that a task belongs to.", {
  APPLICATION: "An application.",
  BACKUP: "Backup.",
  HOST_PLUGIN: "A host plug-in.",
  REPLICATION: "Replication.",
  RESOLVER: "CloudTower itself.",
  SFS: "The file service.",
});
