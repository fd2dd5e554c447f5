import type { Random } from "../random.js";
import type { Text } from "../refusal.js";
import type { Store, StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { type Clock, iso } from "./clock.js";
import type { ConsistencyLag } from "./consistency-lag.js";
import type { EventQueue } from "./event-queue.js";
import { happens, lateBy, type Quirks, spelled } from "./quirks.js";
import { type Failure, failureOf, type Outcome } from "./task-outcome.js";
import { progressAt } from "./task-progress.js";

/** A task to start. */
export interface TaskSpec {
  /** Name of the mutation, such as createVmSnapshot. */
  readonly mutation: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly cluster: string | null;
  readonly viewer: Viewer;
  readonly description: Text;
  readonly args: unknown;
  /** Bytes moved, shown in a BYTE step; 0 for none. */
  readonly bytes: number;
  /** Number of objects processed, shown in a COUNT step. */
  readonly count: number;
  /** Makes the task fail, unless a test set another outcome. */
  readonly failure?: Failure | undefined;
  /** Applies the effect of the task; gets the time at which it ended. */
  readonly done: (at: number) => void;
  /** Cleans up after a failure; gets the time at which the task ended. */
  readonly failed: (at: number) => void;
}

/** A task that has ended, also if its row is not visible, or forgotten. */
export interface PastTask {
  readonly id: string;
  readonly mutation: string;
  readonly resourceId: string;
  readonly status: "SUCCESSED" | "FAILED";
  readonly description: string;
}

/** Number of past tasks that are kept. */
const MAX_PAST_TASKS = 100_000;

interface OpenTask {
  readonly id: string;
  readonly spec: TaskSpec;
  readonly row: StoredRow;
  startsAt: number;
  endsAt: number;
  pausedAt: number | undefined;
}

/**
 * Runs tasks: PENDING, EXECUTING with growing progress, then SUCCESSED or FAILED. There is no timer: `runDue` and `updateProgress`
 * bring tasks up to date before a request reads them.
 */
export class Tasks {
  /** Outcomes of the next tasks, in order; later tasks succeed. */
  outcomes: Outcome[] = [];
  /** `progress` of a finished task: 1, or 100 for a CloudTower that counts in percent. */
  progressScale = 1;
  /** Tasks that have ended since the start, in this order; only the simulator itself knows them. */
  readonly past: PastTask[] = [];
  private readonly open = new Map<string, OpenTask>();
  /** Time of the last `updateProgress`. */
  private updatedAt = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly events: EventQueue,
    private readonly random: Random,
    private readonly behavior: { readonly lag: ConsistencyLag; readonly quirks: Quirks },
    /** Duration of a task, in ms of the simulator's time. */
    public durationMs: number,
  ) {}

  /** Starts a task and returns its id. */
  start(spec: TaskSpec): string {
    const id = this.random.id();
    const now = this.clock.now();
    const outcome = this.outcomes.shift();
    const span = { startsAt: now + this.durationMs / 10, endsAt: now + this.durationMs };
    const row = this.store.insert("Task", this.newRow(id, spec, span, now), spec.cluster);
    const task: OpenTask = { id, spec, row, ...span, pausedAt: undefined };
    this.open.set(id, task);
    this.hide(row, this.behavior.lag.taskVisibleMs);
    this.events.schedule(task.startsAt, (at) => this.patch(task, { status: "EXECUTING", started_at: iso(at) }));
    if (outcome?.kind === "PAUSED") {
      this.events.schedule((task.startsAt + task.endsAt) / 2, (at) => {
        task.pausedAt = at;
        this.patch(task, { status: "PAUSED", ...this.progress(task, at) });
      });
    } else {
      const failure = outcome?.kind === "FAILED" ? failureOf(outcome, spec.mutation) : spec.failure;
      this.events.schedule(task.endsAt, (at) => this.finish(task, at, failure));
    }
    return id;
  }

  /** Hides a new row from all callers, if it is one of those that are late. */
  hide(row: StoredRow, lagMs: number): void {
    const lateMs = lateBy(lagMs, this.behavior.quirks, this.random);
    if (lateMs === 0) return;
    this.store.patch(row, { $hidden: true });
    this.events.schedule(this.clock.now() + lateMs, () => this.store.patch(row, { $hidden: false }));
  }

  /** Resumes paused tasks where they stopped. */
  resume(): void {
    const now = this.clock.now();
    for (const task of this.open.values()) {
      if (task.pausedAt === undefined) continue;
      const pausedMs = now - task.pausedAt;
      task.startsAt += pausedMs;
      task.endsAt += pausedMs;
      task.pausedAt = undefined;
      this.patch(task, { status: "EXECUTING" });
      this.events.schedule(task.endsAt, (at) => this.finish(task, at, task.spec.failure));
    }
  }

  /** Runs events that are due. Call before every request. */
  runDue(): void {
    this.events.runDue(this.clock);
    this.forget();
  }

  /** Updates the progress of open tasks. Call before tasks are read. */
  updateProgress(): void {
    const now = this.clock.now();
    if (now === this.updatedAt) return;
    this.updatedAt = now;
    for (const task of this.open.values()) {
      if (task.pausedAt === undefined && now > task.startsAt) this.patch(task, this.progress(task, now));
    }
  }

  /** Removes finished tasks that this CloudTower no longer remembers. */
  private forget(): void {
    const { taskMemoryMs } = this.behavior.quirks;
    if (taskMemoryMs === Number.POSITIVE_INFINITY) return;
    const before = this.clock.now() - taskMemoryMs;
    for (const row of [...this.store.table("Task").values()]) {
      const { finished_at: finishedAt, $finished_at: undated } = row.values;
      if (Date.parse(String(finishedAt ?? undated ?? "")) < before) this.store.remove(row);
    }
  }

  private finish(task: OpenTask, at: number, failure: Failure | undefined): void {
    this.open.delete(task.id);
    const { lag, quirks } = this.behavior;
    const status = failure === undefined ? "SUCCESSED" : "FAILED";
    const { mutation, resourceId, description } = task.spec;
    this.past.push({ id: task.id, mutation, resourceId, status, description: description.en });
    if (this.past.length > MAX_PAST_TASKS) this.past.shift();
    const isUndated = happens(quirks.undatedTasks, this.random);
    const finished = { [isUndated ? "$finished_at" : "finished_at"]: iso(at), status };
    const show = (end: Record<string, unknown>) => {
      const lateMs = lateBy(lag.taskEndVisibleMs, quirks, this.random);
      if (lateMs === 0) this.patch(task, end);
      else this.events.schedule(at + lateMs, () => this.patch(task, end));
    };
    if (failure === undefined) {
      show({ ...this.progress(task, task.endsAt), ...finished });
      task.spec.done(at);
      return;
    }
    // Fail halfway, but never show less progress than a client has already seen.
    const stoppedAt = Math.max((task.startsAt + task.endsAt) / 2, Math.min(this.updatedAt, task.endsAt - 1));
    const error = { error_code: failure.errorCode, error_message: failure.errorMessage };
    show({ ...this.progress(task, stoppedAt), ...finished, ...error });
    task.spec.failed(at);
  }

  private progress(task: Pick<OpenTask, "spec" | "startsAt" | "endsAt">, at: number): ReturnType<typeof progressAt> {
    const { startsAt, endsAt, spec } = task;
    return progressAt({ startsAt, endsAt, bytes: spec.bytes, count: spec.count }, at, this.progressScale);
  }

  private patch({ row }: OpenTask, changes: Record<string, unknown>): void {
    this.store.patch(row, changes);
  }

  private newRow(
    id: string,
    spec: TaskSpec,
    span: Pick<OpenTask, "startsAt" | "endsAt">,
    createdAt: number,
  ): Record<string, unknown> & { id: string } {
    return {
      id,
      args: spec.args,
      cluster: spec.cluster,
      description: spec.description.en,
      $description_zh: spec.description.zh,
      internal: false,
      key: null,
      local_created_at: iso(createdAt),
      progress: 0,
      resource_id: spec.resourceId,
      resource_mutation: spelled(spec.mutation, this.behavior.quirks),
      resource_type: spec.resourceType,
      snapshot: JSON.stringify({ typename: spec.resourceType, id: spec.resourceId }),
      status: "PENDING",
      steps: this.progress({ spec, ...span }, Number.NEGATIVE_INFINITY).steps,
      type: "RESOLVER",
      user: spec.viewer.userId,
    };
  }
}
