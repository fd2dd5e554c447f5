import { backoffMs } from "../../kernel/backoff.js";
import { Deadline } from "../../kernel/deadline.js";
import { asError, ErrorCode, TowerError } from "../../kernel/errors.js";
import { chunk } from "../../kernel/group.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { Turns } from "./turns.js";
import { FAILURE_BACKOFF, MAX_FAILURES_IN_A_ROW, MAX_REFUSALS_IN_A_ROW, POLL_TIMEOUT_MS } from "./watch-limits.js";

/** Entries whose read failed, with the error. */
export interface PollFailure<E> {
  /** What was read, for the log: `tasks`, `snapshots`, ... */
  readonly stage: string;
  readonly entries: readonly E[];
  readonly error: Error;
  /** Whether the read succeeded, but the row of an entry could not be evaluated. @default false */
  readonly oddRow?: boolean;
}

/** What a lane polls. */
export interface PollTarget<E> {
  /** What it reads, for the log. */
  readonly stage: string;
  /** Reads the entries, applies what it finds, and returns what failed; the other entries have been read. Rejections concern all. */
  poll(session: UpstreamSession, entries: readonly E[]): Promise<readonly PollFailure<E>[]>;
  /** The clients that watch an entry; none if it is no longer watched. */
  clientsOf(entry: E): Iterable<string>;
  /** Ends the watchers of an entry that CloudTower does not permit to read. */
  refused(entry: E, error: Error): void;
  /** A poll of the entry alone has failed, or its row was odd: may end watchers that have waited for too long. Must not throw. */
  failedAlone?(session: UpstreamSession, entry: E, oddRow: boolean): Promise<void>;
}

/** What a lane reports to its loop. */
export interface LaneReports {
  /** A poll has ended. `failure` is the first one, if there is one; `failing` tells whether any entry of the lane is failing. */
  settled(failure: PollFailure<unknown> | undefined, anySuccess: boolean): void;
  /** CloudTower does not accept the credential. */
  credentialRefused(error: Error): void;
}

/** Number of parts that a failed group is split into. */
const PARTS = 8;

interface Group<E> {
  readonly entries: readonly E[];
  readonly attempts: number;
  readonly notBefore: number;
}

/**
 * Polls entries in turns, many with one call. Each poll settles by itself: what one brings or breaks does not concern the others.
 *
 * If a poll of several entries fails twice in a way that one of them can cause, its parts are polled separately, until the entries that
 * cause it are alone; those are retried with growing pauses, apart from the rest. After many failures in a row it was CloudTower that
 * failed: with the first success all are polled together again. What CloudTower does not permit is refused; after many refusals in a row
 * it is the caller who lacks the permission, and the rest is refused unread.
 */
export class PollLane<E> {
  /** Entries that have not been polled yet. */
  private readonly fresh = new Turns<E>();
  private readonly waiting = new Turns<E>();
  /** Entries that are being polled, or wait apart from the others. */
  private readonly apart = new Set<E>();
  private retries: Group<E>[] = [];
  private readonly running = new Set<Deadline>();
  /** Number of running polls of entries that failed before: if they hang, the others still have their own. */
  private runningRetries = 0;
  private readonly failing = new Set<E>();
  /** Number of polls that failed since one succeeded. */
  private failuresInARow = 0;
  /** Number of entries that were refused alone since a poll succeeded. */
  private refusalsInARow = 0;
  private isStopped = false;

  constructor(
    private readonly target: PollTarget<E>,
    private readonly limits: { readonly batchSize: number; readonly pollsPerTick: number },
    private readonly reports: LaneReports,
  ) {}

  /** Whether the last read of any entry failed. */
  get isFailing(): boolean {
    return this.failing.size > 0;
  }

  /** Adds an entry, or further clients of an entry; it is polled from now on, until `remove`. */
  add(entry: E, client: string): void {
    if (this.apart.has(entry)) return;
    (this.waiting.has(entry) ? this.waiting : this.fresh).put(entry, [client]);
  }

  /** Stops polling the entry. */
  remove(entry: E): void {
    this.fresh.remove(entry);
    this.waiting.remove(entry);
    this.apart.delete(entry);
    this.failing.delete(entry);
  }

  /** Begins the polls that are due, without waiting for them. @param onlyFresh only of entries that have not been polled yet. */
  tick(session: UpstreamSession, onlyFresh: boolean): void {
    const { pollsPerTick, batchSize } = this.limits;
    const now = performance.now();
    const retries = onlyFresh ? [] : this.takeRetries(now, pollsPerTick - this.runningRetries);
    for (const group of retries) void this.retry(session, group);
    const running = this.running.size - this.runningRetries;
    for (let free = Math.min(pollsPerTick, 2 * pollsPerTick - running); free > 0; free -= 1) {
      const entries = this.fresh.take(batchSize);
      if (!onlyFresh) entries.push(...this.waiting.take(batchSize - entries.length));
      if (entries.length === 0) break;
      void this.run(session, { entries, attempts: 0, notBefore: now });
    }
  }

  /** Cancels all polls. Safe to call twice. */
  stop(reason: unknown): void {
    this.isStopped = true;
    for (const limit of this.running) limit.cancel(reason);
  }

  private takeRetries(now: number, max: number): Group<E>[] {
    const taken: Group<E>[] = [];
    const left: Group<E>[] = [];
    for (const group of this.retries) (taken.length < max && group.notBefore <= now ? taken : left).push(group);
    this.retries = left;
    return taken;
  }

