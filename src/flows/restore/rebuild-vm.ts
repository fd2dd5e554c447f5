import { isTaskOf } from "../../resources/task/task-mutation.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import { readAll, readByIds } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { nameError } from "../writes/check-name.js";
import { SnapshotNotFoundError } from "../writes/mutation-errors.js";
import type { LockPolicy, VmWriteQueue } from "../writes/vm-write-queue.js";
import { type NewVm, sendRebuildVm } from "../writes/write-calls.js";
import { failure, foundVm, type RestoredVm, readinessError, runRestore, sendRestore } from "./restore-vm.js";

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

/** Whether an open task may be about to show a VM of the name. */
async function isRebuilding(session: UpstreamSession, name: string): Promise<boolean> {
  const open = await readAll(session, "Task", { status_in: OPEN_STATUSES });
  const names = (task: Row<"Task">) => JSON.stringify(task.args ?? {}).includes(JSON.stringify(name));
  return open.some((task) => isTaskOf("rebuild", task) && names(task));
}
