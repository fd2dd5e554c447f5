import { Field, Float, Int, ObjectType } from "type-graphql";
import { Node } from "../../graph/model/node.js";
import { Resource } from "../../graph/model/resource.js";
import { DateTimeScalar } from "../../graph/model/scalars.js";
import { textOrNull, time } from "../../graph/model/upstream-values.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { StepUnit, TaskStatus, TaskType } from "./task.enums.js";
import { parseTaskError, TaskError } from "./task-error.type.js";

/** Source: an item of a task's `steps`, of which every field may be missing. */
@ObjectType("TaskStep", { description: "A step of a task, with its own progress." })
export class TaskStep {
  constructor(private readonly row: Embedded<"NestedStep">) {}

  @Field(() => String, { nullable: true, description: "What the step does, as a word." })
  get key(): string | null {
    return textOrNull(this.row.key);
  }

  @Field(() => Float, { nullable: true, description: "How much is done, in `unit`." })
  get current(): number | null {
    return this.row.current ?? null;
  }

  @Field(() => Float, { nullable: true, description: "How much there is to do, in `unit`." })
  get total(): number | null {
    return this.row.total ?? null;
  }

  @Field(() => StepUnit.type, { nullable: true, description: "What the numbers count." })
  get unit(): string | null {
    return StepUnit.fromUpstreamOrNull(this.row.unit);
  }

  @Field(() => Float, { nullable: true, description: "Speed, in `unit` per second." })
  get perSecond(): number | null {
    return this.row.per_second ?? null;
  }

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

  @Field(() => Boolean, { nullable: true, description: "Whether the step is done." })
  get finished(): boolean | null {
    return this.row.finished ?? null;
  }
}

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

  @Field(() => TaskStatus.type, { description: "State." })
  get status(): string {
    return TaskStatus.fromUpstream(this.row.status);
  }

  @Field(() => Float, { description: "Progress, 0 to 1; 1 only when the task has succeeded." })
  get progress(): number {
    if (this.row.status === "SUCCESSED") return 1;
    const raw = this.row.progress ?? 0;
    const fraction = raw > 1 ? raw / 100 : raw;
    return Math.min(0.99, Math.max(0, fraction, this.shownProgress));
  }

  @Field(() => String, { nullable: true, description: "What the task does, in the language of the request." })
  get description(): string | null {
    return textOrNull(this.row.description);
  }

  @Field(() => [TaskStep], { description: "The steps, in order." })
  get steps(): TaskStep[] {
    return (this.row.steps ?? []).map((step) => new TaskStep(step));
  }

  @Field(() => TaskError, { nullable: true, description: "Why the task failed; null while it has not." })
  get error(): TaskError | null {
    return parseTaskError(this.row.error_code, this.row.error_message);
  }

  @Field(() => String, { nullable: true, description: "The bare id of what the task acts on." })
  get resourceId(): string | null {
    return textOrNull(this.row.resource_id);
  }

  @Field(() => String, { nullable: true, description: "CloudTower's name for the kind of what the task acts on." })
  get resourceType(): string | null {
    return textOrNull(this.row.resource_type);
  }

  @Field(() => String, { nullable: true, description: "CloudTower's name for what the task does to it." })
  get resourceMutation(): string | null {
    return textOrNull(this.row.resource_mutation);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether the task belongs to the system and not to users." })
  get internal(): boolean | null {
    return this.row.internal ?? null;
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the task was made." })
  get createdAt(): string | null {
    return time(this.row.local_created_at);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the task began." })
  get startedAt(): string | null {
    return time(this.row.started_at);
  }

  @Field(() => DateTimeScalar, { nullable: true, description: "When the task ended." })
  get finishedAt(): string | null {
    return time(this.row.finished_at);
  }

  @Field(() => TaskType.type, {
    nullable: true,
    description: "Which part of the system the task belongs to; null for an ordinary one.",
  })
  get type(): string | null {
    return TaskType.fromUpstreamOrNull(this.row.type);
  }

  @Field(() => String, { nullable: true, description: "CloudTower's own key of the task." })
  get key(): string | null {
    return textOrNull(this.row.key);
  }

  @Field(() => Boolean, { nullable: true, description: "Whether what a failed task had changed was undone." })
  get rolledBack(): boolean | null {
    return this.row.resource_rollbacked ?? null;
  }

  @Field(() => String, { nullable: true, description: "Why it could not be undone." })
  get rollbackError(): string | null {
    return textOrNull(this.row.resource_rollback_error);
  }

  @Field(() => Int, { nullable: true, description: "How often it was tried again to undo it." })
  get rollbackRetryCount(): number | null {
    return this.row.resource_rollback_retry_count ?? null;
  }
}
