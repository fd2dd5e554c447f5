import { backoffMs, wait } from "../../../kernel/backoff.js";
import { ErrorCode, TowerError } from "../../../kernel/errors.js";
import { linkedSignal } from "../../../kernel/linked-signal.js";
import { Task } from "../../../resources/task/task.type.js";
import { isOpen } from "../../../resources/task/task-status.js";
import { VmVolume } from "../../../resources/vm-volume/vm-volume.type.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import type { MutationError } from "../../writes/mutation-errors.js";
import { readByIds } from "../../writes/object-rows.js";
import { type LockPolicy, runWrites } from "../../writes/run-writes.js";
import type { VmWrites } from "../../writes/vm-writes.js";
import type { WriteResponse } from "../../writes/write-calls.js";
import { WriteOutcomeUnknownError } from "../../writes/write-errors.js";
import { RestoreIncompleteError, RestoreStepFailedError } from "./disk-errors.js";
import { findDiskSource } from "./disk-source.js";
import { afterAccepted, DiskStep, type StepOutcome } from "./disk-step.js";
import { nextStep, type Step } from "./next-step.js";
import { checkRestore, type RestoreRequest } from "./restore-input.js";
import { type DiskRestoreState, stateOf } from "./restore-state.js";
import { type DiskRestore, readSituation, replacedDisks, type Situation } from "./situation.js";

/** How far the restore of a disk came. */
export interface RestoredDisk {
  /** Bare id of the snapshot; null if the sent one is malformed. */
  readonly snapshotId: string | null;
  /** Bare id of the VM that the disk is for; null if there is none, or the sent one is malformed. */
  readonly vmId: string | null;
  readonly volume: VmVolume | null;
  readonly duplicates: readonly VmVolume[];
  readonly replacedVolume: VmVolume | null;
  readonly state: DiskRestoreState | null;
  readonly done: boolean;
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/**
 * Restores one disk of a snapshot: makes a volume of its data, once per name, attaches it, and removes the disk that it replaces, as far as
 * the input wants it and the time allows. What is done already is not done again.
 *
 * @param options.waitMs how long to wait for the tasks of the steps.
 * @throws as `runWrites`, if nothing was written.
 */
export async function restoreDisk(
  session: UpstreamSession,
  vmWrites: VmWrites,
  options: { readonly input: RestoreRequest; readonly policy: LockPolicy; readonly waitMs: number },
): Promise<RestoredDisk> {
  const { snapshotId, to, vmId, errors } = checkRestore(options.input);
  const ids = { snapshotId, vmId };
  if (snapshotId === null || to === undefined || errors.length > 0) return { ...ids, ...NOTHING, errors };
  const { disk, name } = options.input;
  const source = await findDiskSource(session, { snapshotId, disk });
  if ("code" in source) return { ...ids, ...NOTHING, errors: [source] };
  const run = new DiskRestoreRun(session, vmWrites, { restore: { disk, name, source, to }, ...options });
  return { ...ids, ...(await run.run()) };
}

const NOTHING = { volume: null, duplicates: [], replacedVolume: null, state: null, done: false, task: null };

/** One call: it sends each step at most once. */
class DiskRestoreRun {
  /** What was accepted, of the steps that were sent. */
  private readonly accepted = new Map<Step, WriteResponse>();
  /** Steps whose effects were there, or that were accepted. */
  private readonly reached = new Set<Step>();
  private situation: Situation | undefined;

  constructor(
    private readonly session: UpstreamSession,
    private readonly vmWrites: VmWrites,
    private readonly call: { readonly restore: DiskRestore; readonly policy: LockPolicy; readonly waitMs: number },
  ) {}

  async run(): Promise<Omit<RestoredDisk, "snapshotId" | "vmId">> {
    const { restore, waitMs } = this.call;
    const stop = linkedSignal([this.session.signal, this.vmWrites.stopSignal]);
    const until = performance.now() + waitMs;
    let outcome: StepOutcome = { task: null, errors: [] };
    try {
      outcome = await this.send("create");
      for (let attempt = 1; ; attempt += 1) {
        const { next } = outcome;
        if (outcome.errors.length > 0 || next === undefined || next.is === "done") return this.result(outcome);
        if (next.is === "error") return this.result({ ...outcome, errors: [next.error] });
        if (next.is === "step" && this.reached.has(next.step)) throw new TowerError(ErrorCode.UpstreamError, UNDONE);
        if (next.is === "step" && !this.isLocked()) outcome = await this.send(next.step);
        else if (performance.now() >= until) return this.result(outcome);
        else {
          await wait(backoffMs(attempt, { firstMs: this.vmWrites.limits.pollMs, maxMs: MAX_PAUSE_MS }), stop.signal);
          outcome = await this.read(this.session.detached(stop.signal), outcome, restore);
        }
      }
    } catch (error) {
      // What was done must not be hidden by what failed after it.
      if (this.situation === undefined && this.accepted.size === 0) throw error;
      const reason = error instanceof TowerError ? error.message : "the gateway failed.";
      return this.result({ ...outcome, errors: [new RestoreIncompleteError(reason)] });
    } finally {
      stop.dispose();
    }
  }

