import { ErrorCode, TowerError } from "../../../kernel/errors.js";
import { quote } from "../../../kernel/text/global-id.js";
import { Task } from "../../../resources/task/task.type.js";
import type { UpstreamSession, WriteOptions } from "../../../upstream/session.js";
import { UpstreamError } from "../../../upstream/upstream-error.js";
import type { Row } from "../../../upstream/wire/types.js";
import { WriteTargets } from "../../../upstream/write-targets.js";
import type { MutationError } from "../../writes/mutation-errors.js";
import { readAll, readByIds } from "../../writes/object-rows.js";
import { argumentsName, type KnownUsers } from "../../writes/own-tasks.js";
import {
  notedResponse,
  pendingTask,
  sendAddVmDisk,
  sendRebuildVolume,
  sendRemoveVmDisk,
  type WriteResponse,
} from "../../writes/write-calls.js";
import { ResourceLockedError, UpstreamRejectedError } from "../../writes/write-errors.js";
import type { Accepted, Completed, Look, SentWrite, WriteKind } from "../../writes/write-kind.js";
import { RestoreStepFailedError } from "./disk-errors.js";
import { type Next, nextStep, STEPS, type Step } from "./next-step.js";
import { type DiskRestore, disksWith, readSituation, replacedDisks, type Situation } from "./situation.js";

/** What is known after a step. */
export interface StepOutcome {
  /** Absent if nothing was written, or if it could not be read. */
  readonly situation?: Situation;
  readonly next?: Next;
  /** CloudTower's response to the write, if it was accepted. */
  readonly accepted?: WriteResponse;
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** One write of a restore. Its effect is that a later one comes next, whoever made it. Lives as long as a call. */
export class DiskStep implements WriteKind<DiskRestore, StepOutcome> {
  readonly isIdempotent = false;
  /** As it was looked at last. */
  private last: Situation | undefined;
  /** Whether CloudTower says that it changed nothing. */
  private isUnchanged = false;

  constructor(
    private readonly step: Step,
    private readonly users: KnownUsers,
  ) {}

  key({ name, source, to }: DiskRestore): string {
    const from = `${source.clusterId} ${source.volumeSnapshotUuid} ${name}`;
    return to.kind === "newVolume" || this.step === "create" ? `create ${from}` : `${this.step} ${to.vmId} ${from}`;
  }

  /** One volume of a name is made at a time, for whatever VM. */
  turn({ name, source, to }: DiskRestore): string {
    return to.kind === "newVolume" || this.step === "create" ? `volume ${source.clusterId} ${name}` : to.vmId;
  }

  target({ name, to }: DiskRestore): string {
    return to.kind === "newVolume" || this.step === "create" ? `a volume named ${quote(name)}` : `VM ${quote(to.vmId)}`;
  }

  lockTargets({ to }: DiskRestore): readonly string[] {
    return to.kind === "newVolume" ? [] : [to.vmId];
  }

  async look(session: UpstreamSession, items: readonly DiskRestore[], sent: ReadonlyMap<string, SentWrite>) {
    const looks = new Map<string, Look<StepOutcome>>();
    for (const item of items) {
      const write = sent.get(this.key(item));
      const accepted = notedResponse(write);
      this.last = await readSituation(session, item, accepted === undefined ? [] : [accepted]);
      looks.set(this.key(item), this.judge(item, this.last, write));
    }
    return looks;
  }

  async send(session: UpstreamSession, [item]: readonly [DiskRestore, ...DiskRestore[]], options: WriteOptions) {
    const { last } = this;
    if (last === undefined) return [];
    switch (this.step) {
      case "create":
        return this.create(session, item, last, options);
      case "attach":
        return this.attach(session, item, last, options);
      case "detach":
        return this.detach(session, item, last, options);
      default:
        return this.step satisfies never;
    }
  }

  accepted([item]: readonly DiskRestore[], [response]: readonly WriteResponse[]) {
    const accepted = new Map<string, Accepted<StepOutcome>>();
    if (item === undefined) return accepted;
    // Without a response, only a read tells whether anything was changed.
    const outcome = response && {
      ...outcomeOf(response),
      next: { is: "busy", step: this.step, task: undefined } as const,
    };
    accepted.set(this.key(item), { note: JSON.stringify(response ?? {}), ...(outcome && { outcome }) });
    return accepted;
  }

  async complete(session: UpstreamSession, [item]: readonly DiskRestore[], [response]: readonly WriteResponse[]) {
    const completed = new Map<string, Completed<StepOutcome>>();
    if (item === undefined) return completed;
    const situation = await readSituation(session, item, response === undefined ? [] : [response]);
    const next = nextStep(item, situation);
    const task = situation.tasks.find(({ id }) => id === response?.taskId);
    if (task !== undefined) this.users.learn(session.credential.key, task);
    const isVisible = this.isReached(next) || task !== undefined;
    if (response !== undefined) {
      const outcome = { ...outcomeOf(response, task), situation, next: afterAccepted(this.step, next, task) };
      completed.set(this.key(item), { outcome, isVisible });
    } else if (isVisible)
      completed.set(this.key(item), { outcome: { situation, next, task: null, errors: [] }, isVisible });
    else if (this.isUnchanged) {
      completed.set(this.key(item), {
        outcome: this.failed(item, new UpstreamRejectedError(UNCHANGED, undefined)),
        isVisible: true,
      });
    }
    return completed;
  }

  failed(_: DiskRestore, error: MutationError): StepOutcome {
    return { ...(this.last && { situation: this.last }), task: null, errors: [error] };
  }

