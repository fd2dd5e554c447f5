import { ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, bytes, integer, integers, requiredText, text, time, verbatimText } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { SnapshotPlanExecutionStatus } from "../shared/plans/plan.enums.js";
import { SnapshotPlanInterval, SnapshotPlanStatus } from "./snapshot-plan.enums.js";

const column = columnsOf("SnapshotPlan");

/** Source: `get-snapshot-plans`. */
@ObjectType("SnapshotPlan", {
  implements: Node,
  description: "A plan by which CloudTower itself takes and deletes snapshots of VMs, all on one cluster.",
})
export class SnapshotPlan extends Resource<"SnapshotPlan"> {
  static override readonly typename = "SnapshotPlan";
  static override readonly entity = "SnapshotPlan";

  @column("name", requiredText, "Name of the plan.", { filter: true })
  readonly name!: string;

  @column("description", verbatimText, "Free text.", { filter: true })
  readonly description!: string | null;

  @column("status", SnapshotPlanStatus, "Whether the plan is executed.", { filter: true })
  readonly status!: string;

  @column("healthy", boolean, "Whether CloudTower finds the plan healthy.", { filter: true })
  readonly healthy!: boolean | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;

  @column("execute_plan_type", SnapshotPlanInterval, "What `intervals` counts.", { filter: true })
  readonly intervalUnit!: string;

  @column("execute_intervals", integers, "Intervals of the executions, as CloudTower sends them.")
  readonly intervals!: readonly number[];

  @column("start_time", time, "When the plan begins.", { filter: true })
  readonly startsAt!: string | null;

  @column("end_time", time, "When the plan ends; null if it does not.", { filter: true })
  readonly endsAt!: string | null;

  @column("next_execute_time", time, "When the plan will next be executed.", { filter: true })
  readonly nextExecutionAt!: string | null;

  @column("last_execute_time", time, "When the last execution began.", { filter: true })
  readonly lastExecutedAt!: string | null;

  @column("last_execute_end_time", time, "When the last execution ended.", { filter: true })
  readonly lastExecutionEndedAt!: string | null;

  @column("last_execute_status", SnapshotPlanExecutionStatus, "Outcome of the last execution.", { filter: true })
  readonly lastExecutionStatus!: string;

  @column("object_num", integer, "Number of objects in the plan.", { filter: true })
  readonly objectCount!: number | null;

  @column("remain_snapshot_num", integer, "Number of snapshots that the plan keeps.", { filter: true })
  readonly keptSnapshotCount!: number | null;

  @column("snapshot_group_num", integer, "Number of snapshot groups of the plan.", { filter: true })
  readonly snapshotGroupCount!: number | null;

  @column("auto_execute_num", integer, "Number of executions by the schedule.", { filter: true })
  readonly scheduledExecutionCount!: number | null;

  @column("manual_execute_num", integer, "Number of executions that users started.", { filter: true })
  readonly manualExecutionCount!: number | null;

  @column("auto_delete_num", integer, "Number of groups that the plan has deleted.", { filter: true })
  readonly scheduledDeletionCount!: number | null;

  @column("manual_delete_num", integer, "Number of groups that users have deleted.", { filter: true })
  readonly manualDeletionCount!: number | null;

  @column("logical_size_bytes", bytes, "Logical size of the plan's snapshots, in bytes.", { filter: true })
  readonly logicalSizeBytes!: number | null;

  @column("physical_size_bytes", bytes, "Space that the plan's snapshots use, in bytes.", { filter: true })
  readonly physicalSizeBytes!: number | null;

  @column("mirror", boolean, "`mirror` as CloudTower sends it; the API does not describe it.", { filter: true })
  readonly mirror!: boolean | null;

  @column("local_id", text, "The plan's id within its cluster.", { filter: true })
  readonly localId!: string | null;
}

/** Listing of snapshot plans. */
export const snapshotPlanList = new Listing(SnapshotPlan);
