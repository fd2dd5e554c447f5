import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import { asError } from "../../kernel/errors.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { LoopAccess, LoopPart } from "../watch/loop-part.js";
import { type PollFailure, PollLane, type PollTarget } from "../watch/poll-lane.js";
import type { FeedEvent } from "./event.types.js";
import type { Accepts } from "./event-conditions.js";
import { EventStream, type Replay } from "./event-stream.js";
import { ExpiryCheck } from "./feed-limits.js";

/** Windows of the feeds, in ms. */
export interface EventWindows {
  /** How far a tick reads back. */
  readonly overlapMs: number;
  /** How far a sweep reads back: what becomes visible later is not promised. */
  readonly sweepMs: number;
}

/** Between two sweeps. */
const SWEEP_PAUSE_MS = 30_000;
/** Between two bookmarks. */
export const BOOKMARK_PAUSE_MS = 20_000;
/** Events of replays that are kept for further streams that resume at the same place. */
const MAX_SHARED_EVENTS = 2_000;

/** A stream that is up to date, with its filter. */
interface Member<E extends FeedEvent> {
  readonly stream: EventStream<E>;
  readonly accepts: Accepts<E["facts"]>;
}

/**
 * A feed of one credential and language: polls its list in the lane of the loop while there are streams, and gives each stream what
 * happens, from where it begins.
 */
export abstract class EventFeed<E extends FeedEvent> implements LoopPart, PollTarget<EventFeed<E>> {
  abstract readonly stage: string;
  private readonly lane: PollLane<EventFeed<E>>;
  private readonly live = new Set<Member<E>>();
  private readonly streams = new Set<EventStream<E>>();
  private readonly shared = new LRUCache<string, E>({ max: MAX_SHARED_EVENTS });
  private readonly expiry: ExpiryCheck;
  private users = 0;
  private lastSweepAt = Number.NEGATIVE_INFINITY;
  /** When the last read that succeeded began, or the first stream arrived. */
  private readAt = performance.now();
  private waiting: { resolve(): void; reject(error: Error): void }[] = [];
  private bookmarks: NodeJS.Timeout | undefined;

  constructor(
    protected readonly access: LoopAccess,
    protected readonly windows: EventWindows,
  ) {
    this.lane = new PollLane<EventFeed<E>>(this, { batchSize: 1, pollsPerTick: 1 }, access.reports);
    this.expiry = new ExpiryCheck(access.session);
  }

  /** Number of streams, and of other parts that need the feed. */
  get size(): number {
    return this.users;
  }

  get isFailing(): boolean {
    return this.lane.isFailing;
  }

  get lagMs(): number {
    return this.users === 0 ? 0 : performance.now() - this.readAt;
  }

  tick(session: UpstreamSession, onlyFresh: boolean): void {
    this.lane.tick(session, onlyFresh);
  }

  abstract isQuick(now: number): boolean;

  /** Reads the list and tells the streams what is new. @param isSweep whether to read back as far as what may become visible late. */
  protected abstract read(session: UpstreamSession, isSweep: boolean): Promise<void>;

  protected abstract bookmark(): E;

  fail(error: Error): void {
    for (const stream of [...this.streams]) stream.fail(error);
    this.settle(error);
  }

  stop(reason: unknown): void {
    this.lane.stop(reason);
  }

  *clientsOf(): Iterable<string> {
    if (this.users > 0) yield "events";
  }

  refused(_: EventFeed<E>, error: Error): void {
    this.fail(error);
  }

  async poll(session: UpstreamSession): Promise<readonly PollFailure<EventFeed<E>>[]> {
    const waiting = this.waiting;
    this.waiting = [];
    const now = performance.now();
    const isSweep = waiting.length > 0 || now - this.lastSweepAt >= SWEEP_PAUSE_MS;
    try {
      await this.read(session, isSweep);
      this.readAt = now;
      if (isSweep) this.lastSweepAt = now;
      for (const { resolve } of waiting) resolve();
      return [];
    } catch (thrown) {
      for (const { reject } of waiting) reject(asError(thrown));
      throw thrown;
    }
  }

