import { Field, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { type FrozenData, prefetchedSnapshot } from "../snapshot-data/frozen-data.js";
import { MutationError } from "../writes/mutation-errors.js";

/** What is known of a watched snapshot. */
export interface KnownSnapshot {
  readonly row: Row<"VmSnapshot"> | undefined;
  readonly data: FrozenData | undefined;
  /** The task that created it. */
  readonly creation: Row<"Task"> | undefined;
  /** Progress of the task that was shown before; that of the event is never lower. @default 0 */
  readonly shownProgress?: number;
}

/** The one event of `vmSnapshotReady`. */
@ObjectType("VmSnapshotReadyPayload", { description: "Whether a snapshot is usable, once that is certain." })
export class ReadyEvent {
  @Field(() => Boolean, {
    description:
      "True: no task is on the snapshot, and the data of each disk can be reached. False: it failed, is gone, can never become usable, or did not in time; see `reasons`.",
  })
  readonly ready: boolean;

  @Field(() => [NotReadyReason], { description: "Why it is not usable, at least one reason; empty if it is." })
  readonly reasons: readonly NotReadyReason[];

  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot, down to the ZBS volumes of its disks; null if it is gone.",
  })
  readonly snapshot: VmSnapshot | null;

  @Field(() => Task, {
    nullable: true,
    description: "The task that created it; null if CloudTower no longer has it.",
  })
  readonly task: Task | null;

  @Field(() => [MutationError], { description: "Why it is not usable, as errors; empty if it is." })
  readonly errors: readonly MutationError[];

  constructor(
    readonly known: KnownSnapshot,
    outcome: {
      readonly reasons: readonly NotReadyReason[];
      readonly errors: readonly MutationError[];
    },
  ) {
    const { row, data, creation, shownProgress } = known;
    this.ready = outcome.reasons.length === 0;
    this.reasons = outcome.reasons;
    this.errors = outcome.errors;
    this.snapshot = data !== undefined ? prefetchedSnapshot(data) : row === undefined ? null : new VmSnapshot(row);
    this.task = creation === undefined ? null : new Task(creation, shownProgress);
    if (this.snapshot !== null && this.task !== null) this.snapshot["@task"] = this.task;
  }
}
