import { badInput, ErrorCode, TowerError } from "../../kernel/errors.js";
import { singleFlight } from "../../kernel/single-flight.js";
import { readCount } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readOldestTime } from "./lists/newest-time.js";
import { timeText } from "./lists/time-pages.js";

/** How far a time may be ahead of this gateway's clock before it counts as one in the future. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** @param newest time in CloudTower's list. @throws TowerError BAD_USER_INPUT for a cursor of a time that has not come. */
export function checkNotInFuture(at: number, newest: number): void {
  if (at <= newest || at <= Date.now() + CLOCK_TOLERANCE_MS) return;
  throw badInput(
    `"after" must not be a cursor of a time in the future, got one of ${timeText(at)}. Start from eventCursor.`,
  );
}

/** How long the oldest time is believed, in ms. */
const MEMORY_MS = 10_000;

/**
 * Checks whether CloudTower still shows everything since a time. It forgets old tasks; one whose whole list fits a page has not done so yet,
 * as far as anybody can tell.
 */
export class ExpiryCheck {
  private oldest: { readonly at: number | undefined; readonly readAt: number } | undefined;
  private readonly read = singleFlight(() => this.readOldest());

  constructor(private readonly session: UpstreamSession) {}

  /** @throws TowerError CURSOR_EXPIRED with the time of the oldest task. */
  async check(at: number): Promise<void> {
    const isFresh = this.oldest !== undefined && performance.now() - this.oldest.readAt < MEMORY_MS;
    const oldest = isFresh ? this.oldest?.at : await this.read();
    if (oldest === undefined || at >= oldest) return;
    const message = `The cursor is of ${timeText(at)}, but the oldest task that CloudTower shows ended at ${timeText(oldest)}. Events may be missing: read the current state, then go on from eventCursor.`;
    throw new TowerError(ErrorCode.CursorExpired, message, { details: { oldest: timeText(oldest) } });
  }

  /** Undefined if there is none, or nothing can have been forgotten. */
  private async readOldest(): Promise<number | undefined> {
    const [oldest, count] = await Promise.all([
      readOldestTime(this.session, "Task"),
      readCount(this.session, "Task", undefined),
    ]);
    const at = count < this.session.options.rowsPerCall ? undefined : oldest;
    this.oldest = { at, readAt: performance.now() };
    return at;
  }
}
