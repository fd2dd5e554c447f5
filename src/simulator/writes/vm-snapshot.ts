/** create-vm-snapshot and delete-vm-snapshot. */

import { badRequest } from "../refusal.js";
import { type Frozen, freeze, sizeOf } from "../rows/frozen.js";
import { addLunSnapshots, addSnapshot, addVolumeSnapshots } from "../rows/snapshot.js";
import type { Stored, Values } from "../store/store.js";
import { describe } from "../store/values.js";
import { iso } from "../tasks/clock.js";
import { nestedMessage } from "../tasks/failure.js";
import type { World } from "../world.js";
import {
  affected,
  assertUnlocked,
  placeholder,
  type Request,
  type Result,
  readList,
  readObject,
  readText,
  visible,
  type Write,
} from "./common.js";
import { changeVm, clearStatus, deleteRow } from "./lifecycle.js";

interface Order {
  readonly vm: Stored;
  readonly name: string;
  readonly consistency: string;
}

/**
 * Takes snapshots of many VMs. All items are checked before anything is written. A name that the VM has already is accepted:
 * nothing upstream makes this repeatable.
 */
export const createVmSnapshot: Write = (world, request) => {
  const { data } = readObject(request.body, "body", ["data!"]);
  const orders = readList(data, "data").map((item, index) => readOrder(world, request, item, `data[${index}]`));
  assertUnlocked(orders.map(({ vm }) => vm));
  const repeated = orders.find(({ vm }, index) => orders.findIndex((other) => other.vm === vm) < index);
  if (repeated) throw badRequest(`data names VM ${repeated.vm.id} twice`);
  return orders.map((order) => start(world, request, order));
};

/** Deletes every snapshot that `where` matches, with the LUN and volume snapshots that hold its data. */
export const deleteVmSnapshot: Write = (world, request) => {
  const { where } = readObject(request.body, "body", ["where!"]);
  const snapshots = affected(world, request.viewer, "VmSnapshot", where);
  const vms = snapshots.flatMap((snapshot) => world.store.get("Vm", snapshot.values.vm) ?? []);
  assertUnlocked([...new Set(vms)]);
  return snapshots.map((snapshot) => {
    const name = String(snapshot.values.name);
    return deleteRow(world, request, snapshot, {
      mutation: "deleteVmSnapshot",
      description: { en: `Delete VM snapshot ${name}`, zh: `删除虚拟机快照 ${name}` },
      done: () => removeParts(world, snapshot),
    });
  });
};

function readOrder(world: World, request: Request, item: unknown, path: string): Order {
  const object = readObject(item, path, ["vm_id!", "name!", "consistent_type"]);
  const consistency = object.consistent_type ?? "CRASH_CONSISTENT";
  if (consistency !== "CRASH_CONSISTENT" && consistency !== "FILE_SYSTEM_CONSISTENT") {
    const expected = "CRASH_CONSISTENT or FILE_SYSTEM_CONSISTENT";
    throw badRequest(`${path}.consistent_type must be ${expected}, got ${describe(consistency)}`);
  }
  const name = readText(object, "name", path);
  const vm = visible(world, request.viewer, "Vm", readText(object, "vm_id", path));
  if (vm.values.in_recycle_bin === true) {
    throw badRequest(`VM [${vm.id}] is in the recycle bin`, `虚拟机 [${vm.id}] 已移入回收站`);
  }
  return { vm, name, consistency };
}

function start(world: World, request: Request, { vm, name, consistency }: Order): Result {
  const frozen = freeze(world, vm);
  const snapshot = addSnapshot(world, { vm, name, consistency, at: world.clock.now(), status: "CREATING" });
  const quiesces = consistency === "FILE_SYSTEM_CONSISTENT" && vm.values.vm_tools_status !== "RUNNING";
  const change = {
    mutation: "createVmSnapshot",
    description: {
      en: `Create VM snapshot ${name} of ${vm.values.name}`,
      zh: `创建虚拟机 ${vm.values.name} 的快照 ${name}`,
    },
    bytes: sizeOf(frozen),
    count: frozen.parts.length,
    // The API takes the order and the hypervisor finds out: the guest does not answer the request to freeze its file systems.
    failure: quiesces ? toolsNotRunning : undefined,
    done: (at: number) => finish(world, snapshot, frozen, at),
    failed: () => world.store.remove(snapshot),
  };
  const taskId = changeVm(world, request, vm, change, snapshot);
  return { task_id: taskId, data: placeholder(world, "VmSnapshot", snapshot.id) };
}

const toolsNotRunning = {
  errorCode: "JOB_FAILED",
  errorMessage: nestedMessage("VM_TOOLS_NOT_RUNNING", "the guest agent does not answer: file systems cannot be frozen"),
};

/** What was frozen becomes visible: at once, or each part as late as its lag says. */
function finish(world: World, snapshot: Stored, frozen: Frozen, at: number): void {
  const { store, agenda, lags, hidden } = world;
  agenda.add(at + lags.frozenDisksMs, () => {
    const shown = { vm_disks: frozen.disks, vm_nics: frozen.nics, size: sizeOf(frozen), local_created_at: iso(at) };
    store.patch(snapshot, shown);
    addVolumeSnapshots(world, frozen, String(snapshot.values.name), at);
  });
  agenda.add(at + lags.lunSnapshotMs, () => {
    const reveal = () => addLunSnapshots(world, frozen, at);
    if (lags.lunSnapshotReads > 0) hidden.push({ reads: lags.lunSnapshotReads, reveal });
    else reveal();
  });
  clearStatus(world, snapshot, at);
}

function removeParts({ store }: World, snapshot: Stored): void {
  for (const disk of (snapshot.values.vm_disks ?? []) as readonly Values[]) {
    const { snapshot_local_id: name, vm_volume_snapshot_uuid: uuid } = disk;
    const parts = [
      ...(name ? store.equal("IscsiLunSnapshot", "name", name) : []),
      ...(uuid ? store.equal("VmVolumeSnapshot", "local_id", uuid) : []),
    ];
    // The same name in another cluster is somebody else's snapshot.
    for (const part of parts) if (part.scope === snapshot.scope) store.remove(part);
  }
}
