import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { BigIntScalar } from "../../graph/model/scalars.js";
import { VmFirmware } from "../../resources/shared/vm-configuration.enums.js";
import { Task } from "../../resources/task/task.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { MAX_NAME_LENGTH } from "../writes/check-name.js";
import { MutationError } from "../writes/mutation-errors.js";
import { namedSnapshot, namedVm } from "../writes/named-objects.js";
import { LockInput, TASK_DESCRIPTION } from "../writes/write-inputs.js";
import type { RebuiltVm } from "./rebuild-vm.js";
import type { RolledBackVm } from "./rollback-vm.js";

const ERRORS_DESCRIPTION = "Why it was not done; empty if it was.";

/** Input of `rollbackVm`. */
@InputType({ description: "The VM and the snapshot to restore." })
export class RollbackVmInput extends LockInput {
  @Field(() => ID, { description: "The VM, by its global or bare id." })
  readonly vmId!: string;

  @Field(() => ID, { description: "One of its own snapshots, by its global or bare id." })
  readonly snapshotId!: string;
}

/** Input of `rebuildVmFromSnapshot`. */
@InputType({ description: "The VM to create from a snapshot. Absent values are taken from the snapshot." })
export class RebuildVmFromSnapshotInput extends LockInput {
  @Field(() => ID, { description: "The VM snapshot, by its global or bare id." })
  readonly snapshotId!: string;

  @Field(() => String, { description: `Name of the new VM, 1 to ${MAX_NAME_LENGTH} characters.` })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: "Free text." })
  readonly description?: string | null;

  @Field(() => Int, { nullable: true, description: "Number of virtual CPUs." })
  readonly vcpuCount?: number | null;

  @Field(() => Int, { nullable: true, description: "Cores per socket." })
  readonly cpuCores?: number | null;

  @Field(() => Int, { nullable: true, description: "Number of sockets." })
  readonly cpuSockets?: number | null;

  @Field(() => BigIntScalar, { nullable: true, description: "Memory in bytes." })
  readonly memoryBytes?: number | null;

  @Field(() => VmFirmware.type, { nullable: true, description: "Firmware." })
  readonly firmware?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the VM is restarted on another host if its host fails.",
  })
  readonly highAvailability?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the data is copied immediately instead of being shared with the snapshot.",
  })
  readonly fullCopy?: boolean | null;
}

/** Payload of `rollbackVm`. */
@ObjectType({ description: "Result of `rollbackVm`." })
export class RollbackVmPayload implements RolledBackVm {
  static readonly typename = "RollbackVmPayload";

  readonly vmId!: string | null;
  readonly snapshotId!: string | null;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: ERRORS_DESCRIPTION })
  readonly errors!: readonly MutationError[];
}

/** Payload of `rebuildVmFromSnapshot`. */
@ObjectType({ description: "Result of `rebuildVmFromSnapshot`." })
export class RebuildVmFromSnapshotPayload implements RebuiltVm {
  static readonly typename = "RebuildVmFromSnapshotPayload";

  readonly snapshotId!: string | null;

  @Field(() => Vm, {
    nullable: true,
    description:
      "The new VM, complete once the task has succeeded. Null if there are errors, or if the response was lost and CloudTower shows only the task so far.",
  })
  readonly vm!: Vm | null;

  @Field(() => Task, { nullable: true, description: TASK_DESCRIPTION })
  readonly task!: Task | null;

  @Field(() => [MutationError], { description: ERRORS_DESCRIPTION })
  readonly errors!: readonly MutationError[];
}

/** The objects that the payloads are about. */
export const restoredObjects = [
  namedVm(RollbackVmPayload),
  namedSnapshot(RollbackVmPayload),
  namedSnapshot(RebuildVmFromSnapshotPayload),
];
