import { ObjectType } from "type-graphql";
import { boolean, integer, requiredText, text, time, verbatimText } from "../../../graph/model/codec.js";
import { columnsOf } from "../../../graph/model/column.js";
import { Resource } from "../../../graph/model/resource.js";
import { AsyncStatus } from "../async-status.js";
import { Consistency } from "../consistency.js";
import { PlanDeleteStrategy, PlanExecutionStatus, PlanKeepPolicy, PlanPhase, PlanStatus } from "./plan.enums.js";

type Scheduled = "BackupPlan" | "ReplicationPlan";
const column = columnsOf("BackupPlan", "ReplicationPlan");

/** What backup plans and replication plans have in common. */
@ObjectType({ isAbstract: true } as object)
export abstract class ScheduledPlan<E extends Scheduled> extends Resource<E> {
  @column("name", requiredText, "Name of the plan.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("createdAt", time, "When the plan was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("status", PlanStatus, "Whether the plan is executed.", { filter: true })
  readonly status!: string;

  @column("phase", PlanPhase.orNull, "What CloudTower is doing with the plan.", { filter: true })
  readonly phase!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("last_executed_at", time, "When the plan was last executed by its schedule.", { filter: true })
  readonly lastExecutedAt!: string | null;

  @column("last_execute_status", PlanExecutionStatus, "Outcome of that execution.", { filter: true })
  readonly lastExecutionStatus!: string;

  @column("last_execute_status_message", text, "Why that execution failed.")
  readonly lastExecutionMessage!: string | null;

  @column("last_execute_success_job_count", integer, "Number of its jobs that succeeded.", { filter: true })
  readonly lastExecutionSucceededJobCount!: number | null;

  @column("last_execute_total_job_count", integer, "Number of its jobs.", { filter: true })
  readonly lastExecutionJobCount!: number | null;

  @column("last_manual_executed_at", time, "When a user last executed the plan.", { filter: true })
  readonly lastManuallyExecutedAt!: string | null;

  @column("last_manual_execute_status", PlanExecutionStatus, "Outcome of that execution.", { filter: true })
  readonly lastManualExecutionStatus!: string;

  @column("last_manual_execute_status_message", text, "Why that execution failed.")
  readonly lastManualExecutionMessage!: string | null;

  @column("last_manual_execute_success_job_count", integer, "Number of its jobs that succeeded.", { filter: true })
  readonly lastManualExecutionSucceededJobCount!: number | null;

  @column("last_manual_execute_total_job_count", integer, "Number of its jobs.", { filter: true })
  readonly lastManualExecutionJobCount!: number | null;

  @column("keep_policy", PlanKeepPolicy.orNull, "How long restore points are kept.", { filter: true })
  readonly keepPolicy!: string | null;

  @column(
    "keep_policy_value",
    integer,
    "How many restore points are kept, or for how long. CloudTower does not say in which unit of time.",
  )
  readonly keepPolicyValue!: number | null;

  @column("delete_strategy", PlanDeleteStrategy.orNull, "What happens to restore points when the plan is deleted.")
  readonly deleteStrategy!: string | null;

  @column("snapshot_consistent_type", Consistency.orNull, "Consistency of the copies.", { filter: true })
  readonly consistency!: string | null;

  @column("compression", boolean, "Whether data is compressed on its way.", { filter: true })
  readonly compression!: boolean | null;

  @column("enable_window", boolean, "Whether executions are limited to a time of the day.", { filter: true })
  readonly windowEnabled!: boolean | null;

  @column("window_start", text, "Start of that time, as CloudTower writes it.")
  readonly windowStart!: string | null;

  @column("window_end", text, "End of that time, as CloudTower writes it.")
  readonly windowEnd!: string | null;
}
