import { setMaxListeners } from "node:events";

/** A signal that follows others, and must be let go. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Lets go of the others and of the timer. Safe to call twice. */
  dispose(): void;
}

/**
 * A signal that aborts with the first of the others, or with `reason` after the time.
 *
 * Unlike `AbortSignal.any` it leaves nothing behind on a signal that lives as long as the process.
 */
export function linkedSignal(others: readonly AbortSignal[], milliseconds?: number, reason?: Error): LinkedSignal {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const follow = () => controller.abort(others.find((other) => other.aborted)?.reason);
  const timer = milliseconds === undefined ? undefined : setTimeout(() => controller.abort(reason), milliseconds);
  for (const other of others) other.addEventListener("abort", follow, { once: true });
  if (others.some((other) => other.aborted)) follow();
  return {
    signal: controller.signal,
    dispose() {
      clearTimeout(timer);
      for (const other of others) other.removeEventListener("abort", follow);
    },
  };
}
