import type { Task } from "../../resources/task/task.type.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { readAll, readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { incompleteRow } from "../snapshot-data/frozen-data.js";
import { nameError } from "../writes/check-name.js";
import {
  type MutationError,
  ResourceLockedError,
  SnapshotNotFoundError,
  SnapshotNotReadyError,
  SnapshotOfAnotherVmError,
  VmInRecycleBinError,
  VmNotFoundError,
  WriteOutcomeUnknownError,
} from "../writes/mutation-errors.js";
import { sendBatch } from "../writes/send-batch.js";
import type { Observation } from "../writes/verify-write.js";
import {
  type LockPolicy,
  lockOf,
  type OpenWrite,
  type QueuedWrite,
  type VmWriteQueue,
} from "../writes/vm-write-queue.js";
import { type NewVm, sendRebuildVm, sendRollbackVm, tasksOf, type WriteResponse } from "../writes/write-calls.js";

/** Outcome of a rollback or a rebuild. */
export interface RestoredVm {
  readonly vm: Vm | null;
  /** The task that does it; null if it was done immediately, or if CloudTower has none. */
  readonly task: Task | null;
  readonly errors: readonly MutationError[];
}

/** A rollback. */
export interface Rollback {
  readonly vmId: string;
  readonly snapshotId: string;
  readonly policy: LockPolicy;
}

/** Restores a VM to one of its own snapshots. Data written since then is lost. */
export async function rollbackVm(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  { vmId, snapshotId, policy }: Rollback,
): Promise<RestoredVm> {
  return runRestore(vmWrites, {
    ...{ session, vmIds: [vmId], policy },
    async attempt(write) {
      const [[vm], [snapshot], earlier] = await Promise.all([
        readByIds(write.session, "Vm", [vmId]),
        readByIds(write.session, "VmSnapshot", [snapshotId]),
        rollbacksOf(write.session, vmId),
      ]);
      const refusal = rollbackError({ vmId, snapshotId }, vm, snapshot);
      if (refusal !== undefined || vm === undefined) return failure(refusal ?? new VmNotFoundError(vmId));
      const earlierIds = new Set(earlier.map(({ id }) => id));
      return sendRestore(write, {
        vm,
        send: () => sendRollbackVm(write.session, WriteTargets.of([vmId]), snapshotId),
        async observe() {
          const [rollbacks, [row]] = await Promise.all([
            rollbacksOf(write.session, vmId),
            readByIds(write.session, "Vm", [vmId]),
          ]);
          const task = rollbacks.find(({ id }) => !earlierIds.has(id));
          // Something else on the VM may turn out to be this rollback.
          const response = task && { taskId: task.id, resourceId: vmId };
          return { found: foundVm(response), pending: Boolean(row?.entityAsyncStatus) };
        },
      });
    },
  });
}

/** Creates a new VM from a snapshot. */
export async function rebuildVm(
  session: UpstreamSession,
  vmWrites: VmWriteQueue,
  { newVm, policy }: { readonly newVm: NewVm; readonly policy: LockPolicy },
): Promise<RestoredVm> {
  const { name, snapshotId } = newVm;
  const invalid = nameError(name);
  if (invalid !== undefined) return failure(invalid);
  return runRestore(vmWrites, {
    // There is no VM yet. Rebuilds of one name are serialized, so that a lost one is not mistaken for another.
    ...{ session, vmIds: [], keys: [`rebuild ${name}`], policy },
    async attempt(write) {
      const [[snapshot], earlier] = await Promise.all([
        readByIds(write.session, "VmSnapshot", [snapshotId]),
        readAll(write.session, "Vm", { name }),
      ]);
      if (snapshot === undefined) return failure(new SnapshotNotFoundError(snapshotId));
      const notReady = readinessError(snapshot);
      if (notReady !== undefined) return failure(notReady);
      const earlierIds = new Set(earlier.map(({ id }) => id));
      return sendRestore(write, {
        newName: name,
        send: () => sendRebuildVm(write.session, newVm),
        async observe() {
          const vm = (await readAll(write.session, "Vm", { name })).find(({ id }) => !earlierIds.has(id));
          if (vm === undefined) return { found: foundVm(undefined), pending: await isRebuilding(write.session, name) };
          const [task] = await readAll(write.session, "Task", { resource_id: vm.id });
          return { found: foundVm({ taskId: task?.id ?? null, resourceId: vm.id }), pending: false };
        },
      });
    },
  });
}

