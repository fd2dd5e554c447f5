import { quote } from "../../kernel/text/global-id.js";
import { Task } from "../../resources/task/task.type.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { nameError } from "../writes/check-name.js";
import { SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { readAll, readByIds, readByKeys } from "../writes/object-rows.js";
import { openTasks } from "../writes/open-tasks.js";
import type { KnownUsers } from "../writes/own-tasks.js";
import type { LockPolicy } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { type NewVm, sendRebuildVm } from "../writes/write-calls.js";
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
  startedOnly,
  tasksAbout,
} from "./restore-vm.js";

/** Creates a new VM from a snapshot. */
export async function rebuildVm(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { newVm, policy }: { readonly newVm: NewVm; readonly policy: LockPolicy },
): Promise<RestoredVm> {
  const invalid = nameError(newVm.name);
  if (invalid !== undefined) return failure(invalid);
  return runRestore(session, vmWrites, { kind: rebuildKind(vmWrites.users), item: newVm, policy });
}

/**
 * The effect of a rebuild is a task of the caller that names the snapshot and the new VM, and was not there before. That a VM has the name
 * proves nothing: names are not unique.
 */
function rebuildKind(users: KnownUsers): RestoreKind<NewVm> {
  const key = ({ name, snapshotId }: NewVm) => `rebuild ${snapshotId} ${name}`;
  return {
    key,
    // There is no VM yet. Rebuilds of one name are made one after the other.
    turn: ({ name }) => `rebuild ${name}`,
    target: ({ name }) => `a new VM named ${quote(name)}`,
    lockTargets: () => [],
    async look(session, items, sent) {
      const looks = new Map<string, Look<RestoredVm>>();
      for (const item of items) {
        const [[snapshot], vms] = await Promise.all([
          readByIds(session, "VmSnapshot", [item.snapshotId]),
          readAll(session, "Vm", { name: item.name }),
        ]);
        const rebuilds = await rebuildsOf(session, vms, item);
        const note = sent.get(key(item))?.note;
        const own = note === undefined ? undefined : ownTaskSince(note, rebuilds, { session, users });
        const vm = vms.find(({ id }) => id === own?.resource_id);
        const notReady = snapshot && readinessError(snapshot);
        if (own !== undefined) {
          // CloudTower may show the VM, or its name, only when the task has ended.
          const outcome = vm === undefined ? startedOnly(new Task(own)) : restored(vm, new Task(own));
          looks.set(key(item), { kind: "there", outcome, certain: true });
        } else if (snapshot === undefined) {
          looks.set(key(item), { kind: "refused", error: new SnapshotNotFoundError(item.snapshotId) });
        } else if (notReady !== undefined) looks.set(key(item), { kind: "refused", error: notReady });
        else looks.set(key(item), { kind: "absent", note: noteOfTasks(rebuilds) });
      }
      return looks;
    },
    send: (session, [newVm], options) => sendRebuildVm(session, newVm, options),
    accepted: ([item], responses) =>
      item === undefined
        ? new Map()
        : acceptedRestore(key(item), responses, ({ resourceId }) => ({ id: resourceId, name: item.name })),
    complete: async (session, [item], responses) =>
      item === undefined
        ? new Map()
        : completeRestore(session, users, {
            key: key(item),
            responses,
            rowOf: ({ resourceId }) => ({ id: resourceId, name: item.name }),
          }),
    failed: (_, error) => failure(error),
  };
}

/** The tasks that built VMs of the name from the snapshot, and those that are building one: its VM need not show yet. */
async function rebuildsOf(
  session: UpstreamSession,
  vms: readonly Row<"Vm">[],
  { name, snapshotId }: NewVm,
): Promise<Row<"Task">[]> {
  const ids = vms.map(({ id }) => id);
  const [ended, open] = await Promise.all([
    readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in })),
    openTasks(session),
  ]);
  const tasks = new Map([...ended, ...open].map((task) => [task.id, task]));
  return tasksAbout([...tasks.values()], [name, snapshotId]).filter((task) => isTaskOf("rebuild", task));
}
