import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { Task } from "../../resources/task/task.type.js";
import { isFinal } from "../../resources/task/task-status.js";
import type { Row } from "../../upstream/wire/types.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";

/** A watcher of one task or of several. An Error among the values is the error of one task. */
export type TaskWatcher = ConflatedStream<Task | Error>;

/** What is known of one watched task. */
interface Watched {
  /** Each with what is to be done when the task has ended. */
  readonly watchers: Map<TaskWatcher, () => void>;
  readonly since: number;
  /** Since when polls do not show it; undefined while they do. */
  missingSince: number | undefined;
  row: Row<"Task"> | undefined;
  /** What of the row is compared, to tell whether anything changed. */
  state: string;
  shownProgress: number;
}

/** From here on a task counts as nearly done. */
const NEARLY_DONE = 0.8;

/** The tasks that the watchers of one credential wait for: keeps their newest states and tells the watchers of changes. */
export class TaskStates {
  private readonly tasks = new Map<string, Watched>();
  /** When a task last began or ended: others of the same batch are likely to follow. */
  private lastTurn = Number.NEGATIVE_INFINITY;

  constructor(private readonly pace: WatchPace) {}

  get ids(): Iterable<string> {
    return this.tasks.keys();
  }

  get size(): number {
    return this.tasks.size;
  }

  /**
   * Tells the watcher the state that is known, if one is, and each change from now on; `ended` is called behind the final one.
   * Returns whether the state is not known yet.
   */
  add(taskId: string, watcher: TaskWatcher, ended: () => void): boolean {
    const watched = this.tasks.get(taskId) ?? {
      watchers: new Map(),
      since: performance.now(),
      missingSince: undefined,
      row: undefined,
      state: "",
      shownProgress: 0,
    };
    this.tasks.set(taskId, watched);
    watched.watchers.set(watcher, ended);
    if (watched.row === undefined) return true;
    watcher.push(shown(watched), taskId);
    return false;
  }

  /** Forgets the watcher, and the task if nobody else watches it. */
  remove(taskId: string, watcher: TaskWatcher): void {
    const watched = this.tasks.get(taskId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.tasks.delete(taskId);
  }

  /** Takes in what a poll for all tasks has brought. */
  update(rows: ReadonlyMap<string, Row<"Task">>): void {
    const now = performance.now();
    for (const [id, watched] of [...this.tasks]) {
      const row = rows.get(id);
      if (row !== undefined) this.changed(id, watched, row, now);
      else this.missing(id, watched, now);
    }
  }

  /** Whether something has just begun or ended, or is about to. */
  isQuick(now: number): boolean {
    if (now - this.lastTurn < FRESH_MS) return true;
    for (const { since, row, shownProgress } of this.tasks.values()) {
      if (row === undefined || row.status === "PENDING" || now - since < FRESH_MS || shownProgress >= NEARLY_DONE) {
        if (row?.status !== "PAUSED") return true;
      }
    }
    return false;
  }

  /** Ends every stream with the error. */
  fail(error: Error): void {
    for (const { watchers } of [...this.tasks.values()])
      for (const watcher of [...watchers.keys()]) watcher.fail(error);
  }

  private changed(id: string, watched: Watched, row: Row<"Task">, now: number): void {
    watched.missingSince = undefined;
    const state = stateOf(row);
    if (state === watched.state) return;
    if (row.status !== watched.row?.status) this.lastTurn = now;
    watched.row = row;
    watched.state = state;
    const task = shown(watched);
    const final = isFinal(row);
    for (const [watcher, ended] of [...watched.watchers]) {
      watcher.push(task, id);
      if (final) ended();
    }
  }

  private missing(id: string, watched: Watched, now: number): void {
    watched.missingSince ??= now;
    if (now - watched.missingSince < this.pace.appearMs) return;
    const seconds = Math.round(this.pace.appearMs / 1000);
    const message = `expected a task, but CloudTower has shown none with the id ${id} for ${seconds} s`;
    for (const [watcher, ended] of [...watched.watchers]) {
      watcher.push(new TowerError(ErrorCode.NotFound, message), id);
      ended();
    }
  }
}

/** Progress that was shown never falls. */
function shown(watched: Watched): Task {
  const task = new Task(watched.row as Row<"Task">, watched.shownProgress);
  watched.shownProgress = task.progress;
  return task;
}

function stateOf({ status, progress, steps, error_code, error_message, started_at, finished_at }: Row<"Task">): string {
  return JSON.stringify([status, progress, steps, error_code, error_message, started_at, finished_at]);
}
