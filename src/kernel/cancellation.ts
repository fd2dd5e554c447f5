/** Signals that a result is no longer wanted. An `AbortSignal` is one. Listen with `onAbort`. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * Calls the listener once when the signal aborts, or immediately if it already has.
 *
 * `addEventListener` on an aborted signal never fires, here as for an `AbortSignal`; use this instead.
 *
 * @returns removes the listener. Safe to call twice, and inside the listener.
 */
export function onAbort(signal: CancelSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

/**
 * A signal together with its `abort`.
 *
 * Every operation and every call has one. Node's AbortController would cost several times as much, and up to version 20 it outlives
 * its use until the next full garbage collection, with everything that its listeners hold.
 */
export class Cancellation implements CancelSignal {
  reason: unknown;
  private done = false;
  private readonly listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.done;
  }

  /** Each listener is called at most once; one that is added after the abort never is: see `onAbort`. */
  addEventListener(_: "abort", listener: () => void): void {
    if (!this.done) this.listeners.push(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    const index = this.listeners.indexOf(listener);
    if (index >= 0) this.listeners.splice(index, 1);
  }

  /** Only the first call has an effect. */
  abort(reason: unknown): void {
    if (this.done) return;
    this.done = true;
    this.reason = reason;
    // A listener removed by an earlier one is not called.
    for (let listener = this.listeners.shift(); listener !== undefined; listener = this.listeners.shift()) {
      try {
        listener();
      } catch (error) {
        // The remaining listeners must still be called.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