async function runRestore(
  vmWrites: VmWriteQueue,
  write: Omit<QueuedWrite<RestoredVm>, "abandoned">,
): Promise<RestoredVm> {
  const abandoned = () => failure(new WriteOutcomeUnknownError());
  const outcome = await vmWrites.run({ ...write, abandoned });
  return outcome instanceof ResourceLockedError ? failure(outcome) : outcome;
}

/** A write with one VM as its result: the VM that is rolled back, or one of a new name. */
type Restore = ({ readonly vm: Row<"Vm"> } | { readonly newName: string }) & {
  send(): Promise<readonly WriteResponse[]>;
  observe(): Promise<Observation<WriteResponse>>;
};

/** Key of the only item. */
const RESTORED = "restored";

function foundVm(response: WriteResponse | undefined): ReadonlyMap<string, WriteResponse> {
  return new Map(response === undefined ? [] : [[RESTORED, response]]);
}

async function sendRestore(write: OpenWrite, restore: Restore): Promise<RestoredVm | ResourceLockedError> {
  const outcomes = new Map<string, RestoredVm>();
  const outcomeOf = async (response: WriteResponse | undefined) =>
    new Map(response === undefined ? [] : [[RESTORED, await restoredVm(write.session, restore, response)]]);
  await sendBatch<typeof RESTORED, WriteResponse, RestoredVm>(write, {
    items: [RESTORED],
    key: (item) => item,
    lockTargets: () => ("vm" in restore ? [restore.vm.id] : []),
    outcomes,
    send: restore.send,
    observe: restore.observe,
    accepted: (_, [response]) => outcomeOf(response),
    existing: (found) => outcomeOf(found.get(RESTORED)),
    failed: (_, error) => failure(error),
  });
  const outcome = outcomes.get(RESTORED) ?? failure(new WriteOutcomeUnknownError());
  return lockOf(outcome) ?? outcome;
}

async function restoredVm(session: UpstreamSession, restore: Restore, response: WriteResponse): Promise<RestoredVm> {
  const last = "vm" in restore ? restore.vm : { id: response.resourceId, name: restore.newName };
  const [[row], tasks] = await Promise.all([
    readByIds(session, "Vm", [last.id]).catch(() => []),
    tasksOf(session, [response]),
  ]);
  return { vm: new Vm(row ?? last), task: tasks.get(response.resourceId) ?? null, errors: [] };
}

function rollbackError(
  { vmId, snapshotId }: Pick<Rollback, "vmId" | "snapshotId">,
  vm: Row<"Vm"> | undefined,
  snapshot: Row<"VmSnapshot"> | undefined,
): MutationError | undefined {
  if (vm === undefined) return new VmNotFoundError(vmId);
  if (snapshot === undefined) return new SnapshotNotFoundError(snapshotId);
  if (snapshot.vm?.id !== vmId) return new SnapshotOfAnotherVmError(snapshotId, vmId, snapshot.vm?.id ?? null);
  if (vm.in_recycle_bin) return new VmInRecycleBinError(vm.name ?? vm.id);
  return readinessError(snapshot);
}

function readinessError(snapshot: Row<"VmSnapshot">): MutationError | undefined {
  const missing = incompleteRow(snapshot);
  return missing === undefined ? undefined : new SnapshotNotReadyError([missing]);
}

/** The rollbacks of a VM that CloudTower remembers. */
async function rollbacksOf(session: UpstreamSession, vmId: string): Promise<Row<"Task">[]> {
  const tasks = await readAll(session, "Task", { resource_id: vmId });
  return tasks.filter((task) => isTaskOf("rollback", task));
}

/** Whether an open task may be about to show a VM of the name. */
async function isRebuilding(session: UpstreamSession, name: string): Promise<boolean> {
  const open = await readAll(session, "Task", { status_in: OPEN_STATUSES });
  const names = (task: Row<"Task">) => JSON.stringify(task.args ?? {}).includes(JSON.stringify(name));
  return open.some((task) => isTaskOf("rebuild", task) && names(task));
}

function failure(error: MutationError): RestoredVm {
  return { vm: null, task: null, errors: [error] };
}
