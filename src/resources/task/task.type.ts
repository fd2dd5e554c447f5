import { Field, Float, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, float, integer, text, time } from "../../graph/model/codec.js";
import { columnsOf, columnsOfEmbedded } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { objectsIn } from "../../kernel/odd-values.js";
import { ProgressFraction } from "../../upstream/progress-scale.js";
import { progressOf } from "../../upstream/task-rows.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { StepUnit, TaskStatus, TaskType } from "./task.enums.js";
import { parseTaskError, TaskError } from "./task-error.type.js";
import { isFinal } from "./task-status.js";

const stepColumn = columnsOfEmbedded("NestedStep");

/** Source: an item of a task's `steps`. Any field may be missing. */
@ObjectType("TaskStep", { description: "A step of a task, with its own progress." })
export class TaskStep {
  constructor(private readonly row: Embedded<"NestedStep">) {}

  @stepColumn("key", text, "Keyword for what the step does.")
  readonly key!: string | null;

  @stepColumn("current", float, "Amount done, in `unit`.")
  readonly current!: number | null;

  @stepColumn("total", float, "Total amount, in `unit`.")
  readonly total!: number | null;

  @stepColumn("unit", StepUnit.orNull, "Unit of `current`, `total` and `perSecond`.")
  readonly unit!: string | null;

  @stepColumn("per_second", float, "Speed, in `unit` per second.")
  readonly perSecond!: number | null;

  @stepColumn.reads("current", "total", "per_second", "finished")
  @Field(() => Float, {
    nullable: true,
    description: "Estimated time left, in seconds; null if the speed or the remaining amount is unknown.",
  })
  get secondsLeft(): number | null {
    const { current, total, per_second: speed, finished } = this.row;
    if (finished) return 0;
    if (typeof current !== "number" || typeof total !== "number" || typeof speed !== "number" || speed <= 0)
      return null;
    return Math.max(0, (total - current) / speed);
  }

  @stepColumn("finished", boolean, "Whether the step is finished.")
  readonly finished!: boolean | null;
}

const column = columnsOf("Task");

/** Source: `get-tasks`. The raw `args` and `snapshot` are never exposed. */
@ObjectType("Task", { implements: Node, description: "A task of CloudTower: an asynchronous change." })
export class Task extends Resource<"Task"> {
  static override readonly typename = "Task";
  static override readonly entity = "Task";

  /** @param shownProgress progress shown before; `progress` never falls below it. */
  constructor(
    row: Row<"Task">,
    private readonly shownProgress = 0,
  ) {
    super(row);
  }

  @column("status", TaskStatus, "State of the task.", { filter: true })
  readonly status!: string;

  @column.reads("status", "progress")
  @Field(() => Float, {
    description:
      "Progress, 0 to 1; 1 only if the task has succeeded. CloudTower's scale is learned from tasks that have ended; until then the value is too low rather than too high.",
  })
  get progress(): number {
    if (this.row.status === "SUCCESSED") return 1;
    return Math.min(0.99, Math.max(0, progressOf(this.row), this.shownProgress));
  }

  @column("description", text, "What the task does, in the language of the request.", { filter: true })
  readonly description!: string | null;

  @column.reads("steps")
  @Field(() => [TaskStep], { description: "The steps, in order." })
  get steps(): TaskStep[] {
    return objectsIn(this.row.steps).map((step) => new TaskStep(step));
  }

  @column.reads("status", "steps")
  @Field(() => Float, {
    nullable: true,
    description:
      "Estimated time left, in seconds: the sum of `secondsLeft` of the steps that CloudTower lists. Null if that of a step is unknown, if there are no steps, and while the task is pending or paused; 0 once it has ended.",
  })
  get secondsLeft(): number | null {
    if (isFinal(this.row)) return 0;
    const { steps } = this;
    if (this.row.status !== "EXECUTING" || steps.length === 0) return null;
    let sum = 0;
    for (const { secondsLeft } of steps) {
      if (secondsLeft === null) return null;
      sum += secondsLeft;
    }
    return sum;
  }

  @column.reads("error_code", "error_message")
  @Field(() => TaskError, { nullable: true, description: "Why the task failed; null if it has not failed." })
  get error(): TaskError | null {
    return parseTaskError(this.row.error_code, this.row.error_message);
  }

  @column("resource_id", text, "Bare id of the object that the task acts on.", { filter: true })
  readonly resourceId!: string | null;

  @column("resource_type", text, "CloudTower's name for the type of the object that the task acts on.", {
    filter: true,
  })
  readonly resourceType!: string | null;

  @column("resource_mutation", text, "CloudTower's name for what the task does to the object.", { filter: true })
  readonly resourceMutation!: string | null;

  @column("internal", boolean, "Whether the task belongs to the system rather than to a user.", { filter: true })
  readonly internal!: boolean | null;

  @column("local_created_at", time, "When the task was created.", { filter: true })
  readonly createdAt!: string | null;

  @column("started_at", time, "When the task started.", { filter: true })
  readonly startedAt!: string | null;

  @column("finished_at", time, "When the task ended.", { filter: true })
  readonly finishedAt!: string | null;

  @column("type", TaskType.orNull, "Part of the system that the task belongs to; null for an ordinary task.", {
    filter: true,
  })
  readonly type!: string | null;

  @column("key", text, "CloudTower's own key for the task.")
  readonly key!: string | null;

  @column("resource_rollbacked", boolean, "Whether the changes of a failed task were rolled back.")
  readonly rolledBack!: boolean | null;

  @column("resource_rollback_error", text, "Why the rollback failed.")
  readonly rollbackError!: string | null;

  @column("resource_rollback_retry_count", integer, "Number of rollback retries.")
  readonly rollbackRetryCount!: number | null;
}

const progressFilter = {
  column: "progress",
  toUpstream: (value: unknown) => new ProgressFraction(Number(value)),
  description:
    "By CloudTower's progress, in the scale of `progress`, whatever CloudTower's own is. UPSTREAM_ERROR if that cannot be learned, because no task has succeeded yet.",
};

/** Listing of tasks. */
export const taskList = new Listing(Task, {
  filter: { errorCode: "error_code", progress: progressFilter },
  order: { PROGRESS: "progress", ERROR_CODE: "error_code" },
});
