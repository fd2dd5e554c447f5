import { Field, Float, ObjectType } from "type-graphql";
import { Listing } from "../../graph/connections/listing.js";
import { boolean, float, integer, text, time } from "../../graph/model/codec.js";
import { columnsOf, columnsOfEmbedded } from "../../graph/model/column.js";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { StepUnit, TaskStatus, TaskType } from "./task.enums.js";
import { parseTaskError, TaskError } from "./task-error.type.js";

const stepColumn = columnsOfEmbedded("NestedStep");

/** Source: an item of a task's `steps`, of which every field may be missing. */
@ObjectType("TaskStep", { description: "A step of a task, with its own progress." })
export class TaskStep {
  constructor(private readonly row: Embedded<"NestedStep">) {}

  @stepColumn("key", text, "What the step does, as a word.")
  readonly key!: string | null;

  @stepColumn("current", float, "How much is done, in `unit`.")
  readonly current!: number | null;

  @stepColumn("total", float, "How much there is to do, in `unit`.")
  readonly total!: number | null;

  @stepColumn("unit", StepUnit.orNull, "What the numbers count.")
  readonly unit!: string | null;

  @stepColumn("per_second", float, "Speed, in `unit` per second.")
  readonly perSecond!: number | null;

  @stepColumn.reads("current", "total", "per_second", "finished")
  @Field(() => Float, {
    nullable: true,
    description: "Estimated time left, in seconds, where the speed and the rest are known.",
  })
  get secondsLeft(): number | null {
    const { current, total, per_second: speed, finished } = this.row;
    if (finished) return 0;
    if (typeof current !== "number" || typeof total !== "number" || typeof speed !== "number" || speed <= 0)
      return null;
    return Math.max(0, (total - current) / speed);
  }

  @stepColumn("finished", boolean, "Whether the step is done.")
  readonly finished!: boolean | null;
}
const column = columnsOf("Task");

/** Source: `get-tasks`. Its raw `args` and `snapshot` are never shown. */
@ObjectType("Task", { implements: Node, description: "A task of CloudTower: what is changed asynchronously." })
export class Task extends Resource<"Task"> {
  static override readonly typename = "Task";
  static override readonly entity = "Task";

  /** @param shownProgress progress that was shown before; what is shown never falls. */
  constructor(
    row: Row<"Task">,
    private readonly shownProgress = 0,
  ) {
    super(row);
  }

  @column("status", TaskStatus, "State.", { filter: true })
  readonly status!: string;

  @column.reads("status", "progress")
  @Field(() => Float, { description: "Progress, 0 to 1; 1 only when the task has succeeded." })
  get progress(): number {
    if (this.row.status === "SUCCESSED") return 1;
    const raw = this.row.progress ?? 0;
    const fraction = raw > 1 ? raw / 100 : raw;
    return Math.min(0.99, Math.max(0, fraction, this.shownProgress));
  }

  @column("description", text, "What the task does, in the language of the request.", { filter: true })
  readonly description!: string | null;

  @column.reads("steps")
  @Field(() => [TaskStep], { description: "The steps, in order." })
  get steps(): TaskStep[] {
    return (this.row.steps ?? []).map((step) => new TaskStep(step));
  }

  @column.reads("error_code", "error_message")
  @Field(() => TaskError, { nullable: true, description: "Why the task failed; null while it has not." })
  get error(): TaskError | null {
    return parseTaskError(this.row.error_code, this.row.error_message);
  }

  @column("resource_id", text, "The bare id of what the task acts on.", { filter: true })
  readonly resourceId!: string | null;

  @column("resource_type", text, "CloudTower's name for the kind of what the task acts on.", { filter: true })
  readonly resourceType!: string | null;

  @column("resource_mutation", text, "CloudTower's name for what the task does to it.", { filter: true })
  readonly resourceMutation!: string | null;

  @column("internal", boolean, "Whether the task belongs to the system and not to users.", { filter: true })
  readonly internal!: boolean | null;

  @column("local_created_at", time, "When the task was made.", { filter: true, order: true })
  readonly createdAt!: string | null;

  @column("started_at", time, "When the task began.", { filter: true, order: true })
  readonly startedAt!: string | null;

  @column("finished_at", time, "When the task ended.", { filter: true, order: true })
  readonly finishedAt!: string | null;

  @column("type", TaskType.orNull, "Which part of the system the task belongs to; null for an ordinary one.", {
    filter: true,
  })
  readonly type!: string | null;

  @column("key", text, "CloudTower's own key of the task.")
  readonly key!: string | null;

  @column("resource_rollbacked", boolean, "Whether what a failed task had changed was undone.")
  readonly rolledBack!: boolean | null;

  @column("resource_rollback_error", text, "Why it could not be undone.")
  readonly rollbackError!: string | null;

  @column("resource_rollback_retry_count", integer, "How often it was tried again to undo it.")
  readonly rollbackRetryCount!: number | null;
}

/** How tasks are listed. */
export const taskList = new Listing(Task, {
  filter: { errorCode: "error_code", progress: "progress" },
  order: { PROGRESS: "progress" },
});
