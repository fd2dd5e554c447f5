import { badRequest } from "../refusal.js";
import { frozenConfiguration } from "../rows/freeze.js";
import { frozenLuns, replaceData } from "../rows/lineage.js";
import { restoreDevices } from "../rows/restore-devices.js";
import { addVm, sumSizes } from "../rows/vm.js";
import type { StoredRow, Values } from "../store/store.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { changeVm, createRow } from "./row-tasks.js";
import { type ApiRequest, affected, assertUnlocked, placeholder, visible, type Write, withVolumes } from "./write.js";

/**
 * rollback-vm: restores a VM to one of its snapshots. Existing volumes are kept; deleted ones are replaced by new ones. The data is
 * replaced disk by disk: a task that fails has replaced that of the first half.
 */
export const rollbackVm: Write = (tower, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const snapshot = usableSnapshot(
    tower,
    request,
    readText(readObject(data, "data", ["snapshot_id!"]), "snapshot_id", "data"),
  );
  const vms = affected(tower, request.viewer, "Vm", where);
  for (const vm of vms) {
    if (snapshot.values.vm !== vm.id) throw badRequest(`snapshot [${snapshot.id}] is not one of VM [${vm.id}]`);
  }
  assertUnlocked(vms.flatMap((vm) => withVolumes(tower, vm)));
  return vms.map((vm) => {
    const luns = frozenLuns(tower.store, snapshot);
    const half = luns.slice(0, Math.ceil(luns.length / 2));
    const replace = (some: readonly StoredRow[]) => {
      for (const lun of some) replaceData(tower.store, lun);
    };
    replace(half);
    const taskId = changeVm(tower, request, vm, {
      mutation: "rollbackVm",
      description: {
        en: `Roll back VM ${vm.values.name} to snapshot ${snapshot.values.name}`,
        zh: `将虚拟机 ${vm.values.name} 回滚至快照 ${snapshot.values.name}`,
      },
      bytes: Number(snapshot.values.size),
      failed: () => replace(half),
      done: (at) => {
        replace(luns);
        tower.store.patch(vm, frozenConfiguration(snapshot));
        restoreDevices(tower, vm, snapshot, at, "same-volumes");
        sumSizes(tower, vm);
      },
    });
    return { task_id: taskId, data: placeholder(tower, "Vm", vm.id) };
  });
};

/** rebuild-vm-from-snapshot: creates a VM from a snapshot, with its own volumes. */
export const rebuildVm: Write = (tower, request) => {
  const items = readList(request.body, "body").map((item, index) => {
    const object = readObject(item, `[${index}]`, rebuildKeys);
    const name = readText(object, "name", `[${index}]`);
    const snapshot = usableSnapshot(tower, request, readText(object, "rebuild_from_snapshot_id", `[${index}]`));
    return { object, name, snapshot };
  });
  return items.map(({ object, name, snapshot }) => {
    const fields = { ...frozenConfiguration(snapshot), ...overrides(object), entityAsyncStatus: "CREATING" };
    const vm = addVm(tower, { cluster: String(snapshot.scope), name, at: tower.clock.now(), fields });
    return createRow(tower, request, vm, {
      mutation: "rebuildVmFromSnapshot",
      description: {
        en: `Rebuild VM ${name} from snapshot ${snapshot.values.name}`,
        zh: `从快照 ${snapshot.values.name} 重建虚拟机 ${name}`,
      },
      bytes: Number(snapshot.values.size),
      done: (at) => {
        restoreDevices(tower, vm, snapshot, at, "new-volumes");
        sumSizes(tower, vm);
      },
    });
  });
};

function usableSnapshot(tower: Tower, request: ApiRequest, id: string): StoredRow {
  const snapshot = visible(tower, request.viewer, "VmSnapshot", id);
  if (snapshot.values.entityAsyncStatus !== null || snapshot.values.vm_disks === null) {
    throw badRequest(
      `snapshot [${id}] is ${snapshot.values.entityAsyncStatus ?? "not complete"}`,
      `快照 [${id}] 不可用`,
    );
  }
  return snapshot;
}

/** Fields of the request that override the snapshot. Devices always come from the snapshot. */
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
