import type { CancelSignal } from "./cancellation.js";

/**
 * The outcome of the work, or a rejection with the signal's reason as soon as it is aborted; the work then goes on without its caller.
 */
export function unlessAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(signal.reason);
    const stay = () => signal.removeEventListener("abort", leave);
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(stay);
  });
}
