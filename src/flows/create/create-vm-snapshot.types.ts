import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { Consistency } from "../../resources/vm-snapshot/vm-snapshot.enums.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { MutationError } from "../writes/mutation-errors.js";
import { LockInput, OnToolsNotRunningType } from "../writes/write-inputs.js";
import type { CreateVmSnapshotResult } from "./create-vm-snapshot.js";
import type { OnToolsNotRunning } from "./snapshot-request.js";

const NAME =
  "Name of the snapshot, 1 to 255 characters. VM and name together identify it: repeating the call finds the same snapshot. Generated where it is left out; then a repeated call makes another one.";
const WAIT =
  "Answer only when the snapshot is usable or after so many seconds, 0 to 600, with the state reached; 0 answers at once. The operation's deadline is extended by it.";

/** Input of `createVmSnapshot`. */
@InputType({ description: "The snapshot to be taken." })
export class CreateVmSnapshotInput extends LockInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => String, { nullable: true, description: NAME })
  readonly name?: string | null;

  @Field(() => Consistency.type, {
    defaultValue: "CRASH_CONSISTENT",
    description: "How consistent the data must be. FILE_SYSTEM_CONSISTENT needs running guest tools.",
  })
  readonly consistency!: string;

  @Field(() => OnToolsNotRunningType, {
    defaultValue: "FAIL",
    description: "What is done where FILE_SYSTEM_CONSISTENT is asked for and the guest tools do not run.",
  })
  readonly onToolsNotRunning!: OnToolsNotRunning;

  @Field(() => Int, { defaultValue: 0, description: WAIT })
  readonly waitSeconds!: number;
}

/** One of the snapshots of `createVmSnapshots`. */
@InputType({ description: "One of the snapshots to be taken." })
export class VmSnapshotOrderInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => String, { nullable: true, description: NAME })
  readonly name?: string | null;

  @Field(() => Consistency.type, {
    defaultValue: "CRASH_CONSISTENT",
    description: "How consistent the data must be. FILE_SYSTEM_CONSISTENT needs running guest tools.",
  })
  readonly consistency!: string;

  @Field(() => OnToolsNotRunningType, {
    defaultValue: "FAIL",
    description: "What is done where FILE_SYSTEM_CONSISTENT is asked for and the guest tools do not run.",
  })
  readonly onToolsNotRunning!: OnToolsNotRunning;
}

/** Input of `createVmSnapshots`. */
@InputType({ description: "The snapshots to be taken, each of another VM." })
export class CreateVmSnapshotsInput extends LockInput {
  @Field(() => [VmSnapshotOrderInput], { description: "One snapshot of each VM, 1 to 100." })
  readonly snapshots!: readonly VmSnapshotOrderInput[];

  @Field(() => Int, { defaultValue: 0, description: WAIT })
  readonly waitSeconds!: number;
}

/** What came of one snapshot. Shape: `CreateVmSnapshotResult`. */
@ObjectType({ isAbstract: true } as object)
abstract class SnapshotOutcome implements CreateVmSnapshotResult {
  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot; not usable before `vmSnapshotReady` says so. Null where it could not be taken.",
  })
  readonly snapshot!: VmSnapshot | null;

  @Field(() => Task, { nullable: true, description: "The task that creates it; watch it with `taskProgress`." })
  readonly task!: Task | null;

  @Field(() => Boolean, {
    description:
      "Whether this call made the snapshot, also when its answer was lost on the way; false where it existed already, and where there is none.",
  })
  readonly created!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "With `waitSeconds`: whether the snapshot is usable. Null where that was not waited for.",
  })
  readonly ready!: boolean | null;

  @Field(() => String, { description: "Bare id of the VM that was asked for." })
  readonly vmId!: string;

  @Field(() => String, { description: "The name, also where it was generated: with it the call can be repeated." })
  readonly name!: string;

  @Field(() => Consistency.type, { description: "The consistency that was asked for." })
  readonly askedConsistency!: string;

  @Field(() => Consistency.type, {
    nullable: true,
    description: "The consistency that was got; null where there is no snapshot.",
  })
  readonly consistency!: string | null;

  @Field(() => [MutationError], { description: "What went wrong; empty where nothing did." })
  readonly errors!: readonly MutationError[];
}

/** Answer of `createVmSnapshot`. */
@ObjectType({ description: "What came of `createVmSnapshot`." })
export class CreateVmSnapshotPayload extends SnapshotOutcome {}

/** One item of the answer of `createVmSnapshots`. */
@ObjectType({ description: "What came of one of the snapshots." })
export class CreateVmSnapshotsResult extends SnapshotOutcome {}

/** Answer of `createVmSnapshots`. */
@ObjectType({ description: "What came of `createVmSnapshots`." })
export class CreateVmSnapshotsPayload {
  @Field(() => [CreateVmSnapshotsResult], {
    description:
      "One result for each snapshot, in the order of the input; empty where the input as a whole was refused.",
  })
  readonly results!: readonly CreateVmSnapshotResult[];

  @Field(() => [MutationError], { description: "Why the input as a whole was refused; nothing was done then." })
  readonly errors!: readonly MutationError[];
}
