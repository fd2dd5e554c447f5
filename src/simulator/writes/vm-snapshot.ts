import { badRequest } from "../refusal.js";
import { type Frozen, freeze, sizeOf } from "../rows/freeze.js";
import { addLunSnapshots, addSnapshot, addVolumeSnapshots } from "../rows/snapshots.js";
import { describeValue } from "../store/check-value.js";
import type { StoredRow, Values } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import { clusterTime, happens } from "../tasks/quirks.js";
import { nestedMessage } from "../tasks/task-outcome.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { beginMaking, changeVm, clearStatus, deleteRow } from "./row-tasks.js";
import {
  type ApiRequest,
  affected,
  assertUnlocked,
  placeholder,
  visible,
  type Write,
  type WriteResult,
  withVolumes,
} from "./write.js";

interface SnapshotRequest {
  readonly vm: StoredRow;
  readonly name: string;
  readonly consistency: string;
}

/**
 * create-vm-snapshot: takes snapshots of VMs. All items are checked before anything is written. A name that a snapshot of the VM already
 * has is accepted: as in CloudTower, the call is not idempotent.
 */
export const createVmSnapshot: Write = (tower, request) => {
  const { data } = readObject(request.body, "body", ["data!"]);
  const requests = readList(data, "data").map((item, index) =>
    readSnapshotRequest(tower, request, item, `data[${index}]`),
  );
  assertUnlocked(requests.flatMap(({ vm }) => withVolumes(tower, vm)));
  const repeated = requests.find(({ vm }, index) => requests.findIndex((other) => other.vm === vm) < index);
  if (repeated) throw badRequest(`data contains VM ${repeated.vm.id} twice`);
  return requests.map((item) => start(tower, request, item));
};

/**
 * delete-vm-snapshot: deletes all snapshots that `where` matches, with the LUN and volume snapshots that hold their data. Their VMs are
 * locked until the tasks have ended.
 */
export const deleteVmSnapshot: Write = (tower, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  const snapshots = affected(tower, request.viewer, "VmSnapshot", where);
  const vms = snapshots.flatMap((snapshot) => tower.store.get("Vm", snapshot.values.vm) ?? []);
  assertUnlocked([...new Set(vms)]);
  for (const vm of vms) tower.store.patch(vm, { entityAsyncStatus: "UPDATING" });
  return snapshots.map((snapshot) => {
    const name = String(snapshot.values.name);
    return deleteRow(tower, request, snapshot, {
      mutation: "deleteVmSnapshot",
      description: { en: `Delete VM snapshot ${name}`, zh: `删除虚拟机快照 ${name}` },
      done: (at) => {
        removeDiskData(tower, snapshot);
        unlock(tower, snapshot, at);
      },
      failed: (at) => unlock(tower, snapshot, at),
    });
  });
};

function readSnapshotRequest(tower: Tower, request: ApiRequest, item: unknown, path: string): SnapshotRequest {
  const object = readObject(item, path, ["vm_id!", "name!", "consistent_type"]);
  const consistency = object.consistent_type ?? "CRASH_CONSISTENT";
  if (consistency !== "CRASH_CONSISTENT" && consistency !== "FILE_SYSTEM_CONSISTENT") {
    const expected = "CRASH_CONSISTENT or FILE_SYSTEM_CONSISTENT";
    throw badRequest(`${path}.consistent_type must be ${expected}, got ${describeValue(consistency)}`);
  }
  const name = readText(object, "name", path);
  const vm = visible(tower, request.viewer, "Vm", readText(object, "vm_id", path));
  if (vm.values.in_recycle_bin === true) {
    throw badRequest(`VM [${vm.id}] is in the recycle bin`, `虚拟机 [${vm.id}] 已移入回收站`);
  }
  return { vm, name, consistency };
}