  private judge(item: DiskRestore, situation: Situation, sent: SentWrite | undefined): Look<StepOutcome> {
    const next = nextStep(item, situation);
    const accepted = notedResponse(sent);
    const task = situation.tasks.find(({ id }) => id === accepted?.taskId);
    // An open removal need not be the one that is in doubt.
    const isOther = next.is === "busy" && this.step === "detach" && !removes(next.task, sent);
    if (this.isReached(next) && !isOther) {
      const shown = next.is === "busy" ? next.task : task;
      const outcome = { situation, next, task: shown === undefined ? null : new Task(shown), errors: [] };
      return { kind: "there", outcome, certain: true };
    }
    const isSettled = task?.status === "FAILED";
    if (accepted !== undefined && !isSettled && (sent?.leftMs ?? 0) > 0) {
      const outcome = { ...outcomeOf(accepted, task), situation, next: afterAccepted(this.step, next, task) };
      return { kind: "there", outcome, certain: false };
    }
    if (next.is === "error") {
      const { error } = next;
      return error instanceof ResourceLockedError
        ? { kind: "locked", error, isSettled }
        : { kind: "refused", error, isSettled };
    }
    // An earlier step comes next: what this one needs is gone, or being made. Nothing is sent.
    if (next.is === "step" && next.step === this.step)
      return { kind: "absent", note: this.note(item, situation), isSettled };
    return { kind: "pending", isSettled };
  }

  /** What is noted when the step is sent: the disk that it removes. */
  private note(item: DiskRestore, situation: Situation): string {
    const [old] = this.step === "detach" ? replacedDisks(item, situation) : [];
    return JSON.stringify({ diskId: old?.id });
  }

  /** Whether the effect of this step is there, or certainly being made. */
  private isReached(next: Next): boolean {
    if (next.is === "done") return true;
    if (next.is === "error") return false;
    const position = STEPS.indexOf(next.step) - STEPS.indexOf(this.step);
    return next.is === "busy" ? position >= 0 : position > 0;
  }

  private async create(
    session: UpstreamSession,
    { name, source }: DiskRestore,
    { sources }: Situation,
    options: WriteOptions,
  ): Promise<readonly WriteResponse[]> {
    const [from] = WriteTargets.of(sources.map(({ id }) => id)).ids;
    try {
      const { description } = source;
      return await sendRebuildVolume(session, { name, description, volumeSnapshotId: from }, options);
    } catch (error) {
      // Unchanged, as CloudTower says: reading back decides.
      if (!(error instanceof UpstreamError) || error.failure.status !== 304) throw error;
      this.isUnchanged = true;
      return [];
    }
  }

  private attach(
    session: UpstreamSession,
    item: DiskRestore,
    situation: Situation,
    options: WriteOptions,
  ): Promise<readonly WriteResponse[]> {
    const { to, source } = item;
    if (to.kind === "newVolume" || situation.volume === undefined) throw changed();
    const [old] = replacedDisks(item, situation);
    const slot = to.kind === "attachTo" ? to.slot : undefined;
    const bus = slot?.bus ?? old?.bus ?? source.frozen.bus;
    if (!bus) throw changed();
    const last = Math.max(-1, ...situation.disks.map(({ boot }) => boot ?? 0));
    const disk = { volumeId: situation.volume.id, bus, boot: old?.boot ?? last + 1, key: slot?.key };
    return sendAddVmDisk(session, WriteTargets.of([to.vmId]), disk, options);
  }

  /** Disk ids change with every write of the VM: the id is read directly before it is used, and only of the disk that still has the volume. */
  private async detach(
    session: UpstreamSession,
    item: DiskRestore,
    situation: Situation,
    options: WriteOptions,
  ): Promise<readonly WriteResponse[]> {
    const { to } = item;
    const { volume } = situation;
    if (to.kind !== "replace" || volume === undefined) throw changed();
    const [vm] = await readByIds(session, "Vm", [to.vmId]);
    const read = await readAll(session, "VmDisk", { vm: { id: to.vmId } });
    const disks = read.filter((row) => row.vm?.id === to.vmId);
    const [old, other] = replacedDisks(item, { ...situation, disks });
    const isAttached = disksWith(disks, [volume.id]).length > 0;
    if (vm?.status !== "STOPPED" || old === undefined || other !== undefined || !isAttached) throw changed();
    return sendRemoveVmDisk(session, WriteTargets.of([to.vmId]), WriteTargets.of([old.id]), options);
  }
}

/** What follows an accepted write whose effect does not show yet. */
export function afterAccepted(step: Step, next: Next, task: Row<"Task"> | undefined): Next {
  if (task?.status === "FAILED") return { is: "error", error: new RestoreStepFailedError(new Task(task)) };
  return next.is === "step" && next.step === step ? { is: "busy", step, task } : next;
}

function outcomeOf(accepted: WriteResponse, task?: Row<"Task">): Pick<StepOutcome, "accepted" | "task" | "errors"> {
  return { accepted, task: task === undefined ? pendingTask(accepted) : new Task(task), errors: [] };
}

function changed(): TowerError {
  return new TowerError(
    ErrorCode.UpstreamError,
    "The VM or its disks changed directly before the write, which was not sent.",
  );
}

/** Whether a task is the removal that was sent. Without one in doubt, it is any: the restore goes on when it has ended. */
function removes(task: Row<"Task"> | undefined, sent: SentWrite | undefined): boolean {
  if (sent === undefined || sent.leftMs <= 0 || task === undefined) return true;
  const { diskId, taskId } = JSON.parse(sent.note || "{}") as { readonly diskId?: string; readonly taskId?: string };
  return task.id === taskId || (diskId !== undefined && argumentsName(task, [diskId]));
}

const UNCHANGED = "it says that nothing was changed (304), and no volume of the name shows";
