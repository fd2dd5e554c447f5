/** A task as the view shows it. */
export interface Task {
  readonly id: string;
  readonly description: string | null;
  readonly resourceMutation: string | null;
  readonly status: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly steps: readonly TaskStep[];
  readonly error: { readonly message: string | null } | null;
  readonly user: { readonly name: string } | null;
  readonly vm: { readonly id: string; readonly name: string } | null;
}

/** A step of a task. */
export interface TaskStep {
  readonly key: string | null;
  readonly current: number | null;
  readonly total: number | null;
  readonly unit: string | null;
  readonly finished: boolean | null;
  readonly secondsLeft: number | null;
}

/** A running task, with what was first seen of it. */
export interface RunningTask extends Task {
  /** Estimated time left, in seconds; undefined if nothing is known about it. */
  readonly secondsLeft: number | undefined;
}

/** Running tasks that are shown, and ended ones. */
const MAX_RUNNING = 200;
const MAX_ENDED = 50;
/** Progress over a shorter time tells nothing about the rest. */
const MIN_OBSERVED_MS = 1_500;

interface Observation {
  readonly progress: number;
  readonly atMs: number;
}

/** What runs, the newest first, and what ended last. Immutable, so that React sees what changed. */
export class TaskList {
  private constructor(
    readonly running: readonly RunningTask[],
    readonly ended: readonly Task[],
    private readonly first: ReadonlyMap<string, Observation>,
  ) {}

  static readonly empty = new TaskList([], [], new Map());

  /** The list with the newest state of a task. @param nowMs a clock that only runs forward. */
  with(task: Task, nowMs: number): TaskList {
    if (isEnded(task)) {
      const ended = [task, ...this.ended.filter(({ id }) => id !== task.id)].sort(byEnd).slice(0, MAX_ENDED);
      return new TaskList(withoutId(this.running, task.id), ended, withoutKey(this.first, task.id));
    }
    // What has ended does not run again: a late event tells the truth of then.
    if (this.ended.some(({ id }) => id === task.id)) return this;
    const first = this.first.get(task.id) ?? { progress: task.progress, atMs: nowMs };
    const shown = { ...task, secondsLeft: secondsLeft(task, first, nowMs) };
    const known = this.running.some(({ id }) => id === task.id);
    const running = known
      ? this.running.map((other) => (other.id === task.id ? shown : other))
      : [shown, ...this.running].slice(0, MAX_RUNNING);
    const kept = new Set(running.map(({ id }) => id));
    const observations = new Map([...this.first, [task.id, first] as const].filter(([id]) => kept.has(id)));
    return new TaskList(running, this.ended, observations);
  }
}

/** What the task's own steps say, or else what its progress so far leads to expect. */
function secondsLeft(task: Task, first: Observation, nowMs: number): number | undefined {
  if (task.status !== "EXECUTING") return undefined;
  const open = task.steps.filter(({ finished }) => finished !== true).map((step) => step.secondsLeft);
  if (open.length > 0 && open.every((seconds) => seconds !== null))
    return open.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0);
  const elapsedMs = nowMs - first.atMs;
  const done = task.progress - first.progress;
  if (elapsedMs < MIN_OBSERVED_MS || done <= 0) return undefined;
  return ((1 - task.progress) * elapsedMs) / done / 1000;
}

function isEnded({ status }: Task): boolean {
  return status === "SUCCEEDED" || status === "FAILED";
}

/** The last one first; a task without the time of its end before all others. */
function byEnd(one: Task, other: Task): number {
  return (other.finishedAt ?? "9").localeCompare(one.finishedAt ?? "9");
}

function withoutId<T extends { readonly id: string }>(tasks: readonly T[], id: string): readonly T[] {
  return tasks.filter((task) => task.id !== id);
}

function withoutKey<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([name]) => name !== key));
}
