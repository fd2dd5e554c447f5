import { quote } from "../../kernel/text/global-id.js";
import type { Task } from "../../resources/task/task.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { checkId } from "../writes/check-ids.js";
import { nameError } from "../writes/check-name.js";
import { SnapshotNotFoundError } from "../writes/mutation-errors.js";
import { readAll, readByIds, readByKeys } from "../writes/object-rows.js";
import { openTasks } from "../writes/open-tasks.js";
import { argumentsName, textsIn } from "../writes/own-tasks.js";
import type { LockPolicy } from "../writes/run-writes.js";
import type { VmWrites } from "../writes/vm-writes.js";
import { type NewVm, sendRebuildVm } from "../writes/write-calls.js";
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
  startedOnly,
} from "./restore-vm.js";

/** Outcome of a rebuild, together with its snapshot. */
export interface RebuiltVm extends RestoredVm {
  /** Bare id; null if the sent one is malformed. */
  readonly snapshotId: string | null;
}

/** Creates a new VM from a snapshot. */
export async function rebuildVm(
  session: UpstreamSession,
  vmWrites: VmWrites,
  { input, policy }: { readonly input: NewVm; readonly policy: LockPolicy },
): Promise<RebuiltVm> {
  const { id: snapshotId, error } = checkId("VmSnapshot", input.snapshotId);
  const invalid = error ?? nameError(input.name);
  if (snapshotId === null || invalid !== undefined) {
    return { snapshotId, ...failure(invalid ?? new SnapshotNotFoundError(input.snapshotId)) };
  }
  const item = { ...input, snapshotId };
  return { snapshotId, ...(await runRestore(session, vmWrites, { kind: rebuildKind(vmWrites), item, policy })) };
}

/**
 * The effect of a rebuild is a task that names the snapshot and the new VM, and was not there before. That a VM has the name proves
 * nothing: names are not unique.
 */
function rebuildKind(vmWrites: VmWrites): RestoreKind<NewVm> {
  let lastNote: string | undefined;
  const key = ({ name, snapshotId }: NewVm) => `rebuild ${snapshotId} ${name}`;
  return {
    key,
    isIdempotent: false,
    // There is no VM yet. Rebuilds of one name are made one after the other.
    turn: ({ name }) => `rebuild ${name}`,
    target: ({ name }) => `a new VM named ${quote(name)}`,
    lockTargets: () => [],
    async look(session, items, sent) {
      const looks = new Map<string, Look<RestoredVm>>();
      for (const item of items) {
        const write = sent.get(key(item));
        const accepted = acceptedEarlier(write);
        const [[snapshot], vms] = await Promise.all([
          readByIds(session, "VmSnapshot", [item.snapshotId]),
          readAll(session, "Vm", { OR: [{ name: item.name }, ...(accepted ? [{ id: accepted.resourceId }] : [])] }),
        ]);
        const rebuilds = await shownRebuilds(session, vms, item);
        // CloudTower may show the VM, or its name, only when the task has ended.
        const outcomeOf = (task: Task | null, vmId: string | undefined) => {
          const vm = vms.find(({ id }) => id === vmId);
          if (vm !== undefined) return restored(vm, task);
          return accepted === undefined
            ? startedOnly(task)
            : restored({ id: accepted.resourceId, name: item.name }, task);
        };
        const look = earlierRestore(rebuilds, { session, vmWrites, sent: write, outcomeOf });
        const refusal = snapshot === undefined ? new SnapshotNotFoundError(item.snapshotId) : readinessError(snapshot);
        if (look.kind === "absent") lastNote = look.note;
        const isRefused = look.kind !== "there" && refusal !== undefined;
        looks.set(key(item), isRefused ? { kind: "refused", error: refusal } : look);
      }
      return looks;
    },
    send: (session, [newVm], options) => sendRebuildVm(session, newVm, options),
    accepted: ([item], responses) =>
      item === undefined
        ? new Map()
        : acceptedRestore({ key: key(item), note: lastNote }, responses, ({ resourceId }) => ({
            id: resourceId,
            name: item.name,
          })),
    complete: async (session, [item], responses) =>
      item === undefined
        ? new Map()
        : completeRestore(session, vmWrites.users, {
            key: key(item),
            responses,
            rowOf: ({ resourceId }) => ({ id: resourceId, name: item.name }),
          }),
    toldNote,
    failed: (_, error) => failure(error),
  };
}

/** The tasks that built the VMs, and those that are building one: its VM need not show yet. */
async function shownRebuilds(
  session: UpstreamSession,
  vms: readonly Row<"Vm">[],
  { name, snapshotId }: NewVm,
): Promise<ShownRestores> {
  const ids = vms.map(({ id }) => id);
  const [ended, open] = await Promise.all([
    readByKeys(session, "Task", ids, (resource_id_in) => ({ resource_id_in })),
    openTasks(session),
  ]);
  const tasks = new Map([...ended, ...open].map((task) => [task.id, task]));
  return shownRestores("rebuild", [...tasks.values()], {
    names: (task) => argumentsName(task, [name, snapshotId]),
    namesNothing: (task) => ids.includes(task.resource_id ?? "") && textsIn(task).size === 0,
  });
}
