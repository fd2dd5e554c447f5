import { defineEnum } from "../../../graph/connections/define-enum.js";

/** Outcome of an execution of a backup or replication plan. */
export const PlanExecutionStatus = defineEnum(
  "PlanExecutionStatus",
  "Outcome of an execution of a backup or replication plan.",
  {
    NEVER_EXECUTED: "There was no execution.",
    WAITING: "The execution is waiting to begin.",
    RUNNING: "The execution is running.",
    PAUSED: "The execution is paused.",
    SUCCEEDED: "Every job succeeded.",
    PARTLY_SUCCEEDED: "Some jobs succeeded. CloudTower does not say here which.",
    FAILED: "The execution failed.",
  },
  {
    contract: "BackupPlanExecutionStatus",
    spelling: {
      NEVER_EXECUTED: "NEVER_EXECUTE",
      WAITING: "WAITING_EXECUTE",
      SUCCEEDED: "SUCCESS",
      PARTLY_SUCCEEDED: "PARTIAL_SUCCESS",
    },
  },
);

/** Whether a backup or replication plan is executed. */
export const PlanStatus = defineEnum(
  "PlanStatus",
  "Whether a backup or replication plan is executed.",
  {
    WORKING: "The plan is executed as scheduled.",
    PAUSED: "The plan is paused: there are no executions.",
    STOPPED: "The plan is stopped: there are no executions.",
  },
  { contract: "BackupPlanStatus" },
);

/** What a plan is doing. */
export const PlanPhase = defineEnum(
  "PlanPhase",
  "What CloudTower is doing with a backup or replication plan.",
  {
    VALIDATING: "The plan is being checked.",
    INVALID: "The check found that the plan cannot be executed.",
    WAITING_SCHEDULE: "The plan is waiting to be scheduled.",
    SCHEDULING: "The plan is scheduled.",
    PAUSED: "The plan is paused.",
    STOPPED: "The plan is stopped.",
  },
  { contract: "BackupPlanPhase" },
);

/** What happens to the copies of an object that leaves a plan. */
export const PlanDeleteStrategy = defineEnum(
  "PlanDeleteStrategy",
  "What happens to restore points when their plan is deleted.",
  { DELETE_RESTORE_POINT: "They are deleted.", KEEP_RESTORE_POINT: "They are kept." },
  { contract: "BackupPlanDeleteStrategy" },
);

/** How long a plan keeps restore points. */
export const PlanKeepPolicy = defineEnum(
  "PlanKeepPolicy",
  "How long a plan keeps restore points.",
  { COUNT: "The newest ones, up to a number.", TIME: "For some time.", FOREVER: "Indefinitely." },
  { contract: "BackupPlanKeepPolicy" },
);

/** Day of the week. */
export const Weekday = defineEnum(
  "Weekday",
  "Day of the week.",
  {
    MONDAY: "Monday.",
    TUESDAY: "Tuesday.",
    WEDNESDAY: "Wednesday.",
    THURSDAY: "Thursday.",
    FRIDAY: "Friday.",
    SATURDAY: "Saturday.",
    SUNDAY: "Sunday.",
  },
  {
    contract: "WeekdayTypeEnum",
    spelling: {
      MONDAY: "MON",
      TUESDAY: "TUE",
      WEDNESDAY: "WED",
      THURSDAY: "THU",
      FRIDAY: "FRI",
      SATURDAY: "SAT",
      SUNDAY: "SUN",
    },
  },
);

/** Outcome of an execution of a snapshot plan. */
export const SnapshotPlanExecutionStatus = defineEnum(
  "SnapshotPlanExecutionStatus",
  "Outcome of an execution of a snapshot plan.",
  {
    UNSPECIFIED: "CloudTower does not say.",
    CREATED: "The execution has not begun.",
    IN_PROGRESS: "The execution is running.",
    SUCCEEDED: "The execution succeeded.",
    FAILED: "The execution failed.",
  },
  { contract: "SnapshotPlanExecuteStatus", spelling: { SUCCEEDED: "SUCCEED" } },
);

/** How a restore point came to be. */
export const RestorePointCreation = defineEnum(
  "RestorePointCreation",
  "How a restore point came to be.",
  {
    AUTO: "By the schedule of its plan.",
    MANUAL: "By an execution that a user started.",
    FAILOVER: "When its VM was failed over.",
    FAILBACK: "When its VM was failed back.",
    FAILOVER_TEST: "When the failover of its VM was tested.",
    SYNC_REPLICATION: "By synchronous replication.",
    SYNC_REPLICATION_INITIALIZATION: "When synchronous replication was set up.",
    SYNC_REPLICATION_SYNCING: "While synchronous replication was catching up.",
    SYNC_REPLICATION_ERROR: "When synchronous replication failed.",
  },
  { contract: "BackupRestorePointCreation" },
);
