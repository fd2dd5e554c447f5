import type { CancelSignal } from "./cancellation.js";

/** How long to wait before a further try: exponential, with full jitter so that many callers spread out. */
export interface Backoff {
  /** Upper bound before the first further try, in milliseconds. */
  readonly firstMs: number;
  /** Upper bound however many tries there were, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Milliseconds to wait before try number `attempt` (2 is the first repeat).
 *
 * At least half of the bound is waited, so that a repeat is never immediate.
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const bound = Math.min(maxMs, firstMs * 2 ** Math.max(0, attempt - 2));
  return bound / 2 + (bound / 2) * random();
}

/**
 * Resolves after the time, or rejects with the signal's reason as soon as it is aborted.
 *
 * The timer does not keep the process alive.
 */
export function wait(milliseconds: number, signal?: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    timer.unref();
    signal?.addEventListener("abort", stop, { once: true });
  });
}
