import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
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
import { readAll, readByIds } from "../writes/object-rows.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import type { LockPolicy } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { sendRollbackVm } from "../writes/write-calls.js";
import type { Look } from "../writes/write-kind.js";
import {
  acceptedRestore,
  completeRestore,
  failure,
  noteOfTasks,
  ownTaskSince,
  type RestoredVm,
  type RestoreKind,
  readinessError,
  restored,
  runRestore,
  tasksAbout,
} from "./restore-vm.js";

/** A VM and one of its snapshots, by their bare ids. */
export interface Rollback {
  readonly vmId: string;
  readonly snapshotId: string;
}

/** Restores a VM to one of its own snapshots. Data written since then is lost. */
export async function rollbackVm(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { policy, ...item }: Rollback & { readonly policy: LockPolicy },
): Promise<RestoredVm> {
  return runRestore(session, vmWrites, { kind: rollbackKind(vmWrites.users), item, policy });
}

/** The effect of a rollback is a task of the caller on the VM that names the snapshot, and was not there before. */
function rollbackKind(users: KnownUsers): RestoreKind<Rollback> {
  const key = ({ vmId, snapshotId }: Rollback) => `rollback ${vmId} ${snapshotId}`;
  let lastRow: Row<"Vm"> | undefined;
  return {
    key,
    turn: ({ vmId }) => vmId,
    target: ({ vmId }) => `VM ${quote(vmId)}`,
    lockTargets: ({ vmId }) => [vmId],
    async look(session, items, sent) {
      const looks = new Map<string, Look<RestoredVm>>();
      for (const item of items) {
        const { vmId, snapshotId } = item;
        const [[vm], [snapshot], tasks] = await Promise.all([
          readByIds(session, "Vm", [vmId]),
          readByIds(session, "VmSnapshot", [snapshotId]),
          readAll(session, "Task", { resource_id: vmId }),
        ]);
        lastRow = vm ?? lastRow;
        const rollbacks = tasksAbout(tasks, [snapshotId]).filter((task) => isTaskOf("rollback", task));
        const note = sent.get(key(item))?.note;
        const own = note === undefined ? undefined : ownTaskSince(note, rollbacks, { session, users });
        const refusal = rollbackError(item, vm, snapshot);
        if (own !== undefined) {
          const outcome = restored(vm ?? { id: vmId }, new Task(own));
          looks.set(key(item), { kind: "there", outcome, certain: true });
        } else if (refusal !== undefined) looks.set(key(item), { kind: "refused", error: refusal });
        else looks.set(key(item), { kind: "absent", note: noteOfTasks(rollbacks) });
      }
      return looks;
    },
    send: (session, [{ vmId, snapshotId }], options) =>
      sendRollbackVm(session, WriteTargets.of([vmId]), snapshotId, options),
    accepted: ([item], responses) =>
      item === undefined ? new Map() : acceptedRestore(key(item), responses, () => lastRow ?? { id: item.vmId }),
    complete: async (session, [item], responses) =>
      item === undefined
        ? new Map()
        : completeRestore(session, users, {
            key: key(item),
            responses,
            rowOf: () => lastRow ?? { id: item.vmId },
          }),
    failed: (_, error) => failure(error),
  };
}

function rollbackError(
  { vmId, snapshotId }: Rollback,
  vm: Row<"Vm"> | undefined,
  snapshot: Row<"VmSnapshot"> | undefined,
): MutationError | undefined {
  if (vm === undefined) return new VmNotFoundError(vmId);
  if (snapshot === undefined) return new SnapshotNotFoundError(snapshotId);
  if (snapshot.vm?.id !== vmId) return new SnapshotOfAnotherVmError(snapshotId, vmId, snapshot.vm?.id ?? null);
  if (vm.in_recycle_bin) return new VmInRecycleBinError(vm.original_name || (vm.name ?? vm.id));
  return readinessError(snapshot);
}
