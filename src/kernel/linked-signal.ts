import { Cancellation, type CancelSignal } from "./cancellation.js";

/** A signal that follows others, and must be let go. */
export interface LinkedSignal {
  readonly signal: CancelSignal;
  /** Lets go of the others and of the timer. Safe to call twice. */
  dispose(): void;
}

/**
 * A signal that aborts with the first of the others, or with `reason` after the time.
 *
 * It leaves nothing behind on a signal that lives as long as the process.
 */
export function linkedSignal(others: readonly CancelSignal[], milliseconds?: number, reason?: Error): LinkedSignal {
  const signal = new Cancellation();
  const follow = () => signal.abort(others.find((other) => other.aborted)?.reason);
  const timer = milliseconds === undefined ? undefined : setTimeout(() => signal.abort(reason), milliseconds);
  for (const other of others) other.addEventListener("abort", follow, { once: true });
  if (others.some((other) => other.aborted)) follow();
  return {
    signal,
    dispose() {
      clearTimeout(timer);
      for (const other of others) other.removeEventListener("abort", follow);
    },
  };
}
