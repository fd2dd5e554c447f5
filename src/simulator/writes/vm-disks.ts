import { badRequest } from "../refusal.js";
import { addDisk, disksOf, removeDisk } from "../rows/devices.js";
import { addVolume } from "../rows/volume.js";
import { describeValue } from "../store/check-value.js";
import type { StoredRow, Values } from "../store/store.js";
import type { Tower } from "../tower.js";
import { readList, readObject, readText } from "./request-body.js";
import { changeVm, createRow } from "./row-tasks.js";
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

/** rebuild-vm-volume: creates volumes from volume snapshots. The name need not be unique. A failed task leaves nothing. */
export const rebuildVolume: Write = (tower, request) => {
  const items = readList(request.body, "body").map((item, index) => {
    const path = `[${index}]`;
    const object = readObject(item, path, ["name!", "description!", "volume_snapshot_id!"]);
    const name = readText(object, "name", path);
    const snapshotId = readText(object, "volume_snapshot_id", path);
    const snapshot = visible(tower, request.viewer, "VmVolumeSnapshot", snapshotId);
    if (snapshot.values.entityAsyncStatus !== null) {
      throw badRequest(`volume snapshot [${snapshotId}] is ${snapshot.values.entityAsyncStatus}`);
    }
    return { name, description: String(object.description), snapshot };
  });
  return items.map(({ name, description, snapshot }) => {
    const { volume_size: size, elf_storage_policy: policy, zbs_snapshot_uuid: zbsId } = snapshot.values;
    const volume = addVolume(tower, {
      ...{ cluster: String(snapshot.scope), name, size: Number(size), at: tower.clock.now(), policy: String(policy) },
      lun: zbsId !== null,
    });
    tower.store.patch(volume, { description });
    tower.tasks.hide(volume, tower.lag.volumeVisibleMs);
    return createRow(tower, request, volume, {
      mutation: "rebuildVmVolume",
      description: {
        en: `Rebuild volume ${name} from volume snapshot ${snapshot.values.name}`,
        zh: `从卷快照 ${snapshot.values.name} 重建虚拟卷 ${name}`,
      },
      bytes: Number(snapshot.values.size),
      failed() {
        const lun = tower.store.get("IscsiLun", volume.values.lun);
        if (lun !== undefined) tower.store.remove(lun);
      },
    });
  });
};

/** add-vm-disk: attaches existing volumes. New ones (`mount_new_create_disks`) are not simulated. */
export const addVmDisk: Write = (tower, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const { vm_disks: disks } = readObject(data, "data", ["vm_disks!", "io_policy", ...limits]);
  const { mount_disks: mounts } = readObject(disks, "data.vm_disks", ["mount_disks!"]);
  const vms = affected(tower, request.viewer, "Vm", where);
  const volumes = readList(mounts, "mount_disks").map((item, index) => readMount(tower, request, item, index));
  assertUnlocked([...vms.flatMap((vm) => withVolumes(tower, vm)), ...volumes.map(({ volume }) => volume)]);
  for (const vm of vms) for (const mount of volumes) assertMountable(tower, vm, mount);
  return vms.map((vm) =>
    changed(tower, request, vm, {
      mutation: "addVmDisk",
      description: { en: `Add disks to VM ${vm.values.name}`, zh: `为虚拟机 ${vm.values.name} 添加磁盘` },
      done: () => {
        for (const mount of volumes) mountVolume(tower, vm, mount);
      },
    }),
  );
};

