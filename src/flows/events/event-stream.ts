import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { FeedEvent } from "./event.types.js";

/** Durable events that a reader may have to catch up on. */
export const MAX_LAG = 1_000;

/** What a stream reads before it is up to date: the events since its cursor. */
export interface Replay<E> {
  /** The next event; undefined once there are no more, and the stream gets those that happen from then on. */
  next(): Promise<E | undefined>;
  /** Whether there is nothing to read at this moment. */
  readonly isAtEnd: boolean;
  /** Releases what it holds. Safe to call twice. */
  close(): void;
}

/**
 * The events of one subscription, in order.
 *
 * Overflow policy: a reader that is more than MAX_LAG durable events behind gets EVENTS_LAGGED with the cursor of what it got last. Of the
 * progress of a task it gets the newest, and of bookmarks too. One reader at a time.
 */
export class EventStream<E extends FeedEvent> implements AsyncIterableIterator<E> {
  private queue: (E | undefined)[] = [];
  /** Number of items of the queue that were read; they are removed together. */
  private taken = 0;
  private durable = 0;
  /** The index in the queue of the progress of each task. Created on first use: ten thousand idle streams do without it. */
  private progress: Map<string, number> | undefined;
  private bookmark: E | undefined;
  private closed = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  /**
   * @param cursor where the stream begins.
   * @param replay undefined for a stream that is up to date.
   * @param onClose called once, when the reader stops or the stream ends.
   */
  constructor(
    private cursor: string,
    private replay: Replay<E> | undefined,
    private readonly onClose: () => void,
  ) {}

  /** Whether the stream gets events as they happen. */
  get isLive(): boolean {
    return this.replay === undefined;
  }

  /** Adds an event. Does nothing once the stream is closed. */
  push(event: E): void {
    if (this.closed) return;
    if (event.kind === "BOOKMARK") this.bookmark = event;
    else if (event.isDurable) this.pushDurable(event);
    else this.pushProgress(event);
    this.wake?.();
  }

  /** Ends the stream with an error after the pending events. */
  fail(error: Error): void {
    this.close(error);
  }

  async next(): Promise<IteratorResult<E>> {
    for (;;) {
      const event = this.closed && this.replay !== undefined ? undefined : ((await this.replayed()) ?? this.shift());
      if (event !== undefined) {
        this.cursor = event.cursor;
        return { done: false, value: event };
      }
      if (this.error !== undefined) {
        const { error } = this;
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

  async return(): Promise<IteratorResult<E>> {
    this.clear();
    this.error = undefined;
    this.close(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async replayed(): Promise<E | undefined> {
    if (this.replay === undefined) return undefined;
    try {
      const event = await this.replay.next();
      if (event === undefined) this.replay = undefined;
      return event;
    } catch (error) {
      this.close(error as Error);
      return undefined;
    }
  }

  private pushDurable(event: E): void {
    if (this.durable >= MAX_LAG) {
      const { cursor } = this;
      this.clear();
      this.close(lagged(cursor));
      return;
    }
    this.durable += 1;
    this.bookmark = undefined;
    this.queue.push(event);
    if (event.subject !== null) this.progress?.delete(event.subject);
  }

  /**
   * Replaces the pending progress of the task by one at the end of the queue: its cursor says that everything before it was delivered, so
   * it must not come before.
   */
  private pushProgress(event: E): void {
    const subject = event.subject ?? "";
    this.progress ??= new Map();
    const pending = this.progress.get(subject);
    if (pending !== undefined) this.queue[pending] = undefined;
    this.bookmark = undefined;
    this.progress.set(subject, this.queue.length);
    this.queue.push(event);
    if (this.queue.length > 2 * (this.durable + this.progress.size) + MAX_LAG) this.compact();
  }

  private shift(): E | undefined {
    while (this.taken < this.queue.length) {
      const event = this.queue[this.taken];
      if (event !== undefined && this.progress?.get(event.subject ?? "") === this.taken) {
        this.progress.delete(event.subject ?? "");
      }
      this.queue[this.taken] = undefined;
      this.taken += 1;
      if (event === undefined) continue;
      if (this.taken === this.queue.length) this.compact();
      if (event.isDurable) this.durable -= 1;
      return event;
    }
    if (this.queue.length > 0) this.compact();
    const { bookmark } = this;
    this.bookmark = undefined;
    return bookmark;
  }

  /** Removes what was read or replaced. */
  private compact(): void {
    this.queue = this.queue.filter((event) => event !== undefined);
    this.taken = 0;
    for (const [index, event] of this.queue.entries()) {
      if (event?.kind === "PROGRESSED") this.progress?.set(event.subject ?? "", index);
    }
  }

  private clear(): void {
    this.queue = [];
    this.taken = 0;
    this.durable = 0;
    this.progress = undefined;
    this.bookmark = undefined;
  }

  private close(error: Error | undefined): void {
    if (this.closed) return;
    this.closed = true;
    this.error = error;
    this.replay?.close();
    this.onClose();
    this.wake?.();
  }
}

/** The error of a reader that is too slow. */
export function lagged(cursor: string): TowerError {
  const message = `The reader lags behind by more than ${MAX_LAG} events. Subscribe again with "after" set to the cursor of this error.`;
  return new TowerError(ErrorCode.EventsLagged, message, { details: { cursor } });
}