  private async retry(session: UpstreamSession, group: Group<E>): Promise<void> {
    this.runningRetries += 1;
    await this.run(session, group);
    this.runningRetries -= 1;
  }

  private async run(session: UpstreamSession, group: Group<E>): Promise<void> {
    const entries = group.entries.filter((entry) => this.isWatched(entry));
    if (entries.length === 0) return;
    for (const entry of entries) this.apart.add(entry);
    const limit = new Deadline(POLL_TIMEOUT_MS);
    this.running.add(limit);
    let failures: readonly PollFailure<E>[];
    try {
      failures = await this.target.poll(session.detached(limit.signal), entries);
    } catch (thrown) {
      failures = [{ stage: this.target.stage, entries, error: asError(thrown) }];
    } finally {
      this.running.delete(limit);
      limit.dispose();
    }
    for (const { entries: failed, oddRow = false } of this.isStopped ? [] : failures) {
      const [entry] = failed;
      if (failed.length > 1 || (entries.length > 1 && !oddRow) || entry === undefined) continue;
      await this.target.failedAlone?.(session, entry, oddRow);
    }
    if (!this.isStopped) this.settle({ ...group, entries }, failures);
  }

  private settle({ entries, attempts }: Group<E>, failures: readonly PollFailure<E>[]): void {
    const refusal = failures.find(({ error }) => hasCode(error, ErrorCode.Unauthenticated));
    if (refusal !== undefined) {
      this.reports.credentialRefused(refusal.error);
      return;
    }
    const failed = new Set(failures.flatMap((failure) => failure.entries));
    for (const entry of entries) {
      if (failed.has(entry)) continue;
      this.failing.delete(entry);
      this.again(entry);
    }
    // A refusal is an answer: CloudTower works.
    const isAnswered = failures.every(({ error }) => hasCode(error, ErrorCode.Forbidden));
    if (failed.size < entries.length) this.succeeded();
    else if (!isAnswered) this.failuresInARow += 1;
    const [worrying] = failures.filter((failure) => this.settleFailure(failure, attempts));
    this.reports.settled(worrying, isAnswered || failed.size < entries.length);
  }

  /** @returns whether the entries are still watched, and could not be read. */
  private settleFailure({ entries, error, oddRow }: PollFailure<E>, attempts: number): boolean {
    const watched = entries.filter((entry) => this.isWatched(entry));
    if (hasCode(error, ErrorCode.Forbidden)) {
      this.settleRefusal(watched, error);
      return false;
    }
    for (const entry of watched) this.failing.add(entry);
    if (oddRow || !mayBeCausedByOne(error)) for (const entry of watched) this.again(entry);
    else this.isolate(watched, attempts);
    return watched.length > 0;
  }

  /** One id can be the reason: those that CloudTower permits must not share its fate. */
  private settleRefusal(entries: readonly E[], error: Error): void {
    if (entries.length > 1 && this.refusalsInARow < MAX_REFUSALS_IN_A_ROW) {
      // Parts of it come first, so that it soon turns out whether all are refused.
      this.retries.unshift(...partsOf(entries, 1, performance.now()));
      return;
    }
    this.refusalsInARow += entries.length;
    for (const entry of entries) this.target.refused(entry, error);
    if (this.refusalsInARow >= MAX_REFUSALS_IN_A_ROW) this.pollTogether();
  }

  /** What failed once is polled again as it is, then in parts; what fails alone is polled after growing pauses. */
  private isolate(entries: readonly E[], attempts: number): void {
    if (entries.length === 0) return;
    const now = performance.now();
    if (attempts === 0) {
      this.retries.push({ entries, attempts: 1, notBefore: now });
    } else if (entries.length > 1) {
      this.retries.push(...partsOf(entries, attempts, now));
    } else {
      this.retries.push({ entries, attempts: attempts + 1, notBefore: now + backoffMs(attempts + 1, FAILURE_BACKOFF) });
    }
  }

  private succeeded(): void {
    const wasDown = this.failuresInARow > MAX_FAILURES_IN_A_ROW;
    this.failuresInARow = 0;
    this.refusalsInARow = 0;
    if (wasDown) this.pollTogether();
  }

  private pollTogether(): void {
    for (const { entries } of this.retries) for (const entry of entries) if (this.isWatched(entry)) this.again(entry);
    this.retries = [];
  }

  private again(entry: E): void {
    this.apart.delete(entry);
    this.waiting.put(entry, this.target.clientsOf(entry));
  }

  private isWatched(entry: E): boolean {
    for (const _ of this.target.clientsOf(entry)) return true;
    return false;
  }
}

/** More than two: if an entry makes calls hang, each round takes as long as a poll may take. */
function partsOf<E>(entries: readonly E[], attempts: number, notBefore: number): Group<E>[] {
  return chunk(entries, Math.ceil(entries.length / PARTS)).map((part) => ({ entries: part, attempts, notBefore }));
}

/**
 * Whether one entry among several can make a poll fail. That CloudTower cannot be reached looks the same as an id on which it crashes behind
 * its proxy, unless no call was sent because the circuit is open or there is no login.
 */
function mayBeCausedByOne(error: Error): boolean {
  if (!(error instanceof TowerError)) return true;
  if (error instanceof UpstreamError && (error.failure.fault || error.failure.status === 429)) return true;
  return error.code === ErrorCode.UpstreamError || error.code === ErrorCode.UpstreamTimeout;
}

function hasCode(error: Error, code: ErrorCode): boolean {
  return error instanceof TowerError && error.code === code;
}
