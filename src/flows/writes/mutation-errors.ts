import { Field, InterfaceType, ObjectType } from "type-graphql";
import { Task } from "../../resources/task/task.type.js";
import { VmToolsStatus } from "../../resources/vm/vm.enums.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";

/** An expected failure of a mutation: data, not a GraphQL error. */
@InterfaceType("MutationError", {
  description:
    "Why a mutation did not do what was asked. Expected failures are data; only unexpected ones are GraphQL errors.",
})
export abstract class MutationError {
  static readonly typename: string;

  @Field(() => String, { description: "What was expected and what came, for people." })
  readonly message: string;

  @Field(() => String, { description: "The kind of failure, for programs." })
  readonly code: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** Shape: `vmId` is the bare id that was asked for. */
@ObjectType("VmNotFoundError", {
  implements: MutationError,
  description: "There is no such VM, or the caller may not see it.",
})
export class VmNotFoundError extends MutationError {
  static override readonly typename = "VmNotFoundError";

  @Field(() => String, { description: "The bare id that was asked for." })
  readonly vmId: string;

  constructor(vmId: string) {
    super("VM_NOT_FOUND", `expected the id of a VM that the caller may see, got ${vmId}`);
    this.vmId = vmId;
  }
}

@ObjectType("SnapshotNotFoundError", {
  implements: MutationError,
  description: "There is no such VM snapshot, or the caller may not see it.",
})
export class SnapshotNotFoundError extends MutationError {
  static override readonly typename = "SnapshotNotFoundError";

  @Field(() => String, { description: "The bare id that was asked for." })
  readonly snapshotId: string;

  constructor(snapshotId: string) {
    super("SNAPSHOT_NOT_FOUND", `expected the id of a VM snapshot that the caller may see, got ${snapshotId}`);
    this.snapshotId = snapshotId;
  }
}

@ObjectType("SnapshotOfAnotherVmError", {
  implements: MutationError,
  description: "The snapshot was taken of another VM. Nothing was done.",
})
export class SnapshotOfAnotherVmError extends MutationError {
  static override readonly typename = "SnapshotOfAnotherVmError";

  @Field(() => String, { description: "The bare id of the snapshot." })
  readonly snapshotId: string;

  @Field(() => String, {
    nullable: true,
    description: "The bare id of the VM it was taken of; null once that is gone.",
  })
  readonly ownerVmId: string | null;

  constructor(snapshotId: string, vmId: string, ownerVmId: string | null) {
    super(
      "SNAPSHOT_OF_ANOTHER_VM",
      `expected a snapshot of VM ${vmId}, but ${snapshotId} was taken of ${ownerVmId ?? "a VM that is gone"}`,
    );
    this.snapshotId = snapshotId;
    this.ownerVmId = ownerVmId;
  }
}

@ObjectType("SnapshotNotReadyError", {
  implements: MutationError,
  description: "The snapshot is not usable yet: its data cannot be reached.",
})
export class SnapshotNotReadyError extends MutationError {
  static override readonly typename = "SnapshotNotReadyError";

  @Field(() => [String], { description: "What is still missing, for people." })
  readonly missing: readonly string[];

  constructor(missing: readonly string[], waitedSeconds?: number) {
    const waited = waitedSeconds === undefined ? "" : ` within ${waitedSeconds} s`;
    super("SNAPSHOT_NOT_READY", `expected a usable snapshot${waited}, but ${missing.join("; ")}`);
    this.missing = missing;
  }
}

@ObjectType("SnapshotFailedError", {
  implements: MutationError,
  description: "The task that was to create the snapshot has failed; there is no such snapshot.",
})
export class SnapshotFailedError extends MutationError {
  static override readonly typename = "SnapshotFailedError";

  @Field(() => Task, { nullable: true, description: "The failed task; its `error` says why." })
  readonly task: Task | null;

  constructor(task: Task | null) {
    const reason = task?.error?.message ?? "CloudTower gives no reason";
    super("SNAPSHOT_FAILED", `expected the task to create the snapshot, but it failed: ${reason}`);
    this.task = task;
  }
}

@ObjectType("RepeatedIdError", {
  implements: MutationError,
  description: "An id occurs twice in the input. Nothing was done.",
})
export class RepeatedIdError extends MutationError {
  static override readonly typename = "RepeatedIdError";

  @Field(() => String, { description: "The bare id that occurs more than once." })
  readonly repeatedId: string;

  constructor(repeatedId: string) {
    super("REPEATED_ID", `expected each id once, got ${repeatedId} more than once`);
    this.repeatedId = repeatedId;
  }
}

@ObjectType("InvalidInputError", {
  implements: MutationError,
  description: "A value of the input is out of its bounds. Nothing was done.",
})
export class InvalidInputError extends MutationError {
  static override readonly typename = "InvalidInputError";

  constructor(message: string) {
    super("INVALID_INPUT", message);
  }
}

@ObjectType("VmInRecycleBinError", { implements: MutationError, description: "The VM lies in the recycle bin." })
export class VmInRecycleBinError extends MutationError {
  static override readonly typename = "VmInRecycleBinError";

  constructor(name: string) {
    super("VM_IN_RECYCLE_BIN", `expected a VM in use, but ${JSON.stringify(name)} lies in the recycle bin`);
  }
}

@ObjectType("InvalidNameError", { implements: MutationError, description: "The name cannot be used." })
export class InvalidNameError extends MutationError {
  static override readonly typename = "InvalidNameError";

