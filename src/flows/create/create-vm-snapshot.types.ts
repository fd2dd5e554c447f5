import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Consistency } from "../../resources/shared/consistency.js";
import { Task } from "../../resources/task/task.type.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotLeaseInput } from "../leases/snapshot-leases.types.js";
import { MAX_NAME_LENGTH } from "../writes/check-name.js";
import { INPUT_ID_DESCRIPTION, MutationError } from "../writes/mutation-errors.js";
import { namedVm } from "../writes/named-objects.js";
import { LockInput, OnToolsNotRunningType, WAIT_DESCRIPTION } from "../writes/write-inputs.js";
import { type CreateVmSnapshotResult, MAX_SNAPSHOTS_PER_CALL } from "./create-vm-snapshot.js";
import type { OnToolsNotRunning } from "./snapshot-request.js";

/** Description of `lease`. */
const LEASE_DESCRIPTION =
  "A lease to put on each snapshot right after it was created, or when it is found: an existing lease of the owner is extended if it ends earlier. If that fails, the result has the snapshot and a LeaseNotSetError.";

/** Fields of a snapshot request: of an input class of its own, or together with those of LockInput. */
const RequestField = {
  vmId: Field(() => ID, { description: "The VM, by its global or bare id." }),
  name: Field(() => String, {
    nullable: true,
    description: `Name of the snapshot, 1 to ${MAX_NAME_LENGTH} characters. VM and name together identify it: repeating the call finds the same snapshot. Generated if absent; repeating the call then creates another one.`,
  }),
  consistency: Field(() => Consistency.type, {
    defaultValue: "CRASH_CONSISTENT",
    description: "Consistency to request. FILE_SYSTEM_CONSISTENT needs running guest tools.",
  }),
  onToolsNotRunning: Field(() => OnToolsNotRunningType, {
    defaultValue: "FAIL",
    description: "What to do if FILE_SYSTEM_CONSISTENT is requested and the guest tools are not running.",
  }),
};

/** Input of `createVmSnapshot`. */
@InputType({ description: "The snapshot to create." })
export class CreateVmSnapshotInput extends LockInput {
  @RequestField.vmId
  readonly vmId!: string;

  @RequestField.name
  readonly name?: string | null;

  @RequestField.consistency
  readonly consistency!: string;

  @RequestField.onToolsNotRunning
  readonly onToolsNotRunning!: OnToolsNotRunning;

  @Field(() => Int, { defaultValue: 0, description: WAIT_DESCRIPTION })
  readonly waitSeconds!: number;

  @Field(() => VmSnapshotLeaseInput, { nullable: true, description: LEASE_DESCRIPTION })
  readonly lease?: VmSnapshotLeaseInput | null;
}

/** One snapshot of `createVmSnapshots`. */
@InputType({ description: "One of the snapshots to create." })
export class VmSnapshotRequestInput {
  @RequestField.vmId
  readonly vmId!: string;

  @RequestField.name
  readonly name?: string | null;

  @RequestField.consistency
  readonly consistency!: string;

  @RequestField.onToolsNotRunning
  readonly onToolsNotRunning!: OnToolsNotRunning;
}

/** Input of `createVmSnapshots`. */
@InputType({ description: "The snapshots to create." })
export class CreateVmSnapshotsInput extends LockInput {
  @Field(() => [VmSnapshotRequestInput], {
    description: `The snapshots, 1 to ${MAX_SNAPSHOTS_PER_CALL}, each of another VM. An item whose VM occurs earlier in the list fails with RepeatedIdError.`,
  })
  readonly snapshots!: readonly VmSnapshotRequestInput[];

  @Field(() => Int, { defaultValue: 0, description: WAIT_DESCRIPTION })
  readonly waitSeconds!: number;

  @Field(() => VmSnapshotLeaseInput, { nullable: true, description: LEASE_DESCRIPTION })
  readonly lease?: VmSnapshotLeaseInput | null;
}

/** Outcome of one snapshot. Shape: `CreateVmSnapshotResult`. */
@ObjectType({ isAbstract: true } as object)
abstract class SnapshotOutcome implements CreateVmSnapshotResult {
  @Field(() => VmSnapshot, {
    nullable: true,
    description: "The snapshot, usable once `vmSnapshotReady` says so. Null if it was not created.",
  })
  readonly snapshot!: VmSnapshot | null;

  @Field(() => [VmSnapshot], {
    description:
      "Other snapshots with the same VM and name, such as that of a second gateway. Keep one and delete the rest; empty if there is none.",
  })
  readonly duplicates!: readonly VmSnapshot[];

  @Field(() => Task, { nullable: true, description: "The task that creates it; watch it with `taskProgress`." })
  readonly task!: Task | null;

  @Field(() => Boolean, {
    description:
      "True if this call created the snapshot, even if CloudTower's response was lost and the task that created it is the caller's; false if it already existed, was not created, or that is unknown.",
  })
  readonly created!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: "With `waitSeconds`: whether the snapshot is usable. Null if that was not waited for, or is unknown.",
  })
  readonly ready!: boolean | null;

  @Field(() => [NotReadyReason], {
    description: "Why `ready` is false, at least one reason; empty if it is true or null.",
  })
  readonly notReadyReasons!: readonly NotReadyReason[];

  readonly inputId!: string;
  readonly vmId!: string | null;

  @Field(() => String, { description: "The name, even if it was generated: repeat the call with it." })
  readonly name!: string;

  @Field(() => Consistency.type, { description: "The requested consistency." })
  readonly askedConsistency!: string;

  @Field(() => Consistency.type, {
    nullable: true,
    description: "Consistency of the snapshot; null if there is none.",
  })
  readonly consistency!: string | null;

  @Field(() => [MutationError], { description: "What went wrong; empty if nothing did." })
  readonly errors!: readonly MutationError[];
}

/** Payload of `createVmSnapshot`. */
@ObjectType({ description: "Result of `createVmSnapshot`." })
export class CreateVmSnapshotPayload extends SnapshotOutcome {
  static readonly typename = "CreateVmSnapshotPayload";
}

/** One result of `createVmSnapshots`. */
@ObjectType({ description: "Result of one item of `createVmSnapshots`." })
export class CreateVmSnapshotsResult extends SnapshotOutcome {
  static readonly typename = "CreateVmSnapshotsResult";

  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  declare readonly inputId: string;
}

/** Payload of `createVmSnapshots`. */
@ObjectType({ description: "Result of `createVmSnapshots`." })
export class CreateVmSnapshotsPayload {
  @Field(() => [CreateVmSnapshotsResult], {
    description: "One result per item, in the order of the input; empty if the list as a whole was refused.",
  })
  readonly results!: readonly CreateVmSnapshotResult[];

  @Field(() => [MutationError], {
    description: "Why the list as a whole was refused: it is empty or too long. Nothing was changed then.",
  })
  readonly errors!: readonly MutationError[];
}

/** The VMs of the results. */
export const createdSnapshotVms = [CreateVmSnapshotPayload, CreateVmSnapshotsResult].map((from) => namedVm(from));
