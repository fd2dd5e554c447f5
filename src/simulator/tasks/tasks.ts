import type { Random } from "../random.js";
import type { Text } from "../refusal.js";
import type { Store, StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { type Clock, iso } from "./clock.js";
import type { ConsistencyLag } from "./consistency-lag.js";
import type { EventQueue } from "./event-queue.js";
import { type Quirks, spelled } from "./quirks.js";
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

interface OpenTask {
  readonly id: string;
  readonly spec: TaskSpec;
  row: StoredRow | undefined;
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
  readonly outcomes: Outcome[] = [];
  /** `progress` of a finished task: 1, or 100 for a CloudTower that counts in percent. */
  progressScale = 1;
  private readonly open = new Map<string, OpenTask>();
  /** Changes of tasks whose rows are not visible yet. */
  private readonly pendingChanges = new Map<string, Record<string, unknown>>();
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
    const task: OpenTask = {
      id,
      spec,
      row: undefined,
      startsAt: now + this.durationMs / 10,
      endsAt: now + this.durationMs,
      pausedAt: undefined,
    };
    this.open.set(id, task);
    const insert = () => {
      task.row = this.store.insert("Task", this.row(task, now), spec.cluster);
    };
    const { taskVisibleMs } = this.behavior.lag;
    if (taskVisibleMs > 0) this.events.schedule(now + taskVisibleMs, insert);
    else insert();
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
    this.events.runDue(this.clock.now());
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
      if (Date.parse(String(row.values.finished_at ?? "")) < before) this.store.remove(row);
    }
  }

  private finish(task: OpenTask, at: number, failure: Failure | undefined): void {
    this.open.delete(task.id);
    const finished = { finished_at: iso(at), status: failure === undefined ? "SUCCESSED" : "FAILED" };
    if (failure === undefined) {
      this.patch(task, { ...this.progress(task, task.endsAt), ...finished });
      task.spec.done(at);
      return;
    }
    // Fail halfway, but never show less progress than a client has already seen.
    const stoppedAt = Math.max((task.startsAt + task.endsAt) / 2, Math.min(this.updatedAt, task.endsAt - 1));
    const error = { error_code: failure.errorCode, error_message: failure.errorMessage };
    this.patch(task, { ...this.progress(task, stoppedAt), ...finished, ...error });
    task.spec.failed(at);
  }

  private progress({ spec, startsAt, endsAt }: OpenTask, at: number): ReturnType<typeof progressAt> {
    return progressAt({ startsAt, endsAt, bytes: spec.bytes, count: spec.count }, at, this.progressScale);
  }

  private patch(task: OpenTask, changes: Record<string, unknown>): void {
    if (task.row) this.store.patch(task.row, changes);
    // Not visible yet: changes are merged into the row when it appears.
    else this.pendingChanges.set(task.id, { ...this.pendingChanges.get(task.id), ...changes });
  }

  private row(task: OpenTask, createdAt: number): Record<string, unknown> & { id: string } {
    const { spec, id } = task;
    const changes = this.pendingChanges.get(id);
    this.pendingChanges.delete(id);
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
      steps: this.progress(task, Number.NEGATIVE_INFINITY).steps,
      type: "RESOLVER",
      user: spec.viewer.userId,
      ...changes,
    };
  }
}
