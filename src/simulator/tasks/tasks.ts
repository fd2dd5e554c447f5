/** Tasks: PENDING, EXECUTING with growing progress, then SUCCESSED or FAILED. Their state is computed when somebody looks. */

import type { Random } from "../random.js";
import type { Text } from "../refusal.js";
import type { Store, Stored } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { type Agenda, type Clock, iso } from "./clock.js";
import { type Failure, failureOf } from "./failure.js";
import type { Lags, Outcome } from "./lags.js";
import { progressAt } from "./task-progress.js";

/** What a task does. `done` and `failed` change the world; they get the time at which the task ended. */
export interface Job {
  /** Name of the mutation, such as createVmSnapshot. */
  readonly mutation: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly cluster: string | null;
  readonly viewer: Viewer;
  readonly description: Text;
  readonly args: unknown;
  /** How much data the task moves, shown in a BYTE step; 0 for none. */
  readonly bytes: number;
  /** How many things it goes through, shown in a COUNT step. */
  readonly count: number;
  /** What makes the task fail by itself; the switches of the tests come on top. */
  readonly failure?: Failure | undefined;
  readonly done: (at: number) => void;
  readonly failed: (at: number) => void;
}

interface Open {
  readonly id: string;
  readonly job: Job;
  row: Stored | undefined;
  startsAt: number;
  endsAt: number;
  pausedAt: number | undefined;
}

/** Starts tasks and moves them on. */
export class Tasks {
  /** How the next tasks end, in order; the ones after that end well. */
  readonly outcomes: Outcome[] = [];
  /** What `progress` is at the end: 1, or 100 for a CloudTower that counts in percent. */
  progressScale = 1;
  private readonly open = new Map<string, Open>();
  /** What happened to tasks that cannot be found yet. */
  private readonly early = new Map<string, Record<string, unknown>>();
  private seenAt = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly lags: Lags,
    /** How long a task takes, in ms of the simulator's time. */
    public durationMs: number,
  ) {}

  /** Starts a task and returns its id. */
  start(job: Job): string {
    const id = this.random.id();
    const now = this.clock.now();
    const outcome = this.outcomes.shift();
    const open: Open = {
      id,
      job,
      row: undefined,
      startsAt: now + this.durationMs / 10,
      endsAt: now + this.durationMs,
      pausedAt: undefined,
    };
    this.open.set(id, open);
    const insert = () => {
      open.row = this.store.insert("Task", this.row(open, now), job.cluster);
    };
    if (this.lags.taskVisibleMs > 0) this.agenda.add(now + this.lags.taskVisibleMs, insert);
    else insert();
    this.agenda.add(open.startsAt, (at) => this.patch(open, { status: "EXECUTING", started_at: iso(at) }));
    if (outcome?.kind === "PAUSED") {
      this.agenda.add((open.startsAt + open.endsAt) / 2, (at) => {
        open.pausedAt = at;
        this.patch(open, { status: "PAUSED", ...this.progress(open, at) });
      });
    } else {
      const failure = outcome?.kind === "FAILED" ? failureOf(outcome, job.mutation) : job.failure;
      this.agenda.add(open.endsAt, (at) => this.finish(open, at, failure));
    }
    return id;
  }

  /** Lets paused tasks go on where they stopped. */
  resume(): void {
    const now = this.clock.now();
    for (const open of this.open.values()) {
      if (open.pausedAt === undefined) continue;
      const rest = now - open.pausedAt;
      open.startsAt += rest;
      open.endsAt += rest;
      open.pausedAt = undefined;
      this.patch(open, { status: "EXECUTING" });
      this.agenda.add(open.endsAt, (at) => this.finish(open, at, open.job.failure));
    }
  }

  /** Does what is due: called before every request. */
  settle(): void {
    this.agenda.settle(this.clock.now());
  }

  /** Computes the progress of open tasks: called before tasks are read. */
  refresh(): void {
    const now = this.clock.now();
    if (now === this.seenAt) return;
    this.seenAt = now;
    for (const open of this.open.values()) {
      if (open.pausedAt === undefined && now > open.startsAt) this.patch(open, this.progress(open, now));
    }
  }

  private finish(open: Open, at: number, failure: Failure | undefined): void {
    this.open.delete(open.id);
    const finished = { finished_at: iso(at), status: failure === undefined ? "SUCCESSED" : "FAILED" };
    if (failure === undefined) {
      this.patch(open, { ...this.progress(open, open.endsAt), ...finished });
      open.job.done(at);
      return;
    }
    // Somewhere on the way, but not behind what a client has seen already.
    const stoppedAt = Math.max((open.startsAt + open.endsAt) / 2, Math.min(this.seenAt, open.endsAt - 1));
    const error = { error_code: failure.errorCode, error_message: failure.errorMessage };
    this.patch(open, { ...this.progress(open, stoppedAt), ...finished, ...error });
    open.job.failed(at);
  }

  private progress({ job, startsAt, endsAt }: Open, at: number): ReturnType<typeof progressAt> {
    return progressAt({ startsAt, endsAt, bytes: job.bytes, count: job.count }, at, this.progressScale);
  }

  private patch(open: Open, changes: Record<string, unknown>): void {
    if (open.row) this.store.patch(open.row, changes);
    // Not visible yet: what happened meanwhile is put into the row when it appears.
    else this.early.set(open.id, { ...this.early.get(open.id), ...changes });
  }

  private row(open: Open, createdAt: number): Record<string, unknown> & { id: string } {
    const { job, id } = open;
    const early = this.early.get(id);
    this.early.delete(id);
    return {
      id,
      args: job.args,
      cluster: job.cluster,
      description: job.description.en,
      $description_zh: job.description.zh,
      internal: false,
      key: null,
      local_created_at: iso(createdAt),
      progress: 0,
      resource_id: job.resourceId,
      resource_mutation: job.mutation,
      resource_type: job.resourceType,
      snapshot: JSON.stringify({ typename: job.resourceType }),
      status: "PENDING",
      steps: this.progress(open, Number.NEGATIVE_INFINITY).steps,
      type: "RESOLVER",
      user: job.viewer.userId,
      ...early,
    };
  }
}
