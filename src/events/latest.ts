/**
 * A stream that keeps only its newest value: a slow reader misses what lay between, but never the last one.
 *
 * Overflow policy: overwrite. `end` lets the reader take what is waiting and then completes; `fail` does the same and throws.
 */
export class Latest<T> implements AsyncIterableIterator<T> {
  private waiting: { value: T } | undefined;
  private closed = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  /** @param leave called once, when the reader stops or the stream is over. */
  constructor(private readonly leave: () => void = () => {}) {}

  /** Replaces what is waiting. Dropped once the stream is closed. */
  push(value: T): void {
    if (this.closed) return;
    this.waiting = { value };
    this.wake?.();
  }

  /** Completes the stream behind what is waiting. */
  end(): void {
    this.close(undefined);
  }

  /** Ends the stream with an error behind what is waiting. */
  fail(error: Error): void {
    this.close(error);
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.waiting !== undefined) {
        const { value } = this.waiting;
        this.waiting = undefined;
        return { done: false, value };
      }
      if (this.error !== undefined) {
        const error = this.error;
        this.error = undefined;
        throw error;
      }
      if (this.closed) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.waiting = undefined;
    this.error = undefined;
    this.close(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private close(error: Error | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.error = error;
    this.leave();
    this.wake?.();
  }
}
