import { Field, ID, InterfaceType, ObjectType } from "type-graphql";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { VmStatus, VmToolsStatus } from "../../resources/vm/vm.enums.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../upstream/wire/types.js";

/** Description of `inputId`. */
export const INPUT_ID_DESCRIPTION = "The id as it was sent in the input, global or bare, even if it is malformed.";

/** An expected failure of a mutation: data, not a GraphQL error. */
@InterfaceType("MutationError", {
  description:
    "Why a mutation failed, or what a subscription cannot tell of one of several objects. Expected failures are data; only unexpected ones are GraphQL errors.",
})
export abstract class MutationError {
  static typename: string;
  /** The `code` of all errors of this kind. */
  static code: string;

  @Field(() => String, { description: "What is wrong and what to do, for people." })
  readonly message: string;

  @Field(() => String, { description: "The kind of failure, for programs." })
  readonly code: string;

  constructor(message: string) {
    this.message = message;
    this.code = new.target.code;
  }
}

type MutationErrorKind = Pick<typeof MutationError, "typename" | "code"> & (new (...args: never[]) => MutationError);

/** Declares a kind of mutation error; its GraphQL type is named after the class. */
export function mutationError(code: string, description: string) {
  return (kind: MutationErrorKind): void => {
    kind.typename = kind.name;
    kind.code = code;
    ObjectType(kind.name, { implements: MutationError, description })(kind);
  };
}

@mutationError("VM_NOT_FOUND", "No such VM exists, or the caller may not see it.")
export class VmNotFoundError extends MutationError {
  @Field(() => String, { description: "The id that no VM has, without the type name." })
  readonly cloudTowerId: string;

  constructor(vmId: string) {
    super(`No VM has the id ${quote(vmId)}, or the caller may not see it.`);
    this.cloudTowerId = vmId;
  }
}

@mutationError("SNAPSHOT_NOT_FOUND", "No such VM snapshot exists, or the caller may not see it.")
export class SnapshotNotFoundError extends MutationError {
  @Field(() => String, { description: "The id that no VM snapshot has, without the type name." })
  readonly cloudTowerId: string;

  constructor(snapshotId: string) {
    super(`No VM snapshot has the id ${quote(snapshotId)}, or the caller may not see it.`);
    this.cloudTowerId = snapshotId;
  }
}

@mutationError("TASK_NOT_FOUND", "CloudTower has not shown the task for TASK_APPEAR_SECONDS.")
export class TaskNotFoundError extends MutationError {
  @Field(() => String, { description: "The id of the task, without the type name." })
  readonly cloudTowerId: string;

  constructor(taskId: string, message: string) {
    super(message);
    this.cloudTowerId = taskId;
  }
}

@mutationError(
  "UNREADABLE",
  "CloudTower does not permit the caller to read the object, or returns others and fails on this one. What became of it is unknown.",
)
export class UnreadableError extends MutationError {
  @Field(() => String, { description: "Code of the read's error, as in `extensions.code` of GraphQL errors." })
  readonly readErrorCode: string;

  constructor(message: string, readErrorCode: string) {
    super(message);
    this.readErrorCode = readErrorCode;
  }
}

@mutationError("SNAPSHOT_OF_ANOTHER_VM", "The snapshot was taken of another VM. Nothing was changed.")
export class SnapshotOfAnotherVmError extends MutationError {
  constructor(
    readonly snapshotId: string,
    vmId: string,
    /** Null if that VM is gone. */
    readonly ownerVmId: string | null,
  ) {
    const owner = ownerVmId === null ? "a VM that is gone" : `VM ${quote(ownerVmId)}`;
    super(`Snapshot ${quote(snapshotId)} was taken of ${owner}, not of VM ${quote(vmId)}.`);
  }
}

@mutationError("SNAPSHOT_NOT_READY", "The snapshot is not usable yet: its data cannot be reached.")
export class SnapshotNotReadyError extends MutationError {
  @Field(() => [String], { description: "What is still missing, for people." })
  readonly missing: readonly string[];

