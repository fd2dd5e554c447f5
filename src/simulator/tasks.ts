/** Tasks: PENDING, EXECUTING with growing progress, then SUCCESSED or FAILED. Their state is computed when somebody looks. */
import { type Agenda, type Clock, iso } from "./clock.js";
import type { Lags, Outcome } from "./lags.js";
import type { Random } from "./random.js";
import type { Text } from "./refusal.js";
import type { Store, Stored } from "./store.js";
import type { Viewer } from "./viewer.js";

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

/** Why a task failed, as it stands in the task. The message often holds JSON in JSON. */
export interface Failure {
  readonly errorCode: string;
  readonly errorMessage: string;
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
  readonly #open = new Map<string, Open>();
  #seenAt = Number.NaN;

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
    this.#open.set(id, open);
    const insert = () => {
      open.row = this.store.insert("Task", this.#row(open, now), job.cluster);
    };
    if (this.lags.taskVisibleMs > 0) this.agenda.add(now + this.lags.taskVisibleMs, insert);
    else insert();
    this.agenda.add(open.startsAt, (at) => this.#patch(open, { status: "EXECUTING", started_at: iso(at) }));
    if (outcome?.kind === "PAUSED") {
      this.agenda.add((open.startsAt + open.endsAt) / 2, (at) => {
        open.pausedAt = at;
        this.#patch(open, { status: "PAUSED", ...progress(open, at, this.progressScale) });
      });
    } else {
      const failure = outcome?.kind === "FAILED" ? failureOf(outcome, job) : job.failure;
      this.agenda.add(open.endsAt, (at) => this.#finish(open, at, failure));
    }
    return id;
  }

  /** Lets paused tasks go on where they stopped. */
  resume(): void {
    const now = this.clock.now();
    for (const open of this.#open.values()) {
      if (open.pausedAt === undefined) continue;
      const rest = now - open.pausedAt;
      open.startsAt += rest;
      open.endsAt += rest;
      open.pausedAt = undefined;
      this.#patch(open, { status: "EXECUTING" });
      this.agenda.add(open.endsAt, (at) => this.#finish(open, at, open.job.failure));
    }
  }

  /** Brings everything up to the present: called before every request. */
  settle(): void {
    const now = this.clock.now();
    this.agenda.settle(now);
    if (now === this.#seenAt) return;
    this.#seenAt = now;
    for (const open of this.#open.values()) {
      if (open.pausedAt === undefined && now > open.startsAt)
        this.#patch(open, progress(open, now, this.progressScale));
    }
  }

  #finish(open: Open, at: number, failure: Failure | undefined): void {
    this.#open.delete(open.id);
    const finished = { finished_at: iso(at), started_at: iso(open.startsAt) };
    if (failure === undefined) {
      this.#patch(open, { ...progress(open, open.endsAt, this.progressScale), ...finished, status: "SUCCESSED" });
      open.job.done(at);
    } else {
      const half = (open.startsAt + open.endsAt) / 2;
      const error = { error_code: failure.errorCode, error_message: failure.errorMessage };
      this.#patch(open, { ...progress(open, half, this.progressScale), ...finished, ...error, status: "FAILED" });
      open.job.failed(at);
    }
  }

  #patch(open: Open, changes: Record<string, unknown>): void {
    if (open.row) this.store.patch(open.row, changes);
    // Not visible yet: what happened meanwhile is put into the row when it appears.
    else this.#early.set(open.id, { ...this.#early.get(open.id), ...changes });
  }

  readonly #early = new Map<string, Record<string, unknown>>();

  #row(open: Open, createdAt: number): Record<string, unknown> & { id: string } {
    const { job, id } = open;
    const early = this.#early.get(id);
    this.#early.delete(id);
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
      steps: stepsAt(job, 0, 0),
      type: "RESOLVER",
      user: job.viewer.userId,
      ...early,
    };
  }
}

function progress({ job, startsAt, endsAt }: Open, at: number, scale: number): Record<string, unknown> {
  const share = endsAt <= startsAt ? 1 : Math.min(1, (at - startsAt) / (endsAt - startsAt));
  return { progress: (Math.round(share * 1000) / 1000) * scale, steps: stepsAt(job, share, (at - startsAt) / 1000) };
}

/** Data first, then the bookkeeping: the byte step ends at nine tenths of the time. */
function stepsAt({ bytes, count }: Job, share: number, seconds: number): readonly object[] {
  const moved = Math.round(bytes * Math.min(1, share / 0.9));
  const dealt = Math.floor(count * share);
  const steps = [];
  if (bytes > 0) {
    const speed = seconds > 0 && moved < bytes ? Math.round(moved / seconds) : 0;
    steps.push({
      current: moved,
      finished: moved === bytes,
      key: "data",
      per_second: speed,
      total: bytes,
      unit: "BYTE",
    });
  }
  steps.push({
    current: dealt,
    finished: dealt === count,
    key: "objects",
    per_second: null,
    total: count,
    unit: "COUNT",
  });
  return steps;
}

/** The nested message that the storage layers leave behind: JSON in JSON, with the innermost code. */
export function nestedMessage(code: string, message: string): string {
  const inner = JSON.stringify({ ec: code, error: { msg: message } });
  return JSON.stringify({ ec: "JOB_FAILED", data: {}, error: { code: "JOB_FAILED", msg: inner } });
}

function failureOf(outcome: Extract<Outcome, { kind: "FAILED" }>, job: Job): Failure {
  return {
    errorCode: outcome.errorCode ?? "JOB_FAILED",
    errorMessage: outcome.errorMessage ?? nestedMessage("ZBS_SNAPSHOT_FAILED", `${job.mutation}: the storage refused`),
  };
}
