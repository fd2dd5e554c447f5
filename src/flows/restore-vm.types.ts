import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { BigIntScalar } from "../graph/scalars.js";
import { Task } from "../resources/task/task.type.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmFirmware } from "../resources/vm-configuration.enums.js";
import type { DeletedSnapshot } from "./delete-vm-snapshots.js";
import { MutationError } from "./mutation-errors.js";
import type { RestoredVm } from "./restore-vm.js";
import { LockInput } from "./write-inputs.js";

const TASK =
  "The task that does it; watch it with `taskProgress`. Null where there are errors, and where it was done at once.";

/** Input of `deleteVmSnapshots`. */
@InputType({ description: "The snapshots to be deleted." })
export class DeleteVmSnapshotsInput extends LockInput {
  @Field(() => [ID], { description: "The snapshots, by their global or bare ids; 1 to 100, each once." })
  readonly ids!: readonly string[];
}

/** What came of one deletion. */
@ObjectType({ description: "What came of the deletion of one snapshot." })
export class DeleteVmSnapshotsResult implements DeletedSnapshot {
  @Field(() => String, { description: "The bare id that was given." })
  readonly snapshotId!: string;

  @Field(() => Task, { nullable: true, description: TASK })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not deleted; empty where it was." })
  readonly errors!: readonly MutationError[];
}

/** Answer of `deleteVmSnapshots`. */
@ObjectType({ description: "What came of `deleteVmSnapshots`." })
export class DeleteVmSnapshotsPayload {
  @Field(() => [DeleteVmSnapshotsResult], {
    description: "One result for each id, in the order of the input; empty where the input as a whole was refused.",
  })
  readonly results!: readonly DeletedSnapshot[];

  @Field(() => [MutationError], { description: "Why the input as a whole was refused; nothing was done then." })
  readonly errors!: readonly MutationError[];
}

/** Input of `rollbackVm`. */
@InputType({ description: "The VM and the snapshot that it is put back to." })
export class RollbackVmInput extends LockInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => ID, { description: "One of its own snapshots, by its global or bare id." })
  readonly snapshotId!: string;
}

/** Input of `rebuildVmFromSnapshot`. */
@InputType({ description: "The VM to be made of a snapshot. What is left out is as the snapshot froze it." })
export class RebuildVmFromSnapshotInput extends LockInput {
  @Field(() => ID, { description: "The VM snapshot, by its global or bare id." })
  readonly snapshotId!: string;

  @Field(() => String, { description: "Name of the new VM, 1 to 255 characters." })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: "Free text." })
  readonly description?: string | null;

  @Field(() => Int, { nullable: true, description: "Number of virtual CPUs." })
  readonly vcpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: "Cores of each socket." })
  readonly cpuCores?: number | null;

  @Field(() => Int, { nullable: true, description: "Number of sockets." })
  readonly cpuSockets?: number | null;

  @Field(() => BigIntScalar, { nullable: true, description: "Memory in bytes." })
  readonly memoryBytes?: number | null;

  @Field(() => VmFirmware.type, { nullable: true, description: "Firmware." })
  readonly firmware?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the VM is restarted on another host when its host fails.",
  })
  readonly highAvailability?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the data is copied at once instead of being shared with the snapshot.",
  })
  readonly fullCopy?: boolean | null;
}

@ObjectType({ isAbstract: true } as object)
abstract class RestorePayload implements RestoredVm {
  @Field(() => Vm, {
    nullable: true,
    description: "The VM; not complete before the task has succeeded. Null where there are errors.",
  })
  readonly vm!: Vm | null;

  @Field(() => Task, { nullable: true, description: TASK })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: "Why it was not done; empty where it was." })
  readonly errors!: readonly MutationError[];
}

/** Answer of `rollbackVm`. */
@ObjectType({ description: "What came of `rollbackVm`." })
export class RollbackVmPayload extends RestorePayload {}

/** Answer of `rebuildVmFromSnapshot`. */
@ObjectType({ description: "What came of `rebuildVmFromSnapshot`." })
export class RebuildVmFromSnapshotPayload extends RestorePayload {}
