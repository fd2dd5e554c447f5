import { isTaskOf } from "../../resources/task/task-mutation.js";
import { readAll, readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import {
  type MutationError,
  SnapshotNotFoundError,
  SnapshotOfAnotherVmError,
  VmInRecycleBinError,
  VmNotFoundError,
} from "../writes/mutation-errors.js";
import type { LockPolicy, VmWriteQueue } from "../writes/vm-write-queue.js";
import { sendRollbackVm } from "../writes/write-calls.js";
import { failure, foundVm, type RestoredVm, readinessError, runRestore, sendRestore } from "./restore-vm.js";

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
          const response = task && { taskId: task.id, resourceId: vmId };
          // Whatever is being done to the VM may turn out to be this rollback.
          return { found: foundVm(response), pending: Boolean(row?.entityAsyncStatus) };
        },
      });
    },
  });
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

/** The rollbacks of a VM that CloudTower remembers. */
async function rollbacksOf(session: UpstreamSession, vmId: string): Promise<Row<"Task">[]> {
  const tasks = await readAll(session, "Task", { resource_id: vmId });
  return tasks.filter((task) => isTaskOf("rollback", task));
}
