import { wait } from "../../kernel/backoff.js";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import type { WriteLimits } from "./vm-writes.js";

/** Repeats a step until it returns true, for at most `verifyMs` or until it is cancelled; a failed step is repeated. Never fails. */
export async function forVerifyTime(
  { verifyMs, pollMs }: WriteLimits,
  cancel: CancelSignal,
  step: (signal: CancelSignal) => Promise<boolean>,
  maxSteps = Number.POSITIVE_INFINITY,
): Promise<void> {
  const limit = linkedSignal([cancel], verifyMs, new Error("The time to look is over."));
  try {
    for (let steps = 1; !limit.signal.aborted; steps += 1) {
      if ((await step(limit.signal).catch(() => false)) || steps >= maxSteps) return;
      await wait(pollMs, limit.signal);
    }
  } catch {
    // The time is over, or the result is no longer wanted.
  } finally {
    limit.dispose();
  }
}
