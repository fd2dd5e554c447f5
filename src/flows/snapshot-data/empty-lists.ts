import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import type { ResultsByKey } from "../../graph/relations/results-by-key.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { groupByKey } from "../../kernel/group.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { vmDisks } from "../../relations/vm-disks.js";
import { vmNics } from "../../relations/vm-nics.js";
import { mayRemoveDevices } from "../../resources/task/task-mutation.js";
import { isFinal } from "../../resources/task/task-status.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { CLOCK_TOLERANCE_MS } from "./clock-tolerance.js";

type SnapshotRow = Row<"VmSnapshot">;

/**
 * Not a relation of the schema: VmSnapshot → its VM, if nothing that the VM had when the snapshot was taken has been removed since, as far
 * as CloudTower's tasks tell. Null otherwise, or if the VM is gone.
 */
export const snapshotIntactVm: LoadedRelation<VmSnapshot, Vm> = {
  kind: "loaded",
  from: VmSnapshot,
  to: Vm,
  many: false,
  field: "intactVm",
  description: "The snapshot's VM, if it still has everything that it had then.",
  endpoints: ["get-vms", "get-tasks"],
  key: ({ row }) => (row.vm ? `${row.vm.id} ${row.local_created_at ?? ""}` : null),
  keyIsId: false,
  parentColumns: ["vm", "local_created_at"],
  async load(session, keys) {
    const vmIds = [...new Set(keys.map((key) => key.slice(0, key.indexOf(" "))))];
    const [rows, tasks] = await Promise.all([
      readByIds(session, "Vm", vmIds),
      readByKeys(session, "Task", vmIds, (resource_id_in) => ({ resource_id_in })),
    ]);
    const removals = groupByKey(tasks.filter(mayRemoveDevices), (task) => task.resource_id);
    const found: ResultsByKey<Vm> = new Map();
    for (const key of keys) {
      const [vmId, takenAt] = [key.slice(0, key.indexOf(" ")), zonedMs(key.slice(key.indexOf(" ") + 1))];
      const row = rows.find(({ id }) => id === vmId);
      const isBefore = (task: Row<"Task">) => isFinal(task) && zonedMs(task.finished_at) < takenAt - CLOCK_TOLERANCE_MS;
      if (row !== undefined && !row.entityAsyncStatus && (removals.get(vmId) ?? []).every(isBefore)) {
        found.set(key, new Vm(row));
      }
    }
    return found;
  },
};

/**
 * The snapshots' rows, with frozen disks and NICs as empty lists if CloudTower writes null because the VM had none.
 *
 * CloudTower also writes null while they are still to come. The VM tells which it is: what it does not have, and has not lost since, was not
 * there. Four calls for all rows, none if no list is null.
 */
export async function withEmptyLists(session: UpstreamSession, rows: readonly SnapshotRow[]): Promise<SnapshotRow[]> {
  const unclear = rows.filter(hasNullList);
  if (unclear.length === 0) return [...rows];
  try {
    const keyOf = (row: SnapshotRow) => snapshotIntactVm.key(new VmSnapshot(row)) ?? "";
    const vms = await snapshotIntactVm.load(session, [...new Set(unclear.map(keyOf).filter((key) => key !== ""))]);
    const vmIds = [...new Set([...vms.values()].flatMap((vm) => (vm instanceof Vm ? [vm.cloudTowerId] : [])))];
    const [disks, nics] = await Promise.all([vmDisks.load(session, vmIds), vmNics.load(session, vmIds)]);
    return rows.map((row) => {
      const vm = vms.get(keyOf(row));
      if (!(vm instanceof Vm) || !hasNullList(row)) return row;
      return emptied(row, vm, { disks: disks.has(vm.cloudTowerId), nics: nics.has(vm.cloudTowerId) });
    });
  } catch (error) {
    return unlessForbidden(error, [...rows]);
  }
}

/** Like `withEmptyLists`, for one snapshot; loaded together with those of other snapshots. */
export async function withEmptyListsOf(graph: GraphContext, snapshot: VmSnapshot): Promise<VmSnapshot> {
  if (!hasNullList(snapshot.row)) return snapshot;
  try {
    const vm = await followOne(graph, snapshotIntactVm, snapshot);
    if (vm === null) return snapshot;
    const [disks, nics] = await Promise.all([followMany(graph, vmDisks, vm), followMany(graph, vmNics, vm)]);
    return new VmSnapshot(emptied(snapshot.row, vm, { disks: disks.length > 0, nics: nics.length > 0 }));
  } catch (error) {
    return unlessForbidden(error, snapshot);
  }
}

function hasNullList({ entityAsyncStatus, vm_disks, vm_nics }: SnapshotRow): boolean {
  return !entityAsyncStatus && (isNull(vm_disks) || isNull(vm_nics));
}

/** @param found whether the VM has any. */
function emptied(
  row: SnapshotRow,
  { row: vm }: Vm,
  found: { readonly disks: boolean; readonly nics: boolean },
): SnapshotRow {
  return {
    ...row,
    ...(isNull(row.vm_disks) && !found.disks && !vm.vm_disks?.length ? { vm_disks: [] } : {}),
    ...(isNull(row.vm_nics) && !found.nics && !vm.vm_nics?.length ? { vm_nics: [] } : {}),
  };
}

function isNull(list: unknown): boolean {
  return list === null || list === undefined;
}

/** A caller who may not see the VM does not learn what it has. */
function unlessForbidden<T>(error: unknown, otherwise: T): T {
  if (error instanceof TowerError && error.code === ErrorCode.Forbidden) return otherwise;
  throw error;
}
