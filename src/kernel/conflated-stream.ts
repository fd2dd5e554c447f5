/** Key of streams without keys. */
const ONLY = "";

/**
 * A stream that keeps only the newest value, or the newest per key: a slow reader misses values in between, but never the last.
 *
 * Overflow policy: overwrite. After `end` the reader gets the pending values, then the stream completes; after `fail` it gets them,
 * then the error. One reader at a time.
 */
export class ConflatedStream<T> implements AsyncIterableIterator<T> {
  /** Created on first use: ten thousand idle streams do without it. */
  private pending: Map<string, T> | undefined;
  private closed = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  /** @param onClose called once, when the reader stops or the stream ends. */
  constructor(private readonly onClose: () => void = () => {}) {}

  /** Whether the stream is closed: further values are dropped. */
  get over(): boolean {
    return this.closed;
  }

  /** Replaces the pending value of the key. Does nothing once the stream is closed. */
  push(value: T, key = ONLY): void {
    if (this.closed) return;
    this.pending ??= new Map();
    this.pending.set(key, value);
    this.wake?.();
  }

  /** Completes the stream after the pending values. */
  end(): void {
    this.close(undefined);
  }

  /** Ends the stream with an error after the pending values. */
  fail(error: Error): void {
    this.close(error);
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      const first = this.pending?.entries().next();
      if (first !== undefined && !first.done) {
        const [key, value] = first.value;
        if (this.pending?.size === 1) this.pending = undefined;
        else this.pending?.delete(key);
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
    this.pending = undefined;
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
    this.onClose();
    this.wake?.();
  }
}