  constructor(message: string) {
    super("INVALID_NAME", message);
  }
}

@ObjectType("SnapshotNameTakenError", {
  implements: MutationError,
  description: "The VM has a snapshot of that name already, with other settings.",
})
export class SnapshotNameTakenError extends MutationError {
  static override readonly typename = "SnapshotNameTakenError";

  @Field(() => VmSnapshot, { description: "The snapshot that has the name." })
  readonly existing: VmSnapshot;

  constructor(existing: VmSnapshot, asked: string) {
    super(
      "SNAPSHOT_NAME_TAKEN",
      `expected a name without a snapshot, but ${JSON.stringify(existing.name)} is one that is ${existing.consistency}, and ${asked} was asked for`,
    );
    this.existing = existing;
  }
}

@ObjectType("VmToolsNotRunningError", {
  implements: MutationError,
  description: "A file-system-consistent snapshot needs the guest agent, and it does not run.",
})
export class VmToolsNotRunningError extends MutationError {
  static override readonly typename = "VmToolsNotRunningError";

  @Field(() => VmToolsStatus.type, { description: "State of the guest tools." })
  readonly vmToolsStatus: string;

  constructor(upstreamStatus: string | null | undefined) {
    const status = VmToolsStatus.fromUpstream(upstreamStatus);
    super(
      "VM_TOOLS_NOT_RUNNING",
      `expected running guest tools for a file-system-consistent snapshot, but they are ${status}`,
    );
    this.vmToolsStatus = status;
  }
}

/** A resource that a running task holds. */
@ObjectType({ description: "A resource that a running task holds." })
export class LockedResource {
  @Field(() => String, { description: "Its bare id." })
  readonly resourceId: string;

  @Field(() => String, { description: "CloudTower's name for its kind, such as VM or VM_VOLUME." })
  readonly type: string;

  constructor(resourceId: string, type: string) {
    this.resourceId = resourceId;
    this.type = type;
  }
}

@ObjectType("ResourceLockedError", {
  implements: MutationError,
  description:
    "Another task is changing the VM or one of its volumes. Nothing was done; try again when that task has ended.",
})
export class ResourceLockedError extends MutationError {
  static override readonly typename = "ResourceLockedError";

  @Field(() => [LockedResource], { description: "What is locked." })
  readonly lockedResources: readonly LockedResource[];

  @Field(() => Task, { nullable: true, description: "The task that holds it; null where it cannot be found." })
  readonly blockingTask: Task | null;

  constructor(lockedResources: readonly LockedResource[], blockingTask: Task | null) {
    super("RESOURCE_LOCKED", "expected resources that no task holds, but some are locked by a running task");
    this.lockedResources = lockedResources;
    this.blockingTask = blockingTask;
  }
}

@ObjectType("PermissionDeniedError", {
  implements: MutationError,
  description: "CloudTower does not permit this to the caller. Nothing was done.",
})
export class PermissionDeniedError extends MutationError {
  static override readonly typename = "PermissionDeniedError";

  constructor() {
    super("PERMISSION_DENIED", "expected a caller who may do this, but CloudTower does not permit it");
  }
}

@ObjectType("WriteOutcomeUnknownError", {
  implements: MutationError,
  description:
    "The request was sent, its answer was lost, and neither its effect nor its absence could be proven. Creating the same VM and name again is safe.",
})
export class WriteOutcomeUnknownError extends MutationError {
  static override readonly typename = "WriteOutcomeUnknownError";

  constructor() {
    super(
      "WRITE_OUTCOME_UNKNOWN",
      "expected an answer of CloudTower, but it was lost and the outcome could not be found out; look at what is there before you repeat it, or create the same VM and name again, which is safe",
    );
  }
}

@ObjectType("UpstreamRejectedError", {
  implements: MutationError,
  description: "CloudTower refused the change. Nothing was done.",
})
export class UpstreamRejectedError extends MutationError {
  static override readonly typename = "UpstreamRejectedError";

  @Field(() => String, { nullable: true, description: "CloudTower's own code, where it gives one." })
  readonly upstreamCode: string | null;

  constructor(upstreamMessage: string | undefined, upstreamCode: string | undefined) {
    super("UPSTREAM_REJECTED", `CloudTower refused the change: ${upstreamMessage ?? "it gave no reason"}`);
    this.upstreamCode = upstreamCode ?? null;
  }
}

@ObjectType("UpstreamFailedError", {
  implements: MutationError,
  description: "CloudTower failed or could not be reached. It was made sure that nothing was done; try again later.",
})
export class UpstreamFailedError extends MutationError {
  static override readonly typename = "UpstreamFailedError";

  constructor(reason: string) {
    super("UPSTREAM_FAILED", `nothing was done: ${reason}`);
  }
}

/** Every kind, for the schema. */
export const mutationErrorTypes = [
  VmNotFoundError,
  SnapshotNotFoundError,
  SnapshotOfAnotherVmError,
  SnapshotNotReadyError,
  SnapshotFailedError,
  RepeatedIdError,
  InvalidInputError,
  UpstreamFailedError,
  VmInRecycleBinError,
  InvalidNameError,
  SnapshotNameTakenError,
  VmToolsNotRunningError,
  ResourceLockedError,
  PermissionDeniedError,
  WriteOutcomeUnknownError,
  UpstreamRejectedError,
];
