import { backoffMs } from "../../kernel/backoff.js";
import { ConflatedStream } from "../../kernel/conflated-stream.js";
import { Deadline } from "../../kernel/deadline.js";
import { asError, ErrorCode, TowerError } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import type { Task } from "../../resources/task/task.type.js";
import { readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { ReadyEvent } from "./ready-event.js";
import { ReadyStates } from "./ready-states.js";
import { TaskStates } from "./task-states.js";
import type { WatchPace } from "./watch-pace.js";

/** Minimum pause between two ticks, even if many watchers arrive one by one. */
const MIN_PAUSE_MS = 50;
/** A tick that takes longer is canceled and repeated. */
const TICK_TIMEOUT_MS = 15_000;
const ERROR_BACKOFF = { firstMs: 500, maxMs: 10_000 };
const REFUSED_CREDENTIAL = new Set([ErrorCode.Unauthenticated, ErrorCode.Forbidden]);

/**
 * Watches tasks and snapshots for all watchers of one credential: one tick after the other, each with one `get-tasks` call per
 * 500 tasks and at most two calls for the readiness of snapshots, regardless of the number of watchers.
 *
 * A failed tick is repeated with backoff and ends no stream, unless the credential is refused. The loop runs only while there are
 * watchers.
 */
export class WatchLoop {
  private readonly tasks: TaskStates;
  private readonly ready: ReadyStates;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Deadline | undefined;
  /** Whether a watcher came during a tick that does not poll for it. */
  private lateArrival = false;
  private failures = 0;
  private lastEnd = Number.NEGATIVE_INFINITY;
  private watchers = 0;
  /** Planned start of the tick that is due or under way. */
  private dueAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly session: UpstreamSession,
    private readonly pace: WatchPace,
    /** Called when the last watcher has left. */
    private readonly idle: () => void,
  ) {
    this.tasks = new TaskStates(pace);
    this.ready = new ReadyStates(pace);
  }

  /** Number of watchers, and how late the tick is, in milliseconds. */
  get state(): { readonly watchers: number; readonly pollLagMs: number } {
    return { watchers: this.watchers, pollLagMs: Math.max(0, performance.now() - this.dueAt) };
  }

  /** The states of tasks from now on; completes when all of them have ended. */
  watchTasks(taskIds: readonly string[]): ConflatedStream<Task | Error> {
    let open = taskIds.length;
    const watcher: ConflatedStream<Task | Error> = new ConflatedStream(() => {
      for (const id of taskIds) this.tasks.remove(id, watcher);
      this.leave();
    });
    const unknown = taskIds.filter((id) =>
      this.tasks.add(id, watcher, () => {
        this.tasks.remove(id, watcher);
        open -= 1;
        if (open === 0) watcher.end();
      }),
    );
    this.watchers += 1;
    if (unknown.length > 0) this.arrive();
    return watcher;
  }

  /** The one event of a snapshot. */
  watchReady(snapshotId: string): ConflatedStream<ReadyEvent> {
    const watcher: ConflatedStream<ReadyEvent> = new ConflatedStream(() => {
      this.ready.remove(snapshotId, watcher);
      this.leave();
    });
    this.watchers += 1;
    if (this.ready.add(snapshotId, watcher)) this.arrive();
    return watcher;
  }

  /** Ends all streams. Safe to call twice. */
  stop(error: Error): void {
    this.ticking?.cancel(error);
    this.tasks.fail(error);
    this.ready.fail(error);
  }

  private arrive(): void {
    if (this.ticking !== undefined) this.lateArrival = true;
    else this.schedule(this.shortestPause());
  }

  private shortestPause(): number {
    return Math.max(0, this.lastEnd + MIN_PAUSE_MS - performance.now());
  }

  private leave(): void {
    this.watchers -= 1;
    if (this.tasks.size + this.ready.size > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.dueAt = Number.POSITIVE_INFINITY;
    this.idle();
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    this.dueAt = performance.now() + milliseconds;
    this.timer = setTimeout(() => void this.tick(), milliseconds);
  }

  private async tick(): Promise<void> {
    const began = performance.now();
    const limit = new Deadline(TICK_TIMEOUT_MS);
    this.ticking = limit;
    this.lateArrival = false;
    try {
      const session = this.session.fork(limit.signal);
      await this.pollTasks(session);
      if (await this.ready.advance(session)) this.lateArrival = true;
      this.failures = 0;
    } catch (thrown) {
      this.failures += 1;
      const error = asError(thrown);
      if (error instanceof TowerError && REFUSED_CREDENTIAL.has(error.code)) this.stop(error);
    } finally {
      limit.dispose();
      this.ticking = undefined;
      this.ready.expire(performance.now());
      this.lastEnd = performance.now();
      const soon = this.lateArrival && this.failures === 0;
      // The interval is from start to start, so that slow responses do not slow the polling further.
      const rest = began + this.nextDelayMs() - this.lastEnd;
      if (this.tasks.size + this.ready.size > 0) this.schedule(Math.max(this.shortestPause(), soon ? 0 : rest));
    }
  }

  private async pollTasks(session: UpstreamSession): Promise<void> {
    const ids = new Set([...this.tasks.ids, ...this.ready.taskIds]);
    if (ids.size === 0) return;
    const rows = indexByKey(await readByIds(session, "Task", [...ids]), (row) => row.id);
    this.tasks.update(rows);
    this.ready.updateTasks(rows);
  }

  private nextDelayMs(): number {
    if (this.failures > 0) return backoffMs(this.failures + 1, ERROR_BACKOFF);
    const now = performance.now();
    return this.tasks.isQuick(now) || this.ready.isQuick(now) ? this.pace.quickMs : this.pace.slowMs;
  }
}
