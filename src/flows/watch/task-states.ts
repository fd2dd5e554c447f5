import type { ConflatedStream } from "../../kernel/conflated-stream.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { isFinal } from "../../resources/task/task-status.js";
import type { Row } from "../../upstream/wire/types.js";
import { FRESH_MS, type WatchPace } from "./watch-pace.js";

/** A watcher of one task or of several. An Error among the values is the error of one task. */
export type TaskWatcher = ConflatedStream<Task | Error>;

/** State of a watched task. */
interface Watched {
  /** The watchers, each with a callback for the end of the task. */
  readonly watchers: Map<TaskWatcher, () => void>;
  readonly since: number;
  /** Since when polls have not shown it; undefined while they do. */
  missingSince: number | undefined;
  row: Row<"Task"> | undefined;
  /** The compared part of the row, to detect changes. */
  state: string;
  shownProgress: number;
}

/** Progress from which a task counts as nearly done. */
const NEARLY_DONE = 0.8;

/** The tasks that the watchers of one credential wait for: keeps their newest states and reports changes to the watchers. */
export class TaskStates {
  private readonly tasks = new Map<string, Watched>();
  /** When a task last changed its status: others of the same batch are likely to follow. */
  private lastTransition = Number.NEGATIVE_INFINITY;

  constructor(private readonly pace: WatchPace) {}

  get ids(): Iterable<string> {
    return this.tasks.keys();
  }

  get size(): number {
    return this.tasks.size;
  }

  /**
   * Reports the known state, if there is one, and each later change to the watcher; calls `ended` after the final one.
   *
   * @returns whether the state is not known yet.
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

  /** Removes the watcher, and the task with its last watcher. */
  remove(taskId: string, watcher: TaskWatcher): void {
    const watched = this.tasks.get(taskId);
    watched?.watchers.delete(watcher);
    if (watched?.watchers.size === 0) this.tasks.delete(taskId);
  }

  /** Applies the rows of a poll for all tasks. */
  update(rows: ReadonlyMap<string, Row<"Task">>): void {
    const now = performance.now();
    for (const [id, watched] of [...this.tasks]) {
      const row = rows.get(id);
      if (row !== undefined) this.changed(id, watched, row, now);
      else this.missing(id, watched, now);
    }
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
    for (const { watchers } of [...this.tasks.values()])
      for (const watcher of [...watchers.keys()]) watcher.fail(error);
  }

  private changed(id: string, watched: Watched, row: Row<"Task">, now: number): void {
    watched.missingSince = undefined;
    const state = stateOf(row);
    if (state === watched.state) return;
    if (row.status !== watched.row?.status) this.lastTransition = now;
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
    const message = `CloudTower has not shown a task with the id ${quote(id)} for ${seconds} s. Check the id.`;
    for (const [watcher, ended] of [...watched.watchers]) {
      watcher.push(new TowerError(ErrorCode.NotFound, message), id);
      ended();
    }
  }
}

/** The task, with a progress that is never lower than the one shown before. */
function shown(watched: Watched): Task {
  const task = new Task(watched.row as Row<"Task">, watched.shownProgress);
  watched.shownProgress = task.progress;
  return task;
}

function stateOf({ status, progress, steps, error_code, error_message, started_at, finished_at }: Row<"Task">): string {
  return JSON.stringify([status, progress, steps, error_code, error_message, started_at, finished_at]);
}