  /** Whether what this call did before still locks the volume or the VM: CloudTower would refuse the next step. */
  private isLocked(): boolean {
    const { vm, volume } = this.situation ?? {};
    const isLockedBy = (step: Step, row: Row<"Vm" | "VmVolume"> | undefined) =>
      this.accepted.has(step) && !!row?.entityAsyncStatus;
    return isLockedBy("create", volume) || isLockedBy("attach", vm);
  }

  private async send(step: Step): Promise<StepOutcome> {
    const { session, vmWrites } = this;
    const { restore, policy } = this.call;
    const known = this.situation?.volume?.id ?? this.accepted.get("create")?.resourceId;
    const item = { ...restore, volumeId: known };
    const kind = new DiskStep(step, vmWrites.users);
    const outcomes = await runWrites(vmWrites, { session, kind, items: [item], policy });
    const outcome = outcomes.get(kind.key(item)) ?? kind.failed(item, new WriteOutcomeUnknownError(0));
    if (outcome.accepted !== undefined) this.accepted.set(step, outcome.accepted);
    if (outcome.accepted !== undefined || (outcome.errors.length === 0 && outcome.next?.is !== "busy"))
      this.reached.add(step);
    this.situation = outcome.situation ?? this.situation;
    return outcome;
  }

  /** Reads what became of the steps that were sent: only the task, as long as that is open. */
  private async read(session: UpstreamSession, before: StepOutcome, restore: DiskRestore): Promise<StepOutcome> {
    const { task } = before;
    if (task !== null) {
      const [row] = await readByIds(session, "Task", [task.cloudTowerId]);
      if (row !== undefined && isOpen(row)) return { ...before, task: new Task(row) };
    }
    const item = { ...restore, volumeId: this.situation?.volume?.id };
    const situation = await readSituation(session, item, [...this.accepted.values()]);
    this.situation = situation;
    const shown = situation.tasks.find(({ id }) => id === task?.cloudTowerId);
    let next = nextStep(restore, situation);
    for (const [step, response] of this.accepted) {
      next = afterAccepted(
        step,
        next,
        situation.tasks.find(({ id }) => id === response.taskId),
      );
    }
    if (next.is === "busy" && next.task === undefined) next = { ...next, task: shown };
    return { situation, next, task: shown === undefined ? task : new Task(shown), errors: [] };
  }

  private result({ next, task, errors }: StepOutcome): Omit<RestoredDisk, "snapshotId" | "vmId"> {
    const { restore } = this.call;
    const { situation } = this;
    // A step that failed leaves nothing that is certain to exist.
    const isFailed = errors.some((error) => error instanceof RestoreStepFailedError);
    const created = isFailed ? undefined : this.accepted.get("create");
    const placeholder = created && {
      id: created.resourceId,
      name: restore.name,
      description: restore.source.description,
    };
    const volume: Row<"VmVolume"> | undefined = situation?.volume ?? placeholder;
    const [old] = situation === undefined ? [] : replacedDisks(restore, situation);
    const replaced = situation?.replaced.find(({ id }) => old === undefined || id === old.vm_volume?.id);
    const done = errors.length === 0 && next?.is === "done";
    return {
      volume: volume === undefined ? null : new VmVolume(volume),
      duplicates: (situation?.duplicates ?? []).map((row) => new VmVolume(row)),
      replacedVolume: replaced === undefined ? null : new VmVolume(replaced),
      state: stateOf({ restore, situation, next, isCreating: volume !== undefined }),
      ...{ done, task, errors },
    };
  }
}

/** Maximum pause between two looks at a step. */
const MAX_PAUSE_MS = 2_000;
const UNDONE = "What a step had done was undone in the meantime.";