  /** Resolves after a sweep that has begun after the call. */
  refreshed(): Promise<void> {
    this.access.hurry();
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  /** Keeps the feed polling until `release`. */
  use(): void {
    this.users += 1;
    if (this.users === 1) {
      this.readAt = performance.now();
      this.lane.add(this, "events");
      this.bookmarks = setInterval(() => {
        if (this.hasListeners) this.tell(this.bookmark());
      }, BOOKMARK_PAUSE_MS);
    }
    this.access.arrive();
  }

  release(): void {
    this.users -= 1;
    if (this.users === 0) {
      this.lane.remove(this);
      clearInterval(this.bookmarks);
      this.idle();
    }
    this.access.leave();
  }

  /** Reports a row that cannot be evaluated: it concerns itself alone. */
  protected reportOddRow(error: Error): void {
    this.access.reports.settled({ stage: this.stage, entries: [this], error, oddRow: true }, true);
  }

  /** @throws TowerError CURSOR_EXPIRED if CloudTower no longer shows everything since a time. */
  protected checkNotExpired(at: number): Promise<void> {
    return this.expiry.check(at);
  }

  /** Called when nobody needs the feed any longer. */
  protected idle(): void {}

  /**
   * Opens a stream for a feed that is in use; the stream releases it.
   *
   * @param replayOf creates what the stream reads before it is up to date; undefined if it is.
   */
  protected open(cursor: string, accepts: Accepts<E["facts"]>, replay: Replay<E> | undefined): EventStream<E> {
    const bookmark = this.bookmark();
    const member = { accepts } as { -readonly [K in keyof Member<E>]: Member<E>[K] };
    const live = () => {
      if (this.streams.has(member.stream)) this.live.add(member);
    };
    const stream: EventStream<E> = new EventStream<E>(cursor, replay && this.ending(replay, live), () => {
      this.live.delete(member);
      this.streams.delete(stream);
      this.release();
    });
    member.stream = stream;
    this.streams.add(stream);
    if (replay === undefined) {
      live();
      stream.push(bookmark);
    }
    return stream;
  }

  /** The streams that are up to date get the event, if it fits. */
  protected tell(event: E): void {
    const verdicts = new Map<Accepts<E["facts"]>, boolean>();
    for (const { stream, accepts } of this.live) {
      let fits = verdicts.get(accepts);
      if (fits === undefined) {
        fits = event.kind === "BOOKMARK" || accepts(event.facts);
        verdicts.set(accepts, fits);
      }
      if (fits) stream.push(event);
    }
  }

  /** Whether anyone gets events as they happen. */
  protected get hasListeners(): boolean {
    return this.live.size > 0;
  }

  /** The event of a replay: one for all streams that get it with the same cursor. */
  protected sharedEvent(cursor: string, id: string, create: () => E): E {
    const key = `${cursor} ${id}`;
    let event = this.shared.get(key);
    if (event === undefined) {
      event = create();
      this.shared.set(key, event);
    }
    return event;
  }

  /** A replay that puts its stream among the live ones in the moment in which it has no more events. */
  private ending(replay: Replay<E>, live: () => void): Replay<E> {
    return {
      next: async () => {
        let event = await replay.next();
        // Something may have happened since: between this check and `live` nothing can.
        while (event === undefined && !replay.isAtEnd) event = await replay.next();
        if (event === undefined) {
          live();
          replay.close();
        }
        return event;
      },
      get isAtEnd() {
        return replay.isAtEnd;
      },
      close: () => replay.close(),
    };
  }

  private settle(error: Error): void {
    const { waiting } = this;
    this.waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}

/** Id of a bookmark: each is one of its own. */
export function bookmarkId(): string {
  return `BOOKMARK:${randomUUID()}`;
}
