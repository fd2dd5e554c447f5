/** What tells work that nobody waits for it any more. An `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once: true }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * A signal together with its switch.
 *
 * Every operation and every call has one. Node's AbortController would cost several times as much, and up to version 20 it outlives
 * its use until the next full garbage collection, with all that its listeners hold.
 */
export class Cancellation implements CancelSignal {
  reason: unknown;
  private told = false;
  private readonly listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.told;
  }

  /** Each listener is told at most once; one that was added afterwards never is. */
  addEventListener(_: "abort", listener: () => void): void {
    if (!this.told) this.listeners.push(listener);
  }

  removeEventListener(_: "abort", listener: () => void): void {
    const index = this.listeners.indexOf(listener);
    if (index >= 0) this.listeners.splice(index, 1);
  }

  /** Only the first call counts. */
  abort(reason: unknown): void {
    if (this.told) return;
    this.told = true;
    this.reason = reason;
    // One that leaves meanwhile is not told.
    for (let listener = this.listeners.shift(); listener !== undefined; listener = this.listeners.shift()) {
      try {
        listener();
      } catch (error) {
        // The others must be told all the same.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
