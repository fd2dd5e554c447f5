import type { CancelSignal } from "../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";

/** An event of a feed, as a webhook receives it. */
export interface WebhookEvent {
  /** Where a stream that resumes after this event begins. */
  readonly cursor: string;
  /** The same for the same event, in every stream and after every restart. */
  readonly id: string;
  /** Whether the event is only a cursor, which is not delivered. */
  readonly isBookmark: boolean;
  /** When it happened, in milliseconds since 1970; null if unknown. */
  readonly at: number | null;
  /** Reads the selection anew: a late delivery reports the state of then. Never rejects; gives up when the signal aborts. */
  read(signal: CancelSignal): Promise<ReadEvent>;
}

/** The selection of an event. */
export type ReadEvent =
  /** `body` is the JSON to send. */
  | { readonly complete: true; readonly body: string }
  /** `isTransient`: CloudTower does not respond, so that nothing can be said about the selection itself. */
  | { readonly complete: false; readonly message: string; readonly isTransient: boolean };

/** The events that one webhook delivers. */
export interface EventSource {
  /** Root field of its document, such as `vmSnapshotEvents`: a cursor of another is not valid here. */
  readonly feed: string;
  /**
   * The events after a cursor, or from now on. The first event comes immediately and is a bookmark, unless there is something to catch
   * up. Ends when the signal aborts.
   *
   * @throws CursorExpiredError, StreamLaggedError, or any other error if the feed cannot be read.
   */
  open(after: string | undefined, signal: CancelSignal): AsyncIterable<WebhookEvent>;
}

/** Events after the cursor can no longer be read. */
export class CursorExpiredError extends TowerError {
  constructor(
    message: string,
    /** Time of the oldest events that can be read, as RFC 3339 text. */
    readonly oldestAt: string,
    /** Their cursor. */
    readonly oldest: string,
  ) {
    super(ErrorCode.CursorExpired, message, { details: { oldest: oldestAt } });
  }
}

/** The stream ended because its reader was too slow; it can be opened again. */
export class StreamLaggedError extends Error {
  override readonly name = "StreamLaggedError";
}
