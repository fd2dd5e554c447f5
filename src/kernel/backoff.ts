import { type CancelSignal, onAbort } from "./cancellation.js";

/** Pause before a retry: exponential, with random jitter so that many callers spread out. */
export interface Backoff {
  /** Upper bound before the first retry, in milliseconds. */
  readonly firstMs: number;
  /** Upper bound before any retry, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Milliseconds to wait before attempt number `attempt` (2 is the first retry).
 *
 * At least half of the bound, so that a retry is never immediate.
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const bound = Math.min(maxMs, firstMs * 2 ** Math.max(0, attempt - 2));
  return bound / 2 + (bound / 2) * random();
}

/**
 * Resolves after the time, or rejects with the signal's reason as soon as it aborts.
 *
 * The timer does not keep the process alive.
 */
export function wait(milliseconds: number, signal?: CancelSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let stopListening = () => {};
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, milliseconds);
    timer.unref();
    if (signal === undefined) return;
    stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
