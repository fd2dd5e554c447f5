import { Field, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { type FrozenData, prefetchedSnapshot } from "../snapshot-data/frozen-data.js";
import { MutationError } from "../writes/mutation-errors.js";

/** The one event of `vmSnapshotReady`. */
@ObjectType("VmSnapshotReadyPayload", { description: "Whether a snapshot is usable, once that is certain." })
export class ReadyEvent {
  @Field(() => Boolean, {
    description:
      "True: the task has succeeded and the data of each disk can be reached. False: the snapshot will not become usable; see `errors`.",
  })
  readonly ready: boolean;

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

  @Field(() => [MutationError], { description: "Why it is not usable; empty if it is." })
  readonly errors: readonly MutationError[];

  constructor(
    ready: boolean,
    known: FrozenData | Row<"VmSnapshot"> | undefined,
    task: Row<"Task"> | undefined,
    errors: readonly MutationError[],
  ) {
    this.ready = ready;
    this.snapshot =
      known === undefined ? null : "lunSnapshots" in known ? prefetchedSnapshot(known) : new VmSnapshot(known);
    this.task = task === undefined ? null : new Task(task);
    if (this.snapshot !== null && this.task !== null) this.snapshot["@task"] = this.task;
    this.errors = errors;
  }
}