  @Field(() => [NotReadyReason], { description: "What is still missing, for programs." })
  readonly reasons: readonly NotReadyReason[];

  constructor(reasons: readonly NotReadyReason[], waitedSeconds?: number) {
    const missing = reasons.map(({ message }) => message);
    const waited = waitedSeconds === undefined ? "yet" : `after ${waitedSeconds} s`;
    super(`The snapshot is not usable ${waited}: ${missing.join("; ")}.`);
    this.missing = missing;
    this.reasons = reasons;
  }
}

@mutationError(
  "SNAPSHOT_FAILED",
  "The task that should have created the snapshot failed, and the snapshot is not usable.",
)
export class SnapshotFailedError extends MutationError {
  @Field(() => Task, { nullable: true, description: "The failed task; its `error` gives the reason." })
  readonly task: Task | null;

  constructor(task: Task | null) {
    super(
      `The task that should have created the snapshot failed: ${task?.error?.message ?? "CloudTower gives no reason"}`,
    );
    this.task = task;
  }
}

@mutationError("INVALID_ID", "The id is malformed, or the id of an object of another type. Nothing was changed.")
export class InvalidIdError extends MutationError {
  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId: string;

  /** @param problem what is wrong with the id, as a sentence. */
  constructor(inputId: string, problem: string) {
    super(problem);
    this.inputId = inputId;
  }
}

@mutationError(
  "REPEATED_ID",
  "The id occurs earlier in the input. The earlier item has a result; nothing was changed for this one.",
)
export class RepeatedIdError extends MutationError {
  @Field(() => ID, { description: INPUT_ID_DESCRIPTION })
  readonly inputId: string;

  constructor(inputId: string) {
    super(`Id ${quote(inputId)} occurs more than once. Only its first occurrence counts: name each id once.`);
    this.inputId = inputId;
  }
}

@mutationError("INVALID_INPUT", "A value of the input is out of range. Nothing was changed.")
export class InvalidInputError extends MutationError {}

@mutationError("VM_IN_RECYCLE_BIN", "The VM is in the recycle bin.")
export class VmInRecycleBinError extends MutationError {
  constructor(name: string) {
    super(`VM ${quote(name)} is in the recycle bin. Restore it first.`);
  }
}

@mutationError("VM_POWER_STATE", "The VM is not in the power state that the change needs. Nothing more was changed.")
export class VmPowerStateError extends MutationError {
  @Field(() => VmStatus.type, { description: "The VM's power state." })
  readonly vmStatus: string;

  /** @param remedy what to do, as a sentence without a period. */
  constructor({ id, name, status }: Row<"Vm">, remedy: string) {
    const vmStatus = VmStatus.fromUpstream(status);
    super(`VM ${quote(name ?? id)} is ${vmStatus}. ${remedy}.`);
    this.vmStatus = vmStatus;
  }
}

@mutationError("INVALID_NAME", "The name is blank or too long.")
export class InvalidNameError extends MutationError {}

@mutationError("SNAPSHOT_NAME_TAKEN", "The VM already has a snapshot of that name, with other settings.")
export class SnapshotNameTakenError extends MutationError {
  @Field(() => VmSnapshot, { description: "The snapshot that has the name." })
  readonly existing: VmSnapshot;

  constructor(existing: VmSnapshot, requestedConsistency: string) {
    super(
      `The VM already has a snapshot named ${quote(existing.name)}, which is ${existing.consistency}; ${requestedConsistency} was requested. Choose another name.`,
    );
    this.existing = existing;
  }
}

@mutationError(
  "VM_TOOLS_NOT_RUNNING",
  "A file-system-consistent snapshot needs the guest tools, which are not running.",
)
export class VmToolsNotRunningError extends MutationError {
  @Field(() => VmToolsStatus.type, { description: "State of the guest tools." })
  readonly vmToolsStatus: string;

  constructor(upstreamStatus: string | null | undefined) {
    const status = VmToolsStatus.fromUpstream(upstreamStatus);
    super(`A file-system-consistent snapshot needs running guest tools, but they are ${status}.`);
    this.vmToolsStatus = status;
  }
}
