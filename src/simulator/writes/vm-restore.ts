/** rollback-vm and rebuild-vm-from-snapshot. */
import { badRequest } from "../refusal.js";
import { frozenConfiguration } from "../rows/frozen.js";
import { restoreDevices } from "../rows/restore.js";
import { addVm, sumSizes } from "../rows/vm.js";
import type { Stored, Values } from "../store/store.js";
import type { World } from "../world.js";
import {
  affected,
  assertUnlocked,
  placeholder,
  type Request,
  readList,
  readObject,
  readText,
  visible,
  type Write,
} from "./common.js";
import { changeVm, createRow } from "./lifecycle.js";

/** Puts a VM back to one of its snapshots. Volumes stay the same ones; those that are gone come back as new ones. */
export const rollbackVm: Write = (world, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const snapshot = finished(
    world,
    request,
    readText(readObject(data, "data", ["snapshot_id!"]), "snapshot_id", "data"),
  );
  const vms = affected(world, request.viewer, "Vm", where);
  for (const vm of vms) {
    if (snapshot.values.vm !== vm.id) throw badRequest(`snapshot [${snapshot.id}] is not one of VM [${vm.id}]`);
  }
  assertUnlocked(vms);
  return vms.map((vm) => {
    const taskId = changeVm(world, request, vm, {
      mutation: "rollbackVm",
      description: {
        en: `Roll back VM ${vm.values.name} to snapshot ${snapshot.values.name}`,
        zh: `将虚拟机 ${vm.values.name} 回滚至快照 ${snapshot.values.name}`,
      },
      bytes: Number(snapshot.values.size),
      done: (at) => {
        world.store.patch(vm, frozenConfiguration(snapshot));
        restoreDevices(world, vm, snapshot, at, "same-volumes");
        sumSizes(world, vm);
      },
    });
    return { task_id: taskId, data: placeholder(world, "Vm", vm.id) };
  });
};

/** Makes a new VM of a snapshot, with volumes of its own. */
export const rebuildVm: Write = (world, request) => {
  const items = readList(request.body, "body").map((item, index) => {
    const object = readObject(item, `[${index}]`, rebuildKeys);
    const name = readText(object, "name", `[${index}]`);
    const snapshot = finished(world, request, readText(object, "rebuild_from_snapshot_id", `[${index}]`));
    return { object, name, snapshot };
  });
  return items.map(({ object, name, snapshot }) => {
    const fields = { ...frozenConfiguration(snapshot), ...overrides(object), entityAsyncStatus: "CREATING" };
    const vm = addVm(world, { cluster: String(snapshot.scope), name, at: world.clock.now(), fields });
    return createRow(world, request, vm, {
      mutation: "rebuildVmFromSnapshot",
      description: {
        en: `Rebuild VM ${name} from snapshot ${snapshot.values.name}`,
        zh: `从快照 ${snapshot.values.name} 重建虚拟机 ${name}`,
      },
      bytes: Number(snapshot.values.size),
      done: (at) => {
        restoreDevices(world, vm, snapshot, at, "new-volumes");
        sumSizes(world, vm);
      },
    });
  });
};

function finished(world: World, request: Request, id: string): Stored {
  const snapshot = visible(world, request.viewer, "VmSnapshot", id);
  if (snapshot.values.entityAsyncStatus !== null || snapshot.values.vm_disks === null) {
    throw badRequest(
      `snapshot [${id}] is ${snapshot.values.entityAsyncStatus ?? "not complete"}`,
      `快照 [${id}] 不可用`,
    );
  }
  return snapshot;
}

/** What the caller wants different from the snapshot. Devices are taken from the snapshot, whatever the caller says. */
function overrides(object: Values): Values {
  const { description, ha, vcpu, memory, firmware, guest_os_type, cpu_cores, cpu_sockets, folder_id } = object;
  const given = { description, ha, vcpu, memory, firmware, guest_os_type, folder: folder_id };
  const cpu = cpu_cores === undefined ? {} : { cpu: { cores: cpu_cores, sockets: cpu_sockets ?? 1 } };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), ...cpu };
}

const rebuildKeys = [
  "name!",
  "rebuild_from_snapshot_id!",
  ...[
    "cluster_id",
    "host_id",
    "folder_id",
    "owner",
    "description",
    "guest_os_type",
    "status",
    "firmware",
    "ha",
    "is_full_copy",
  ],
  ...["vcpu", "cpu_cores", "cpu_sockets", "memory", "memory_unit", "vm_disks", "vm_nics", "pci_nics", "gpu_devices"],
  ...["io_policy", "max_bandwidth", "max_bandwidth_policy", "max_bandwidth_unit", "max_iops", "max_iops_policy"],
  "vm_placement_group",
];
