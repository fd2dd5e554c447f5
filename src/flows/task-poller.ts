import { Latest } from "../events/latest.js";
import { backoffMs } from "../kernel/backoff.js";
import { asError, ErrorCode, TowerError } from "../kernel/errors.js";
import { indexByKey } from "../kernel/group.js";
import { Task } from "../resources/task/task.type.js";
import { readByIds } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import type { Row } from "../upstream/wire/types.js";

/** Pace of polling. */
export interface PollPace {
  /** Between polls while a task is young or nearly done. */
  readonly quickMs: number;
  /** Between polls otherwise. */
  readonly slowMs: number;
  /** How long a task that CloudTower does not show is waited for. */
  readonly appearMs: number;
}

/** What is known of one watched task. */
interface Watched {
  readonly watchers: Set<Latest<Task>>;
  readonly since: number;
  lastSeen: number;
  row: Row<"Task"> | undefined;
  /** What of the row is compared, to tell whether anything changed. */
  state: string;
  shownProgress: number;
}

/** How long a task counts as young. */
const YOUNG_MS = 5_000;
/** From here on a task counts as nearly done. */
const NEARLY_DONE = 0.8;
const ERROR_BACKOFF = { firstMs: 500, maxMs: 10_000 };

/**
 * Watches tasks for all watchers of one credential with one poll loop: one `get-tasks` call a tick for up to 500 tasks.
 *
 * A watcher gets the state at once and then each change; it completes behind the final one. Failing polls are repeated with
 * backoff and end no stream, but a refused credential does. The loop runs only while there are watchers.
 */
export class TaskPoller {
  private readonly tasks = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  /** Whether somebody came while a poll was under way that does not ask for their task. */
  private lateArrival = false;
  private failures = 0;
  /** When the poll that comes next, or is under way, was meant to begin. */
  private dueAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly session: UpstreamSession,
    private readonly pace: PollPace,
    /** Called when nobody watches any more. */
    private readonly idle: () => void,
  ) {}

  /** The states of one task from now on. */
  watch(taskId: string): Latest<Task> {
    const now = performance.now();
    const watched = this.tasks.get(taskId) ?? {
      watchers: new Set(),
      since: now,
      lastSeen: now,
      row: undefined,
      state: "",
      shownProgress: 0,
    };
    const watcher = new Latest<Task>(() => this.leave(taskId, watcher));
    watched.watchers.add(watcher);
    this.tasks.set(taskId, watched);
    if (watched.row !== undefined) watcher.push(this.shown(watched));
    else this.schedule(0);
    return watcher;
  }

  /** How many watch, and how far the poll is behind its time, in milliseconds. */
  get state(): { readonly watchers: number; readonly pollLagMs: number } {
    let watchers = 0;
    for (const watched of this.tasks.values()) watchers += watched.watchers.size;
    return { watchers, pollLagMs: Math.max(0, performance.now() - this.dueAt) };
  }

  /** Ends all streams. Safe to call twice. */
  stop(error: Error): void {
    for (const { watchers } of this.tasks.values()) for (const watcher of watchers) watcher.fail(error);
  }

  private leave(taskId: string, watcher: Latest<Task>): void {
    const watched = this.tasks.get(taskId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.tasks.delete(taskId);
    if (this.tasks.size > 0) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.idle();
  }

  private schedule(milliseconds: number): void {
    if (this.polling) {
      this.lateArrival = true;
      return;
    }
    clearTimeout(this.timer);
    this.dueAt = performance.now() + milliseconds;
    this.timer = setTimeout(() => void this.poll(), milliseconds);
  }

  private async poll(): Promise<void> {
    this.polling = true;
    this.lateArrival = false;
    try {
      const rows = await readByIds(this.session.fork(), "Task", [...this.tasks.keys()]);
      this.failures = 0;
      this.publish(indexByKey(rows, (row) => row.id));
    } catch (thrown) {
      this.failures += 1;
      const error = asError(thrown);
      if (error instanceof TowerError && CREDENTIAL_IS_DEAD.has(error.code)) this.stop(error);
    } finally {
      this.polling = false;
      if (this.tasks.size > 0) this.schedule(this.lateArrival ? 0 : this.nextDelayMs());
    }
  }

  private publish(rows: ReadonlyMap<string, Row<"Task">>): void {
    const now = performance.now();
    for (const [id, watched] of [...this.tasks]) {
      const row = rows.get(id);
      if (row !== undefined) this.update(watched, row, now);
      else if (now - watched.lastSeen > this.pace.appearMs) fail(watched, id, this.pace.appearMs);
    }
  }

  private update(watched: Watched, row: Row<"Task">, now: number): void {
    watched.lastSeen = now;
    const state = stateOf(row);
    if (state === watched.state) return;
    watched.row = row;
    watched.state = state;
    const task = this.shown(watched);
    const final = row.status === "SUCCESSED" || row.status === "FAILED";
    for (const watcher of [...watched.watchers]) {
      watcher.push(task);
      if (final) watcher.end();
    }
  }

  private shown(watched: Watched): Task {
    const task = new Task(watched.row as Row<"Task">, watched.shownProgress);
    watched.shownProgress = task.progress;
    return task;
  }

  private nextDelayMs(): number {
    if (this.failures > 0) return backoffMs(this.failures + 1, ERROR_BACKOFF);
    const now = performance.now();
    for (const { since, row, shownProgress } of this.tasks.values()) {
      const waits = row === undefined || row.status === "PENDING";
      if (waits || now - since < YOUNG_MS || shownProgress >= NEARLY_DONE) return this.pace.quickMs;
    }
    return this.pace.slowMs;
  }
}

const CREDENTIAL_IS_DEAD = new Set([ErrorCode.Unauthenticated, ErrorCode.Forbidden]);

function fail(watched: Watched, id: string, waitedMs: number): void {
  const seconds = Math.round(waitedMs / 1000);
  const message = `expected a task, but CloudTower has shown none with the id ${id} for ${seconds} s`;
  for (const watcher of [...watched.watchers]) watcher.fail(new TowerError(ErrorCode.NotFound, message));
}

function stateOf({ status, progress, steps, error_code, error_message, started_at, finished_at }: Row<"Task">): string {
  return JSON.stringify([status, progress, steps, error_code, error_message, started_at, finished_at]);
}
