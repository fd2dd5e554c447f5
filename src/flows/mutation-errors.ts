import { Field, InterfaceType, ObjectType } from "type-graphql";
import { Task } from "../resources/task/task.type.js";

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

  constructor(vmId: string) {
    super("VM_NOT_FOUND", `expected the id of a VM that the caller may see, got ${vmId}`);
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

  constructor(name: string, has: string, wanted: string) {
    super(
      "SNAPSHOT_NAME_TAKEN",
      `expected a name without a snapshot, but ${JSON.stringify(name)} is one that is ${has}, and ${wanted} was asked for`,
    );
  }
}

@ObjectType("VmToolsNotRunningError", {
  implements: MutationError,
  description: "A file-system-consistent snapshot needs the guest agent, and it does not run.",
})
export class VmToolsNotRunningError extends MutationError {
  static override readonly typename = "VmToolsNotRunningError";

  constructor(status: string) {
    super(
      "VM_TOOLS_NOT_RUNNING",
      `expected running guest tools for a file-system-consistent snapshot, but they are ${status}`,
    );
  }
}

/** A resource that a running task holds. */
@ObjectType({ description: "A resource that a running task holds." })
export class LockedResource {
  @Field(() => String, { description: "Its bare id." })
  readonly resourceId!: string;

  @Field(() => String, { description: "CloudTower's name for its kind, such as VM or VM_VOLUME." })
  readonly type!: string;
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
    "The request was sent, its answer was lost, and neither its effect nor its absence could be proven. Repeating the same VM and name is safe.",
})
export class WriteOutcomeUnknownError extends MutationError {
  static override readonly typename = "WriteOutcomeUnknownError";

  constructor() {
    super(
      "WRITE_OUTCOME_UNKNOWN",
      "expected an answer of CloudTower, but it was lost and the outcome could not be found out; repeating the same VM and name is safe",
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

/** Every kind, for the schema. */
export const mutationErrorTypes = [
  VmNotFoundError,
  VmInRecycleBinError,
  InvalidNameError,
  SnapshotNameTakenError,
  VmToolsNotRunningError,
  ResourceLockedError,
  PermissionDeniedError,
  WriteOutcomeUnknownError,
  UpstreamRejectedError,
];
