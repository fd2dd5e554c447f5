/** The key of streams that have one value only. */
const ONLY = "";

/**
 * A stream that keeps only its newest value, or its newest value for each key: a slow reader misses what lay between, but never the
 * last one.
 *
 * Overflow policy: overwrite. `end` lets the reader take what is waiting and then completes; `fail` does the same and throws. Only
 * one reader at a time.
 */
export class ConflatedStream<T> implements AsyncIterableIterator<T> {
  /** Made when first needed: ten thousand streams wait without one. */
  private waiting: Map<string, T> | undefined;
  private closed = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  /** @param leave called once, when the reader stops or the stream is over. */
  constructor(private readonly leave: () => void = () => {}) {}

  /** Whether nothing is taken any more. */
  get over(): boolean {
    return this.closed;
  }

  /** Replaces what is waiting under the key. Dropped once the stream is closed. */
  push(value: T, key = ONLY): void {
    if (this.closed) return;
    this.waiting ??= new Map();
    this.waiting.set(key, value);
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
      const first = this.waiting?.entries().next();
      if (first !== undefined && !first.done) {
        const [key, value] = first.value;
        if (this.waiting?.size === 1) this.waiting = undefined;
        else this.waiting?.delete(key);
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
