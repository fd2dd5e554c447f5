import { Field, InputType, Int, registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import type { LockPolicy } from "./run-writes.js";

/** Maximum of `maxWaitSeconds`: how long a write may wait for a lock. */
const MAX_LOCK_WAIT_SECONDS = 300;
/** Maximum of `waitSeconds`: how long a mutation may wait until its snapshot is usable. */
const MAX_READY_WAIT_SECONDS = 600;

/** Behavior if another task locks what is to be written. */
export const OnLocked = { FAIL: "FAIL", WAIT: "WAIT" } as const;
registerEnumType(OnLocked, {
  name: "OnLocked",
  description: "What to do if another task locks the VM, one of its volumes, or the consistency group.",
  valuesConfig: {
    FAIL: { description: "Fail immediately with ResourceLockedError." },
    WAIT: { description: "Wait in line until the lock is released, at most `maxWaitSeconds`." },
  },
});

/** Behavior if a file-system-consistent snapshot is requested and the guest tools are not running. */
export const OnToolsNotRunningType = { FAIL: "FAIL", CRASH_CONSISTENT: "CRASH_CONSISTENT" } as const;
registerEnumType(OnToolsNotRunningType, {
  name: "OnToolsNotRunning",
  description: "What to do if a file-system-consistent snapshot is requested and the guest tools are not running.",
  valuesConfig: {
    FAIL: { description: "Fail with VmToolsNotRunningError; nothing is written." },
    CRASH_CONSISTENT: { description: "Take a crash-consistent snapshot instead; the payload's `consistency` says so." },
  },
});

/** Input fields of every write on a VM or a consistency group. */
@InputType({ isAbstract: true } as object)
export abstract class LockInput {
  @Field(() => OnLocked, {
    defaultValue: "FAIL",
    description: "What to do if another task locks what is to be written.",
  })
  readonly onLocked!: "FAIL" | "WAIT";

  @Field(() => Int, {
    defaultValue: 30,
    description: `Maximum wait for a lock with \`onLocked: WAIT\`, in seconds, 0 to ${MAX_LOCK_WAIT_SECONDS}. Extends the operation's deadline.`,
  })
  readonly maxWaitSeconds!: number;
}

/** Description of `waitSeconds`. */
export const WAIT_DESCRIPTION = `Wait until the snapshot is usable, at most this many seconds, 0 to ${MAX_READY_WAIT_SECONDS}, and return the state reached; 0 does not wait. Extends the operation's deadline.`;

/** Description of `waitSeconds` of a write that takes several steps. */
export const STEPS_WAIT_DESCRIPTION = `How long to wait for the tasks of the steps, in seconds, 0 to ${MAX_READY_WAIT_SECONDS}; 0 does not wait. Repeating the call goes on. Extends the operation's deadline.`;

/** Description of the `task` of payloads. */
export const TASK_DESCRIPTION =
  "The task that does it; watch it with `taskProgress`. Null if there are errors, or if it was done immediately.";

/** @throws TowerError BAD_USER_INPUT if `maxWaitSeconds` is out of range. */
export function lockPolicy({ onLocked, maxWaitSeconds }: LockInput): LockPolicy {
  return { onLocked, maxWaitMs: milliseconds("maxWaitSeconds", maxWaitSeconds, MAX_LOCK_WAIT_SECONDS) };
}

/** @throws TowerError BAD_USER_INPUT if `waitSeconds` is out of range. */
export function readyWaitMs({ waitSeconds }: { readonly waitSeconds: number }): number {
  return milliseconds("waitSeconds", waitSeconds, MAX_READY_WAIT_SECONDS);
}

function milliseconds(name: string, seconds: number, max: number): number {
  if (seconds < 0 || seconds > max) throw badInput(`${name} must be between 0 and ${max}, got ${seconds}.`);
  return seconds * 1000;
}