function start(tower: Tower, request: ApiRequest, { vm, name, consistency }: SnapshotRequest): WriteResult {
  const frozen = freeze(tower, vm);
  const at = clusterTime(tower.quirks, tower.clock.now());
  const snapshot = addSnapshot(tower, { vm, name, consistency, at });
  beginMaking(tower, snapshot);
  if (happens(tower.quirks.undatedSnapshots, tower.random)) tower.store.patch(snapshot, { local_created_at: null });
  tower.tasks.hide(snapshot, tower.lag.snapshotVisibleMs);
  if (tower.lag.diskNamesMs > 0) tower.store.patch(snapshot, { vm_disks: withoutNames(frozen) });
  const cannotFreeze = consistency === "FILE_SYSTEM_CONSISTENT" && vm.values.vm_tools_status !== "RUNNING";
  const change = {
    mutation: "createVmSnapshot",
    description: {
      en: `Create VM snapshot ${name} of ${vm.values.name}`,
      zh: `创建虚拟机 ${vm.values.name} 的快照 ${name}`,
    },
    bytes: sizeOf(frozen),
    count: frozen.diskData.length,
    // The API accepts the request; the task fails because the guest does not respond to the file system freeze.
    failure: cannotFreeze ? toolsNotRunning : undefined,
    done: (end: number) => finish(tower, snapshot, frozen, end),
    failed: () => tower.store.remove(snapshot),
  };
  const taskId = changeVm(tower, request, vm, change, snapshot);
  return { task_id: taskId, data: placeholder(tower, "VmSnapshot", snapshot.id) };
}

const toolsNotRunning = {
  errorCode: "JOB_FAILED",
  errorMessage: nestedMessage("VM_TOOLS_NOT_RUNNING", "the guest agent does not answer: file systems cannot be frozen"),
};

/** Removes a snapshot and its data, without a task. */
export function removeSnapshot(tower: Tower, snapshot: StoredRow): void {
  removeDiskData(tower, snapshot);
  tower.store.remove(snapshot);
}

/** Makes the frozen data visible, each part delayed by its lag. */
function finish(tower: Tower, snapshot: StoredRow, frozen: Frozen, at: number): void {
  const { store, events, lag, hidden } = tower;
  const taken = clusterTime(tower.quirks, at);
  events.schedule(at + Math.max(lag.frozenDisksMs, lag.diskNamesMs), () => {
    store.patch(snapshot, { vm_disks: frozen.disks, size: sizeOf(frozen) });
    if (snapshot.values.local_created_at !== null) store.patch(snapshot, { local_created_at: iso(taken) });
    addVolumeSnapshots(tower, frozen, String(snapshot.values.name), taken);
  });
  events.schedule(at + lag.frozenNicsMs, () => store.patch(snapshot, { vm_nics: frozen.nics }));
  events.schedule(at + lag.lunSnapshotMs, () => {
    const reveal = () => addLunSnapshots(tower, frozen, taken);
    if (lag.lunSnapshotReads > 0) hidden.push({ reads: lag.lunSnapshotReads, reveal });
    else reveal();
  });
  clearStatus(tower, snapshot, at);
}

/** The frozen disks as CloudTower shows them while it does not know their LUN snapshots: some say null, some "". */
function withoutNames(frozen: Frozen): readonly Values[] {
  return frozen.disks.map((disk, index) => ({
    ...disk,
    snapshot_local_id: index % 2 === 0 ? null : "",
    vm_volume_snapshot_uuid: null,
  }));
}

/** Unlocks the VM of a snapshot whose deletion has ended, unless another of its snapshots is being deleted. */
function unlock(tower: Tower, snapshot: StoredRow, at: number): void {
  // An event, so that deletions that end at the same time have all ended when it runs.
  tower.events.schedule(at, () => {
    const vm = tower.store.get("Vm", snapshot.values.vm);
    if (vm === undefined) return;
    const others = [...tower.store.referrers("VmSnapshot", "vm", vm.id)].filter((other) => other !== snapshot);
    if (others.every(({ values }) => values.entityAsyncStatus !== "DELETING")) clearStatus(tower, vm, at);
  });
}

function removeDiskData({ store }: Tower, snapshot: StoredRow): void {
  for (const disk of (snapshot.values.vm_disks ?? []) as readonly Values[]) {
    const { snapshot_local_id: name, vm_volume_snapshot_uuid: uuid } = disk;
    const parts = [
      ...(name ? store.equal("IscsiLunSnapshot", "name", name) : []),
      ...(uuid ? store.equal("VmVolumeSnapshot", "local_id", uuid) : []),
    ];
    // A snapshot with the same name in another cluster is unrelated.
    for (const part of parts) if (part.scope === snapshot.scope) store.remove(part);
  }
}
