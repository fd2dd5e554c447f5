import { backoffMs } from "../../kernel/backoff.js";
import { Cancellation } from "../../kernel/cancellation.js";
import { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { Task } from "../../resources/task/task.type.js";
import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { LoopHealth, type WatchObserver } from "./loop-health.js";
import type { LoopAccess, LoopPart } from "./loop-part.js";
import type { LaneReports } from "./poll-lane.js";
import type { ReadyEvent } from "./ready-event.js";
import { ReadyStates, type ReadyWatch } from "./ready-states.js";
import { TaskStates } from "./task-states.js";
import type { Update } from "./update.js";
import { FAILURE_BACKOFF, MIN_PAUSE_MS } from "./watch-limits.js";
import type { WatchPace } from "./watch-pace.js";
import { WatchShares } from "./watch-shares.js";

/** Objects that watchers watch by their ids. */
interface WatchedObjects<T> {
  isWatchedBy(client: string, id: string): boolean;
  /** Returns whether the watcher's client no longer watches the object. */
  remove(id: string, watcher: ConflatedStream<Update<T>>): boolean;
}

/** Number of finished tasks that are read to learn the scale of progress. */
const SCALE_SAMPLE = 20;

/**
 * Watches tasks and snapshots for all watchers of one credential and language. A tick begins the polls that are due and does not wait for
 * them: one poll per 500 ids, up to a bound, regardless of the number of watchers.
 *
 * A failed poll is repeated with pauses and ends no stream. A refused credential ends all of them; a poll that CloudTower does not permit
 * ends those that need it. The loop runs only while there are watchers.
 */
export class WatchLoop {
  private readonly tasks: TaskStates;
  private readonly ready: ReadyStates;
  private readonly parts = new Map<string, LoopPart>();
  private readonly reports: LaneReports;
  private readonly health: LoopHealth;
  private readonly life = new Cancellation();
  /** Of no operation: counts the calls of the loop. */
  private readonly session: UpstreamSession;
  private readonly shares = new WatchShares();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer fires, and whether only for ids that have not been polled yet. */
  private due: { readonly at: number; readonly onlyFresh: boolean } | undefined;
  private lastTickAt = Number.NEGATIVE_INFINITY;
  private nextFullAt = Number.NEGATIVE_INFINITY;
  private watchers = 0;
  /** Number of ticks in a row in which all polls failed. */
  private failedTicks = 0;

  constructor(
    session: UpstreamSession,
    private readonly pace: WatchPace,
    observer: WatchObserver,
    /** Called when the last watcher has left. */
    private readonly idle: () => void,
  ) {
    this.session = session.fork(this.life);
    this.health = new LoopHealth(session.credential.key, observer);
    const reports: LaneReports = {
      settled: (failure, anySuccess) => {
        const anyFailing = [this.tasks.lane, this.ready.lane, ...this.parts.values()].some((each) => each.isFailing);
        this.health.settled(failure, anySuccess, anyFailing);
      },
      credentialRefused: (error) => this.stop(error),
    };
    this.reports = reports;
    const { idsPerCall } = session.options;
    this.tasks = new TaskStates(pace, idsPerCall, reports);
    this.ready = new ReadyStates(pace, idsPerCall, reports);
  }

  /** Number of watchers, how long polls are overdue, how far events lag behind, in milliseconds, and whether polls fail. */
  get state(): {
    readonly watchers: number;
    readonly pollLagMs: number;
    readonly eventLagMs: number;
    readonly failing: boolean;
  } {
    const now = performance.now();
    const lag = this.watchers === 0 ? 0 : now - this.health.lastSuccessAt - this.pace.slowMs;
    const eventLagMs = Math.max(0, ...[...this.parts.values()].map((part) => part.lagMs));
    return { watchers: this.watchers, pollLagMs: Math.max(0, lag), eventLagMs, failing: this.health.isFailing };
  }

  /** Number of calls so far. */
  get calls(): number {
    return this.session.stats.calls;
  }

  /** The states of tasks from now on; completes when all of them have ended. @throws TowerError RATE_LIMITED if the client watches too much. */
  watchTasks(taskIds: readonly string[], client: string): ConflatedStream<Update<Task>> {
    return this.watch(this.tasks, taskIds, client, (id, watcher, ended) => this.tasks.add(id, watcher, client, ended));
  }

  /**
   * The outcomes of snapshots; completes when all of them have one.
   *
   * @param how the time limit of each snapshot, and whether what is known before its outcome is of interest.
   * @throws TowerError RATE_LIMITED if the client watches too much.
   */
  watchReady(
    snapshotIds: readonly string[],
    client: string,
    how: Pick<ReadyWatch, "timeoutMs" | "follows">,
  ): ConflatedStream<Update<ReadyEvent>> {
    return this.watch(this.ready, snapshotIds, client, (id, watcher, ended) => {
      this.ready.add(id, watcher, client, { ...how, ended });
      return true;
    });
  }

  /** @param add adds the watcher to one of the objects; returns whether that has to be read first. */
  private watch<T>(
    states: WatchedObjects<T>,
    ids: readonly string[],
    client: string,
    add: (id: string, watcher: ConflatedStream<Update<T>>, ended: () => void) => boolean,
  ): ConflatedStream<Update<T>> {
    const newIds = ids.filter((id) => !states.isWatchedBy(client, id)).length;
    this.shares.take(client, { ids: ids.length, newIds, idsOfAll: this.tasks.size + this.ready.size });
    let open = ids.length;
    const remove = (id: string) => {
      if (states.remove(id, watcher)) this.shares.giveId(client);
    };
    const watcher: ConflatedStream<Update<T>> = new ConflatedStream(() => {
      for (const id of ids) remove(id);
      this.shares.giveStream(client, ids.length);
      this.leave();
    });
    const unread = ids.filter((id) =>
      add(id, watcher, () => {
        remove(id);
        open -= 1;
        if (open === 0) watcher.end();
      }),
    );
    this.arrive(unread.length > 0);
    return watcher;
  }

  /** The part of this name; created when it is first asked for. Lives as long as the loop. */
  part<P extends LoopPart>(name: string, create: (access: LoopAccess) => P): P {
    const known = this.parts.get(name);
    if (known !== undefined) return known as P;
    const { session, pace, reports, ready } = this;
    const part = create({
      ...{ session, pace, reports, ready },
      arrive: () => this.arrive(true),
      leave: () => this.leave(),
      hurry: () => this.hurry(false),
    });
    this.parts.set(name, part);
    return part;
  }

  /** Ends all streams. Safe to call twice. */
  stop(error: Error): void {
    this.tasks.fail(error);
    this.ready.fail(error);
    for (const part of this.parts.values()) part.fail(error);
  }

  private get isIdle(): boolean {
    if (this.tasks.size + this.ready.size > 0) return false;
    return [...this.parts.values()].every(({ size }) => size === 0);
  }

  private arrive(hasFresh: boolean): void {
    this.watchers += 1;
    if (this.due === undefined || hasFresh) this.hurry(true);
  }

  private hurry(onlyFresh: boolean): void {
    const soon = Math.max(performance.now(), this.lastTickAt + MIN_PAUSE_MS);
    if (this.due === undefined) this.schedule(soon, false);
    else if (this.due.at > soon) this.schedule(soon, onlyFresh && soon < this.nextFullAt);
    else if (!onlyFresh && this.due.onlyFresh) this.schedule(this.due.at, false);
  }

  private leave(): void {
    this.watchers -= 1;
    if (!this.isIdle) return;
    clearTimeout(this.timer);
    this.due = undefined;
    const reason = new TowerError(ErrorCode.UpstreamTimeout, "All watchers have left.");
    this.tasks.lane.stop(reason);
    this.ready.lane.stop(reason);
    for (const part of this.parts.values()) part.stop(reason);
    this.life.abort(reason);
    this.idle();
  }

  private schedule(at: number, onlyFresh: boolean): void {
    clearTimeout(this.timer);
    this.due = { at, onlyFresh };
    this.timer = setTimeout(() => this.tick(onlyFresh), Math.max(0, at - performance.now()));
  }

  private tick(onlyFresh: boolean): void {
    const now = performance.now();
    this.lastTickAt = now;
    if (!onlyFresh) this.failedTicks = this.health.beginTick();
    const next = now + this.nextDelayMs(now);
    this.nextFullAt = onlyFresh ? Math.min(this.nextFullAt, next) : next;
    this.tasks.lane.tick(this.session, onlyFresh);
    this.ready.lane.tick(this.session, onlyFresh);
    for (const part of this.parts.values()) part.tick(this.session, onlyFresh);
    if (this.session.progressScale.needsSample(now)) void this.sampleScale();
    // The interval is from start to start, so that slow responses do not slow the polling further.
    this.schedule(Math.max(this.nextFullAt, now + MIN_PAUSE_MS), false);
  }

  /** The rows teach the scale of progress as they arrive. A failure is harmless: progress stays too low. */
  private async sampleScale(): Promise<void> {
    const where = { status: "SUCCESSED" } as const;
    await readPage(this.session, "Task", { where, orderBy: "local_created_at_DESC", first: SCALE_SAMPLE }).catch(
      () => {},
    );
  }

  private nextDelayMs(now: number): number {
    if (this.failedTicks > 0) return backoffMs(this.failedTicks + 1, FAILURE_BACKOFF);
    const watched = [this.tasks, this.ready, ...this.parts.values()];
    return watched.some((each) => each.isQuick(now)) ? this.pace.quickMs : this.pace.slowMs;
  }
}
