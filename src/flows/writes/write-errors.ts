import { Field, Int, ObjectType } from "type-graphql";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { MutationError, mutationError } from "./mutation-errors.js";

/** A resource that a running task locks. */
@ObjectType({ description: "A resource that a running task locks." })
export class LockedResource {
  static readonly typename = "LockedResource";

  @Field(() => String, { description: "CloudTower's own id of it, without a type name." })
  readonly cloudTowerId: string;

  @Field(() => String, { description: "CloudTower's name for its kind, such as VM or VM_VOLUME." })
  readonly type: string;

  constructor(cloudTowerId: string, type: string) {
    this.cloudTowerId = cloudTowerId;
    this.type = type;
  }
}

@mutationError(
  "RESOURCE_LOCKED",
  "Another task locks what the write would change: the VM, one of its volumes, or the consistency group. Nothing was changed; retry when that task has ended.",
)
export class ResourceLockedError extends MutationError {
  @Field(() => [LockedResource], { description: "What is locked." })
  readonly lockedResources: readonly LockedResource[];

  @Field(() => Task, { nullable: true, description: "The task that locks it; null if it cannot be found." })
  readonly blockingTask: Task | null;

  constructor(lockedResources: readonly LockedResource[], blockingTask: Task | null) {
    const [first, ...rest] = lockedResources;
    const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
    const locked = first === undefined ? "A resource" : `${first.type} ${quote(first.cloudTowerId)}${more}`;
    const task = blockingTask === null ? "a task" : `task ${quote(blockingTask.cloudTowerId)}`;
    super(`${locked} ${rest.length === 0 ? "is" : "are"} locked by ${task}. Retry when it has ended.`);
    this.lockedResources = lockedResources;
    this.blockingTask = blockingTask;
  }
}

@mutationError("PERMISSION_DENIED", "CloudTower does not permit this change to the caller. Nothing was changed.")
export class PermissionDeniedError extends MutationError {
  constructor() {
    super("CloudTower does not permit this change to the caller.");
  }
}

@mutationError(
  "WRITE_OUTCOME_UNKNOWN",
  "The write may have been done, or may still be done: its response was lost, and its effect was not found. It is not sent again. Repeat the mutation: while the write is in doubt, a repetition looks for its effect and sends nothing.",
)
export class WriteOutcomeUnknownError extends MutationError {
  @Field(() => Int, {
    description:
      "How long the write stays in doubt, in seconds. An earlier repetition only looks for the effect; a later one sends the write again if there is none.",
  })
  readonly retryAfterSeconds: number;

  /** @param doubtMs how long the write stays in doubt. */
  constructor(doubtMs: number) {
    const seconds = Math.max(1, Math.ceil(doubtMs / 1000));
    super(
      `The write may have been done, or may still be done: CloudTower has not confirmed it, and its effect was not found. Repeat the mutation: within ${seconds} s it only looks for the effect.`,
    );
    this.retryAfterSeconds = seconds;
  }
}

@mutationError(
  "WRITE_QUEUED",
  "Another call of this gateway was writing to the same VM or consistency group, and the turn of this one did not come in time. Nothing was changed; retry.",
)
export class WriteQueuedError extends MutationError {
  /** @param target what the other call writes, such as `VM "cl2k9x0a0"`. */
  constructor(target: string) {
    super(
      `Another call of this gateway was writing ${target}, or waiting to, until the time was over. Nothing was changed. Try again.`,
    );
  }
}

@mutationError(
  "WRITE_NOT_SENT",
  "The operation's deadline passed before the write was sent. Nothing was changed; retry.",
)
export class WriteNotSentError extends MutationError {
  constructor() {
    super("The operation's deadline passed before the write was sent. Nothing was changed. Try again.");
  }
}

@mutationError(
  "GATEWAY_STOPPING",
  "The gateway is shutting down and did not send the write. Nothing was changed; retry.",
)
export class GatewayStoppingError extends MutationError {
  constructor() {
    super("The gateway is shutting down and did not send the write. Nothing was changed. Try again.");
  }
}

@mutationError(
  "COORDINATION_UNAVAILABLE",
  "The replicas of the gateway could not agree on who sends the write, because Redis cannot be used. Nothing was changed; retry.",
)
export class CoordinationUnavailableError extends MutationError {}

@mutationError(
  "SNAPSHOT_UNMATCHED",
  "CloudTower created the snapshots of a batch, but could not be read to tell which of them is this VM's. Repeat the mutation to find it.",
)
export class SnapshotUnmatchedError extends MutationError {
  constructor(readonly snapshotIds: readonly string[]) {
    super(
      `CloudTower accepted the write and could not be read to tell which snapshot is this VM's. It is one of: ${snapshotIds.join(", ")}. Repeat the mutation to find it.`,
    );
  }
}

@mutationError(
  "READINESS_UNKNOWN",
  "The snapshot exists, but CloudTower could not be read to tell whether it is usable. Watch a VM snapshot with `vmSnapshotReady`; for one of a consistency group repeat the mutation.",
)
export class ReadinessUnknownError extends MutationError {
  /** @param advice what to do, as a sentence. @default to watch the VM snapshot */
  constructor(reason: string, advice = "Watch it with vmSnapshotReady.") {
    super(`Whether the snapshot is usable is unknown: ${reason} ${advice}`);
  }
}

@mutationError("UPSTREAM_REJECTED", "CloudTower rejected the change. Nothing was changed.")
export class UpstreamRejectedError extends MutationError {
  @Field(() => String, { nullable: true, description: "CloudTower's own code, if it gives one." })
  readonly upstreamCode: string | null;

  constructor(upstreamMessage: string | undefined, upstreamCode: string | undefined) {
    super(`CloudTower rejected the change: ${upstreamMessage ?? "it gives no reason"}`);
    this.upstreamCode = upstreamCode ?? null;
  }
}

@mutationError(
  "UPSTREAM_FAILED",
  "CloudTower could not be reached, or did not take the call, before this item was sent. Nothing was changed; retry later.",
)
export class UpstreamFailedError extends MutationError {
  constructor(reason: string) {
    super(`Nothing was changed: ${reason}`);
  }
}
