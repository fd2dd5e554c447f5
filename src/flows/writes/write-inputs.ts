import { Field, InputType, Int, registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import type { LockPolicy } from "./vm-write-queue.js";

/** What is done where another task holds the VM. */
export const OnLocked = { FAIL: "FAIL", WAIT: "WAIT" } as const;
registerEnumType(OnLocked, {
  name: "OnLocked",
  description: "What is done where another task holds the VM or one of its volumes.",
  valuesConfig: {
    FAIL: { description: "Answer with ResourceLockedError at once." },
    WAIT: { description: "Wait in order until the lock is over, for `maxWaitSeconds` at most." },
  },
});

/** What becomes of a file-system-consistent snapshot where the guest tools do not run. */
export const OnToolsNotRunningType = { FAIL: "FAIL", CRASH_CONSISTENT: "CRASH_CONSISTENT" } as const;
registerEnumType(OnToolsNotRunningType, {
  name: "OnToolsNotRunning",
  description: "What is done where a file-system-consistent snapshot is asked for and the guest tools do not run.",
  valuesConfig: {
    FAIL: { description: "Answer with VmToolsNotRunningError; nothing is written." },
    CRASH_CONSISTENT: { description: "Take a crash-consistent snapshot instead; the payload tells so." },
  },
});

const MAX_WAIT_SECONDS = 300;

/** What every write on a VM may be given. */
@InputType({ isAbstract: true } as object)
export abstract class LockInput {
  @Field(() => OnLocked, { defaultValue: "FAIL", description: "What is done where another task holds the VM." })
  readonly onLocked!: "FAIL" | "WAIT";

  @Field(() => Int, {
    defaultValue: 30,
    description:
      "Longest wait for a lock with `onLocked: WAIT`, in seconds, 0 to 300; the operation's deadline is extended by it.",
  })
  readonly maxWaitSeconds!: number;
}

/** @throws TowerError BAD_USER_INPUT for a wait out of bounds. */
export function lockPolicy({ onLocked, maxWaitSeconds }: LockInput): LockPolicy {
  assertSeconds("maxWaitSeconds", maxWaitSeconds, MAX_WAIT_SECONDS);
  return { onLocked, maxWaitMs: maxWaitSeconds * 1000 };
}

/** @throws TowerError BAD_USER_INPUT for a time out of bounds. */
export function assertSeconds(name: string, seconds: number, most: number): void {
  if (seconds >= 0 && seconds <= most) return;
  throw badInput(`expected ${name} of 0 to ${most}, got ${seconds}`);
}

/** Of the `task` field of payloads. */
export const TASK_DESCRIPTION =
  "The task that does it; watch it with `taskProgress`. Null where there are errors, and where it was done at once.";
