import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { asError, ErrorCode, TowerError } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { objectsIn } from "../../kernel/odd-values.js";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { isFinal } from "../../resources/task/task-status.js";
import { readByIds, readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { type LaneReports, type PollFailure, PollLane, type PollTarget } from "./poll-lane.js";
import type { Update } from "./update.js";
import { TASK_CALLS_PER_TICK } from "./watch-limits.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";
import { Watchers } from "./watchers.js";

/** A watcher of one task or of several. */
export type TaskWatcher = ConflatedStream<Update<Task>>;

/** State of a watched task. */
interface Watched {
  readonly id: string;
  /** The watchers, each with a callback for the end of the task. */
  readonly watchers: Watchers<TaskWatcher, () => void>;
  readonly since: number;
  /** Since when polls have not shown it; undefined while they do. */
  missingSince: number | undefined;
  /** Since when polls of it alone have failed, while CloudTower returned other tasks; undefined while they do not. */
  failingSince: number | undefined;
  row: Row<"Task"> | undefined;
  /** The compared part of the row, to detect changes. */
  state: string;
  shownProgress: number;
}

/** Progress from which a task counts as nearly done. */
const NEARLY_DONE = 0.8;

/** The tasks that the watchers of one credential wait for: keeps their newest states and reports changes to the watchers. */
export class TaskStates implements PollTarget<Watched> {
  readonly stage = "tasks";
  readonly lane: PollLane<Watched>;
  private readonly tasks = new Map<string, Watched>();
  /** When a task last changed its status: others of the same batch are likely to follow. */
  private lastTransition = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly pace: WatchPace,
    batchSize: number,
    reports: LaneReports,
  ) {
    this.lane = new PollLane(this, { batchSize, pollsPerTick: TASK_CALLS_PER_TICK }, reports);
  }

  get size(): number {
    return this.tasks.size;
  }

  /** Whether the client watches the task already. */
  isWatchedBy(client: string, taskId: string): boolean {
    return this.tasks.get(taskId)?.watchers.has(client) ?? false;
  }

  /**
   * Reports the known state, if there is one, and each later change to the watcher; calls `ended` after the final one.
   *
   * @returns whether the state is not known yet.
   */
  add(taskId: string, watcher: TaskWatcher, client: string, ended: () => void): boolean {
    const watched = this.tasks.get(taskId) ?? {
      id: taskId,
      watchers: new Watchers(),
      since: performance.now(),
      missingSince: undefined,
      failingSince: undefined,
      row: undefined,
      state: "",
      shownProgress: 0,
    };
    this.tasks.set(taskId, watched);
    watched.watchers.add(watcher, client, ended);
    this.lane.add(watched, client);
    if (watched.row === undefined) return true;
    watcher.push({ id: taskId, state: shown(watched, watched.row), ended: false }, taskId);
    return false;
  }

  /** Removes the watcher, and the task with its last watcher. @returns whether its client no longer watches the task. */
  remove(taskId: string, watcher: TaskWatcher): boolean {
    const watched = this.tasks.get(taskId);
    const removed = watched?.watchers.remove(watcher);
    if (watched === undefined || removed === undefined) return false;
    if (watched.watchers.size === 0) {
      this.tasks.delete(taskId);
      this.lane.remove(watched);
    }
    return !watched.watchers.has(removed.client);
  }

  clientsOf({ watchers }: Watched): Iterable<string> {
    return watchers.watchingClients;
  }

  async poll(session: UpstreamSession, entries: readonly Watched[]): Promise<readonly PollFailure<Watched>[]> {
    const ids = entries.map(({ id }) => id);
    const rows = indexByKey(objectsIn(await readByIds(session, "Task", ids)), (row) => row.id);
    const failures: PollFailure<Watched>[] = [];
    const now = performance.now();
    for (const watched of entries) {
      try {
        const row = rows.get(watched.id);
        if (row !== undefined) this.changed(watched, row, now);
        else this.missing(watched, now);
      } catch (error) {
        failures.push({ stage: this.stage, entries: [watched], error: asError(error), oddRow: true });
      }
    }
    return failures;
  }

  refused(watched: Watched, error: Error): void {
    for (const { watcher, details: ended } of watched.watchers.list()) {
      watcher.push({ id: watched.id, state: error, ended: true }, watched.id);
      ended();
    }
  }

  async failedAlone(session: UpstreamSession, watched: Watched, oddRow: boolean): Promise<void> {
    // An outage is waited for, however long it takes.
    const othersCanBeRead =
      oddRow ||
      (await readPage(session, "Task", { orderBy: "id_ASC", first: 1 }).then(
        () => true,
        () => false,
      ));
    const now = performance.now();
    watched.failingSince = othersCanBeRead ? (watched.failingSince ?? now) : undefined;
    if (watched.failingSince === undefined) return;
    const seconds = Math.round(this.pace.appearMs / 1000);
    const message = `CloudTower returns other tasks, but has failed to return the one with the id ${quote(watched.id)} in a readable form for ${seconds} s. What became of it is unknown.`;
    this.endLate(watched, watched.failingSince, new TowerError(ErrorCode.UpstreamError, message));
  }

  /** Whether a task has just begun or ended, or is about to: then poll quickly. */
  isQuick(now: number): boolean {
    if (now - this.lastTransition < FRESH_MS) return true;
    for (const { since, row, shownProgress } of this.tasks.values()) {
      if (row === undefined || row.status === "PENDING" || now - since < FRESH_MS || shownProgress >= NEARLY_DONE) {
        if (row?.status !== "PAUSED") return true;
      }
    }
    return false;
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const { watchers } of [...this.tasks.values()]) for (const { watcher } of watchers.list()) watcher.fail(error);
  }

  private changed(watched: Watched, row: Row<"Task">, now: number): void {
    const state = stateOf(row);
    watched.missingSince = undefined;
    watched.failingSince = undefined;
    if (state === watched.state) return;
    const task = shown(watched, row);
    if (row.status !== watched.row?.status) this.lastTransition = now;
    watched.row = row;
    watched.state = state;
    const update = { id: watched.id, state: task, ended: isFinal(row) };
    for (const { watcher, details: ended } of watched.watchers.list()) {
      watcher.push(update, watched.id);
      if (update.ended) ended();
    }
  }

  private missing(watched: Watched, now: number): void {
    watched.missingSince ??= now;
    watched.failingSince = undefined;
    const seconds = Math.round(this.pace.appearMs / 1000);
    const message = `CloudTower has not shown a task with the id ${quote(watched.id)} for ${seconds} s. Check the id.`;
    this.endLate(watched, watched.missingSince, new TowerError(ErrorCode.NotFound, message));
  }

  /** Ends the watchers that have waited for the task long enough, each for its own time. */
  private endLate(watched: Watched, unreadSince: number, error: TowerError): void {
    const now = performance.now();
    for (const { watcher, since, details: ended } of watched.watchers.list()) {
      if (now - Math.max(unreadSince, since) < this.pace.appearMs) continue;
      watcher.push({ id: watched.id, state: error, ended: true }, watched.id);
      ended();
    }
  }
}

/** The task, with a progress that is never lower than the one shown before. */
function shown(watched: Watched, row: Row<"Task">): Task {
  const task = new Task(row, watched.shownProgress);
  watched.shownProgress = task.progress;
  return task;
}

/** The compared part of a row; its progress is compared as it is shown, since its scale may become known. */
function stateOf(row: Row<"Task">): string {
  const { status, steps, error_code, error_message, started_at, finished_at } = row;
  return JSON.stringify([status, new Task(row).progress, steps, error_code, error_message, started_at, finished_at]);
}