/** remove-vm-disk: detaches disks by their ids, which are those of before the write. Their volumes stay. */
export const removeVmDisk: Write = (tower, request) => {
  const { where, data } = readObject(request.body, "body", ["where!", "data!"]);
  const ids = readList(readObject(data, "data", ["disk_ids!"]).disk_ids, "data.disk_ids");
  const vms = affected(tower, request.viewer, "Vm", where);
  const own = vms.flatMap((vm) => disksOf(tower.store, vm));
  const gone = ids.find((id) => own.every((disk) => disk.id !== id));
  if (gone !== undefined || ids.length === 0) throw badRequest(`no such disk of the VM: ${describeValue(gone)}`);
  assertUnlocked(vms.flatMap((vm) => withVolumes(tower, vm)));
  return vms.map((vm) => {
    const leaving = own.filter(({ id, values }) => ids.includes(id) && values.vm === vm.id).map(({ values }) => values);
    return changed(tower, request, vm, {
      mutation: "removeVmDisk",
      description: { en: `Remove disks of VM ${vm.values.name}`, zh: `移除虚拟机 ${vm.values.name} 的磁盘` },
      // The disks have other ids by then.
      done: () => {
        const isLeaving = ({ values }: StoredRow) =>
          leaving.some(({ bus, key }) => bus === values.bus && key === values.key);
        for (const disk of disksOf(tower.store, vm).filter(isLeaving)) removeDisk(tower.store, disk);
      },
    });
  });
};

interface Mount {
  readonly volume: StoredRow;
  readonly bus: string;
  readonly boot: number;
  readonly key: number | undefined;
}

function readMount(tower: Tower, request: ApiRequest, item: unknown, index: number): Mount {
  const path = `mount_disks[${index}]`;
  const object = readObject(item, path, ["vm_volume_id!", "bus!", "boot!", "key", "index", ...limits]);
  const volume = visible(tower, request.viewer, "VmVolume", readText(object, "vm_volume_id", path));
  const bus = readText(object, "bus", path);
  if (!BUSES.includes(bus))
    throw badRequest(`${path}.bus must be one of ${BUSES.join(", ")}, got ${describeValue(bus)}`);
  for (const name of ["boot", "key"]) {
    const value = object[name];
    if (value !== undefined && !Number.isInteger(value)) throw badRequest(`${path}.${name} must be an integer`);
  }
  return { volume, bus, boot: Number(object.boot), key: object.key as number | undefined };
}

function assertMountable({ store }: Tower, vm: StoredRow, { volume, bus, key }: Mount): void {
  if (volume.scope !== vm.scope) throw badRequest(`volume [${volume.id}] is in another cluster than VM [${vm.id}]`);
  const users = store.referrers("VmDisk", "vm_volume", volume.id).map(({ values }) => values.vm);
  if (users.includes(vm.id)) throw badRequest(`volume [${volume.id}] is attached to VM [${vm.id}] already`);
  if (users.length > 0 && volume.values.sharing !== true) throw badRequest(`volume [${volume.id}] is in use`);
  const taken = disksOf(store, vm).some(({ values }) => values.bus === bus && values.key === key);
  if (taken) throw badRequest(`VM [${vm.id}] has a disk in ${bus} ${key} already`);
}

/** Attaches a volume at its place in the boot order; the disks from there on move back. */
function mountVolume(tower: Tower, vm: StoredRow, { volume, bus, boot, key }: Mount): void {
  const { store } = tower;
  const others = disksOf(store, vm);
  if (others.some(({ values }) => values.boot === boot)) {
    for (const disk of others) {
      if (Number(disk.values.boot) >= boot) store.patch(disk, { boot: Number(disk.values.boot) + 1 });
    }
  }
  const keys = others.map(({ values }) => Number(values.key));
  const disk = addDisk(tower, { vm, volume, type: "DISK" });
  store.patch(disk, { bus, boot, key: key ?? Math.max(0, ...keys) + 1 });
}

function changed(
  tower: Tower,
  request: ApiRequest,
  vm: StoredRow,
  change: Parameters<typeof changeVm>[3],
): WriteResult {
  return { task_id: changeVm(tower, request, vm, change), data: placeholder(tower, "Vm", vm.id) as Values };
}

const BUSES = ["IDE", "SCSI", "USB", "VIRTIO"];
const limits = ["max_bandwidth", "max_bandwidth_policy", "max_bandwidth_unit", "max_iops", "max_iops_policy"];
