import { quote } from "../../kernel/text/global-id.js";
import type { Task } from "../../resources/task/task.type.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { WriteTargets } from "../../upstream/write-targets.js";
import { checkId } from "../writes/check-ids.js";
import {
  type MutationError,
  SnapshotNotFoundError,
  SnapshotOfAnotherVmError,
  VmInRecycleBinError,
  VmNotFoundError,
} from "../writes/mutation-errors.js";
import { readAll, readByIds } from "../writes/object-rows.js";
import { textsIn } from "../writes/own-tasks.js";
import type { LockPolicy } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { sendRollbackVm } from "../writes/write-calls.js";
import type { Look } from "../writes/write-kind.js";
import { acceptedEarlier, earlierRestore, type ShownRestores, shownRestores, toldNote } from "./earlier-restores.js";
import {
  acceptedRestore,
  completeRestore,
  failure,
  type RestoredVm,
  type RestoreKind,
  readinessError,
  restored,
  runRestore,
} from "./restore-vm.js";

/** A VM and one of its snapshots, by their bare ids. */
export interface Rollback {
  readonly vmId: string;
  readonly snapshotId: string;
}

/** Outcome of a rollback, together with its VM and snapshot, by their bare ids; null for a sent id that is malformed. */
export interface RolledBackVm extends Pick<RestoredVm, "task" | "errors"> {
  readonly vmId: string | null;
  readonly snapshotId: string | null;
}

/** Restores a VM to one of its own snapshots. Data written since then is lost. @param options.input the ids as they were sent. */
export async function rollbackVm(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { input, policy }: { readonly input: Rollback; readonly policy: LockPolicy },
): Promise<RolledBackVm> {
  const { id: vmId, error: vmError } = checkId("Vm", input.vmId);
  const { id: snapshotId, error: snapshotError } = checkId("VmSnapshot", input.snapshotId);
  if (vmId === null || snapshotId === null) {
    return { vmId, snapshotId, task: null, errors: [vmError, snapshotError].filter((error) => error !== undefined) };
  }
  const item = { vmId, snapshotId };
  const { vm, task, errors } = await runRestore(session, vmWrites, { kind: rollbackKind(vmWrites), item, policy });
  return { ...item, task, errors, ...(vm !== null && { "@vm": vm }) };
}

/** The effect of a rollback is a task that names the VM and the snapshot, and was not there before. */
function rollbackKind(vmWrites: VmWrites): RestoreKind<Rollback> {
  const key = ({ vmId, snapshotId }: Rollback) => `rollback ${vmId} ${snapshotId}`;
  let lastRow: Row<"Vm"> | undefined;
  let lastNote: string | undefined;
  return {
    key,
    isIdempotent: false,
    turn: ({ vmId }) => vmId,
    target: ({ vmId }) => `VM ${quote(vmId)}`,
    lockTargets: ({ vmId }) => [vmId],
    async look(session, items, sent) {
      const looks = new Map<string, Look<RestoredVm>>();
      for (const item of items) {
        const { vmId, snapshotId } = item;
        const write = sent.get(key(item));
        const [[vm], [snapshot], rollbacks] = await Promise.all([
          readByIds(session, "Vm", [vmId]),
          readByIds(session, "VmSnapshot", [snapshotId]),
          shownRollbacks(session, item, acceptedEarlier(write)?.taskId),
        ]);
        lastRow = vm ?? lastRow;
        const outcomeOf = (task: Task | null) => restored(vm ?? { id: vmId }, task);
        const look = earlierRestore(rollbacks, { session, vmWrites, sent: write, outcomeOf });
        const refusal = rollbackError(item, vm, snapshot);
        if (look.kind === "absent") lastNote = look.note;
        const isRefused = look.kind !== "there" && refusal !== undefined;
        looks.set(key(item), isRefused ? { kind: "refused", error: refusal } : look);
      }
      return looks;
    },
    send: (session, [{ vmId, snapshotId }], options) =>
      sendRollbackVm(session, WriteTargets.of([vmId]), snapshotId, options),
    accepted: ([item], responses) =>
      item === undefined
        ? new Map()
        : acceptedRestore({ key: key(item), note: lastNote }, responses, () => lastRow ?? { id: item.vmId }),
    complete: async (session, [item], responses) =>
      item === undefined
        ? new Map()
        : completeRestore(session, vmWrites.users, {
            key: key(item),
            responses,
            rowOf: () => lastRow ?? { id: item.vmId },
          }),
    toldNote,
    failed: (_, error) => failure(error),
  };
}

/** The rollbacks that CloudTower remembers, on the VM or open: until it begins, a task need not say what it acts on. */
async function shownRollbacks(
  session: UpstreamSession,
  { vmId, snapshotId }: Rollback,
  taskId: string | null | undefined,
): Promise<ShownRestores> {
  const byId = taskId ? [{ id: taskId }] : [];
  const where = { OR: [{ resource_id_in: [vmId, snapshotId] }, { status_in: OPEN_STATUSES }, ...byId] };
  const tasks = await readAll(session, "Task", where, true);
  const names = (task: Row<"Task">) => {
    const texts = new Set([...textsIn(task), task.resource_id]);
    return texts.has(vmId) && texts.has(snapshotId);
  };
  const namesNothing = (task: Row<"Task">) =>
    task.resource_id === vmId && [...textsIn(task)].every((text) => text === vmId);
  return shownRestores("rollback", tasks, { names, namesNothing });
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
