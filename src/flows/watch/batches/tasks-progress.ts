import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { Task } from "../../../resources/task/task.type.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { CheckedId } from "../../writes/check-ids.js";
import { INPUT_ID_DESCRIPTION, MutationError, TaskNotFoundError } from "../../writes/mutation-errors.js";
import type { TaskWatch } from "../task-watch.js";
import { type BatchEvent, batchEvents, isNotFound, unreadable } from "./batch-events.js";

/** An event of `tasksProgress`. */
@ObjectType({ description: "The state of one of several tasks, and how far all of them are." })
export class TasksProgressPayload {
  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId: string;

  @Field(() => Task, { nullable: true, description: "The task; null if there are errors." })
  readonly task: Task | null;

  @Field(() => Boolean, {
    description: "Whether this is the last event of the task: it has succeeded or failed, or there are errors.",
  })
  readonly ended: boolean;

  @Field(() => [MutationError], {
    description: "Why the task is not watched any longer; empty if it is, or has ended.",
  })
  readonly errors: readonly MutationError[];

  @Field(() => Int, { description: "Number of tasks in the stream: of different ids in the input." })
  readonly totalCount: number;

  @Field(() => Int, { description: "Number of tasks whose last event has come, with this one." })
  readonly endedCount: number;

  @Field(() => Float, {
    nullable: true,
    description:
      "Estimated time until all tasks have ended, in seconds: the longest `secondsLeft` of those that have not, as they were in their last events. Null if that of any of them is unknown.",
  })
  readonly secondsLeft: number | null;

  constructor(event: BatchEvent<Task>, secondsLeft: number | null) {
    this.inputId = event.inputId;
    this.task = event.state ?? null;
    this.ended = event.ended;
    this.errors = event.error === undefined ? [] : [event.error];
    this.totalCount = event.totalCount;
    this.endedCount = event.endedCount;
    this.secondsLeft = secondsLeft;
  }
}

/** The states of tasks as one stream. @throws TowerError RATE_LIMITED if the client watches too many ids. */
export function tasksProgress(
  taskWatch: TaskWatch,
  session: UpstreamSession,
  inputs: readonly CheckedId[],
): AsyncIterableIterator<TasksProgressPayload> {
  const secondsLeft = new Map<string, number | null>();
  return batchEvents<Task, TasksProgressPayload>(inputs, {
    watch: (ids) => taskWatch.tasks(session, ids),
    errorOf: (id, error) => (isNotFound(error) ? new TaskNotFoundError(id, error.message) : unreadable(error)),
    eventOf(event) {
      if (event.ended) secondsLeft.delete(event.inputId);
      else secondsLeft.set(event.inputId, event.state?.secondsLeft ?? null);
      return new TasksProgressPayload(event, longest(secondsLeft, event.totalCount - event.endedCount));
    },
  });
}

/** The longest of the times; null if one is unknown. @param count number of times that there should be. */
function longest(times: ReadonlyMap<string, number | null>, count: number): number | null {
  const known = [...times.values()].filter((time) => time !== null);
  return known.length < count ? null : Math.max(0, ...known);
}
