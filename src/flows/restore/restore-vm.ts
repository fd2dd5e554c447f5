import { indexByKey } from "../../kernel/group.js";
import { Task } from "../../resources/task/task.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { readAll, readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { nameError } from "../writes/check-name.js";
import {
  type MutationError,
  ResourceLockedError,
  SnapshotNotFoundError,
  SnapshotNotReadyError,
  SnapshotOfAnotherVmError,
  UpstreamFailedError,
  VmInRecycleBinError,
  VmNotFoundError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { refusalOf } from "../writes/refusals.js";
import { lockedError, lockedResources } from "../writes/resource-locks.js";
import { type Observation, verifyWrite } from "../writes/verify-write.js";
import type { LockPolicy, OpenWrite, VmWriteQueue } from "../writes/vm-write-queue.js";
import { type NewVm, sendRebuildVm, sendRollbackVm, type WriteAnswer } from "../writes/write-calls.js";

/** What came of a rollback or a rebuild. */
export interface RestoredVm {
  readonly vm: Vm | null;
  /** The task that does it; null where it was done at once, and where CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

const MAX_SENDS = 2;

/** Puts a VM back to one of its own snapshots. What was written since is lost. */
export async function rollbackVm(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  vmId: string,
  snapshotId: string,
  policy: LockPolicy,
): Promise<RestoredVm> {
  const turn = async (write: OpenWrite): Promise<RestoredVm | ResourceLockedError> => {
    const [[vm], [snapshot], before] = await Promise.all([
      readByIds(write.session, "Vm", [vmId]),
      readByIds(write.session, "VmSnapshot", [snapshotId]),
      rollbacksOf(write.session, vmId),
    ]);
    const refusal = rollbackError(vmId, snapshotId, vm, snapshot);
    if (refusal !== undefined || vm === undefined) return failedOutcome(refusal ?? new VmNotFoundError(vmId));
    const known = new Set(before.map(({ id }) => id));
    const look = async (): Promise<Observation<WriteAnswer>> => {
      const [tasks, [row]] = await Promise.all([
        rollbacksOf(write.session, vmId),
        readByIds(write.session, "Vm", [vmId]),
      ]);
      const own = tasks.find(({ id }) => !known.has(id));
      const found = own === undefined ? [] : [["vm", { taskId: own.id, resourceId: vmId }] as const];
      // Something is being done to the VM, and it may be this.
      return { found: new Map(found), pending: Boolean(row?.entityAsyncStatus) };
    };
    const answer = await sendWithVerification(write, [vmId], look, () =>
      sendRollbackVm(write.session, WriteTargets.of([vmId]), snapshotId),
    );
    return answer instanceof ResourceLockedError ? answer : outcome(write, answer, vm);
  };
  const done = await vmWrites.run(session, [vmId], policy, turn, () => failedOutcome(new WriteOutcomeUnknownError()));
  return done instanceof ResourceLockedError ? failedOutcome(done) : done;
}

/** Makes a new VM of a snapshot. */
export async function rebuildVm(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  wanted: NewVm,
  policy: LockPolicy,
): Promise<RestoredVm> {
  const invalid = nameError(wanted.name);
  if (invalid !== undefined) return failedOutcome(invalid);
  const { name, snapshotId } = wanted;
  const turn = async (write: OpenWrite): Promise<RestoredVm | ResourceLockedError> => {
    const [[snapshot], before] = await Promise.all([
      readByIds(write.session, "VmSnapshot", [snapshotId]),
      readAll(write.session, "Vm", { name }),
    ]);
    if (snapshot === undefined) return failedOutcome(new SnapshotNotFoundError(snapshotId));
    const notReady = readinessError(snapshot);
    if (notReady !== undefined) return failedOutcome(notReady);
    const known = new Set(before.map(({ id }) => id));
    const look = async (): Promise<Observation<WriteAnswer>> => {
      const own = (await readAll(write.session, "Vm", { name })).find(({ id }) => !known.has(id));
      if (own === undefined) return { found: new Map(), pending: await rebuilding(write.session, name) };
      const [task] = await readAll(write.session, "Task", { resource_id: own.id });
      return { found: new Map([["vm", { taskId: task?.id ?? null, resourceId: own.id }]]), pending: false };
    };
    const answer = await sendWithVerification(write, [], look, () => sendRebuildVm(write.session, wanted));
    return answer instanceof ResourceLockedError ? answer : outcome(write, answer, undefined, name);
  };
  // Two rebuilds of one name wait for each other, so that a lost one is not taken for the other.
  const done = await vmWrites.run(session, [`rebuild ${name}`], policy, turn, () =>
    failedOutcome(new WriteOutcomeUnknownError()),
  );
  return done instanceof ResourceLockedError ? failedOutcome(done) : done;
}

function rollbackError(
  vmId: string,
  snapshotId: string,
  vm: Row<"Vm"> | undefined,
  snapshot: Row<"VmSnapshot"> | undefined,
): MutationError | undefined {
  if (vm === undefined) return new VmNotFoundError(vmId);
  if (snapshot === undefined) return new SnapshotNotFoundError(snapshotId);
  if (snapshot.vm?.id !== vmId) return new SnapshotOfAnotherVmError(snapshotId, vmId, snapshot.vm?.id ?? null);
  if (vm.in_recycle_bin) return new VmInRecycleBinError(vm.name ?? vm.id);
  return readinessError(snapshot);
}

function readinessError({ entityAsyncStatus: status, vm_disks: disks }: Row<"VmSnapshot">) {
  if (status) return new SnapshotNotReadyError([`it is ${status}`]);
  return Array.isArray(disks) ? undefined : new SnapshotNotReadyError(["its disks are not known yet"]);
}

/** Sends a write; again only after proof that it did nothing. */
async function sendWithVerification(
  write: OpenWrite,
  vmIds: readonly string[],
  look: () => Promise<Observation<WriteAnswer>>,
  send: () => Promise<WriteAnswer[]>,
): Promise<WriteAnswer | MutationError> {
  for (let attempt = 1; ; attempt += 1) {
    write.assertWanted();
    try {
      return (await send())[0] as WriteAnswer;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const { failure } = error;
      const locked = lockedResources(failure);
      if (locked !== undefined) return lockedError(write.session, locked, vmIds);
      const refusal = refusalOf(failure);
      if (refusal !== undefined) return refusal;
      if (failure.effect === "none") throw error;
      const { found, conclusive } = await verifyWrite(write, 1, look);
      const [trace] = found.values();
      if (trace !== undefined) return trace;
      if (!conclusive) return new WriteOutcomeUnknownError();
      if (attempt >= MAX_SENDS) return new UpstreamFailedError(failure.message);
    }
  }
}

async function outcome(
  { session }: OpenWrite,
  answer: WriteAnswer | MutationError,
  vm: Row<"Vm"> | undefined,
  name?: string,
): Promise<RestoredVm> {
  if (!("resourceId" in answer)) return failedOutcome(answer);
  const { taskId, resourceId } = answer;
  const [vms, tasks] = await Promise.all([
    readByIds(session, "Vm", [resourceId]).catch(() => []),
    readByIds(session, "Task", taskId === null ? [] : [taskId]).catch(() => []),
  ]);
  const row = indexByKey(vms, ({ id }) => id).get(resourceId) ?? vm ?? { id: resourceId, name };
  const taskRow = taskId === null ? null : (tasks[0] ?? { id: taskId, status: "PENDING", resource_id: resourceId });
  return { vm: new Vm(row), task: taskRow && new Task(taskRow), errors: [] };
}

/** The rollbacks of a VM that CloudTower remembers. */
async function rollbacksOf(session: UpstreamSession, vmId: string): Promise<Row<"Task">[]> {
  const tasks = await readAll(session, "Task", { resource_id: vmId });
  return tasks.filter(({ resource_mutation: mutation }) => /rollback/i.test(mutation ?? ""));
}

async function rebuilding(session: UpstreamSession, name: string): Promise<boolean> {
  const open = await readAll(session, "Task", { status_in: ["PENDING", "EXECUTING", "PAUSED"] });
  return open.some(
    ({ resource_mutation: mutation, args }) =>
      /rebuild/i.test(mutation ?? "") && JSON.stringify(args ?? {}).includes(JSON.stringify(name)),
  );
}

function failedOutcome(error: MutationError): RestoredVm {
  return { vm: null, task: null, errors: [error] };
}
