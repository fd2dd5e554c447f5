import { ObjectType } from "type-graphql";
import { defineEnum } from "../../graph/connections/define-enum.js";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, text, time } from "../../graph/model/codec.js";
import { columnsOf } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { AsyncStatus } from "../shared/async-status.js";
import { SnapshotPlanExecutionStatus } from "../shared/plans/plan.enums.js";

/** What an execution of a snapshot plan does. */
export const SnapshotPlanTaskType = defineEnum(
  "SnapshotPlanTaskType",
  "What an execution of a snapshot plan does.",
  { PROTECT: "It takes snapshots.", CLONE: "It clones from a snapshot group.", ROLLBACK: "It rolls VMs back." },
  {
    contract: "SnapshotPlanTaskType",
    spelling: { PROTECT: "TASK_TYPE_PROTECT", CLONE: "TASK_TYPE_CLONE", ROLLBACK: "TASK_TYPE_ROLLBACK" },
  },
);

const column = columnsOf("SnapshotPlanTask");

/** Source: `get-snapshot-plan-tasks`. */
@ObjectType("SnapshotPlanTask", {
  implements: Node,
  description: "An execution of a snapshot plan. Not a `Task`: CloudTower lists these by themselves.",
})
export class SnapshotPlanTask extends Resource<"SnapshotPlanTask"> {
  static override readonly typename = "SnapshotPlanTask";
  static override readonly entity = "SnapshotPlanTask";

  @column("type", SnapshotPlanTaskType, "What the execution does.", { filter: true })
  readonly type!: string;

  @column("status", SnapshotPlanExecutionStatus, "Outcome of the execution.", { filter: true })
  readonly status!: string;

  @column("start_time", time, "When the execution began.", { filter: true })
  readonly startedAt!: string | null;

  @column("end_time", time, "When the execution ended.", { filter: true })
  readonly endedAt!: string | null;

  @column("internal", boolean, "Whether the execution belongs to the system.", { filter: true })
  readonly internal!: boolean | null;

  @column("local_id", text, "The execution's id within its cluster.", { filter: true })
  readonly localId!: string | null;

  @column("entityAsyncStatus", AsyncStatus.orNull, "Change in progress; null if none.", { filter: true })
  readonly asyncStatus!: string | null;
}

/** Listing of executions of snapshot plans. */
export const snapshotPlanTaskList = new Listing(SnapshotPlanTask);
