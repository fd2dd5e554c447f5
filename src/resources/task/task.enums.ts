import { defineEnum } from "../../graph/connections/define-enum.js";

/** State of a task. */
export const TaskStatus = defineEnum(
  "TaskStatus",
  "State of a task. SUCCEEDED and FAILED are final.",
  {
    PENDING: "It waits.",
    EXECUTING: "It runs.",
    PAUSED: "It is held; somebody must go on with it.",
    SUCCEEDED: "It is done.",
    FAILED: "It has failed; `error` says why.",
  },
  { SUCCEEDED: "SUCCESSED" },
);

/** What the numbers of a step count. */
export const StepUnit = defineEnum("TaskStepUnit", "What the numbers of a step count.", {
  BYTE: "Bytes.",
  BIT: "Bits.",
  COUNT: "Pieces.",
  PERCENT: "Percent.",
});

/** Which part of the system a task belongs to. */
export const TaskType = defineEnum("TaskType", "Which part of the system a task belongs to.", {
  APPLICATION: "An application.",
  BACKUP: "Backup.",
  HOST_PLUGIN: "A plug-in of hosts.",
  REPLICATION: "Replication.",
  RESOLVER: "CloudTower itself.",
  SFS: "The file service.",
});
