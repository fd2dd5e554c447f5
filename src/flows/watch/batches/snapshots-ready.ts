import { Field, ID, Int, ObjectType } from "type-graphql";
import { Task } from "../../../resources/task/task.type.js";
import { NotReadyReason } from "../../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { CheckedId } from "../../writes/check-ids.js";
import { INPUT_ID_DESCRIPTION, MutationError, SnapshotNotFoundError } from "../../writes/mutation-errors.js";
import type { ReadyEvent } from "../ready-event.js";
import type { TaskWatch } from "../task-watch.js";
import { type BatchEvent, batchEvents, isNotFound, unreadable } from "./batch-events.js";

/** An event of `vmSnapshotsReady`. */
@ObjectType({ description: "What is known of one of several snapshots, and how many of them have an outcome." })
export class VmSnapshotsReadyPayload {
  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId: string;

  @Field(() => Boolean, {
    description:
      "Whether this is the last event of the snapshot, with its outcome in `ready` or, if that is null, in `errors`.",
  })
  readonly ended: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True: no task is on the snapshot, and the data of each disk can be reached. False: it failed, is gone, can never become usable, or did not in time; see `reasons`. Null: not decided yet, or not known because of `errors`.",
  })
  readonly ready: boolean | null;

  @Field(() => [NotReadyReason], {
    description: "Why it is not usable, or not yet; empty if it is, or if that is not known.",
  })
  readonly reasons: readonly NotReadyReason[];

  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot, down to the ZBS volumes of its disks; null before its last event, and if it is gone.",
  })
  readonly snapshot: VmSnapshot | null;

  @Field(() => Task, {
    nullable: true,
    description:
      "The task that created or is creating it, with its progress; null if CloudTower does not show it, or no longer has it.",
  })
  readonly task: Task | null;

  @Field(() => [MutationError], { description: "Why it is not usable, as errors; empty if it is, or may become so." })
  readonly errors: readonly MutationError[];

  @Field(() => Int, { description: "Number of snapshots in the stream: of different ids in the input." })
  readonly totalCount: number;

  @Field(() => Int, { description: "Number of snapshots whose last event has come, with this one." })
  readonly endedCount: number;

  constructor({ inputId, state, error, ended, totalCount, endedCount }: BatchEvent<ReadyEvent>) {
    this.inputId = inputId;
    this.ended = ended;
    this.ready = ended ? (state?.ready ?? null) : null;
    this.reasons = state?.reasons ?? [];
    this.snapshot = ended ? (state?.snapshot ?? null) : null;
    this.task = state?.task ?? null;
    this.errors = error === undefined ? (state?.errors ?? []) : [error];
    this.totalCount = totalCount;
    this.endedCount = endedCount;
  }
}

/**
 * What becomes of snapshots as one stream, each with the promises of `vmSnapshotReady`.
 *
 * @throws TowerError RATE_LIMITED if the client watches too many ids.
 */
export function vmSnapshotsReady(
  taskWatch: TaskWatch,
  session: UpstreamSession,
  inputs: readonly CheckedId[],
): AsyncIterableIterator<VmSnapshotsReadyPayload> {
  return batchEvents<ReadyEvent, VmSnapshotsReadyPayload>(inputs, {
    watch: (ids) => taskWatch.ready(session, ids, { follows: true }),
    errorOf: (id, error) => (isNotFound(error) ? new SnapshotNotFoundError(id) : unreadable(error)),
    eventOf: (event) => new VmSnapshotsReadyPayload(event),
  });
}
