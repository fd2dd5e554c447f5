import type { World } from "./world.js";

/** Adds a VM with two data disks that nothing locks. @returns its id. */
export function addVm(world: World, name: string): string {
  const cluster = world.of("Cluster")[0]?.id;
  const idle = { cluster, entityAsyncStatus: null, labels: [] };
  const vm = world.add("Vm", {
    ...{ ...idle, name, local_id: world.uuid(), in_recycle_bin: false, status: "RUNNING", vm_tools_status: "RUNNING" },
    ...{ vm_disks: [], vm_nics: [], snapshots: [], internal: false },
  });
  const target = world.add("IscsiTarget", idle);
  for (const boot of [0, 1]) {
    const lun = world.add("IscsiLun", { ...idle, zbs_volume_id: world.uuid(), iscsi_target: target.id });
    const type = "KVM_VOLUME_ISCSI";
    const volume = world.add("VmVolume", { ...idle, type, lun: lun.id, local_id: world.uuid(), size: 2 ** 40 });
    const disk = world.add("VmDisk", { vm: vm.id, vm_volume: volume.id, type: "DISK", boot, key: boot });
    volume.vm_disks = [disk.id];
    (vm.vm_disks as string[]).push(disk.id);
  }
  return vm.id;
}

/** Puts the LUNs of a VM into a consistency group of their own. @returns the group's id. */
export function addGroup(world: World, vmId: string): string {
  const cluster = world.of("Cluster")[0]?.id;
  const group = world.add("ConsistencyGroup", { cluster, name: "g", entityAsyncStatus: null, labels: [] });
  const volumes = world.of("VmDisk").flatMap(({ vm, vm_volume }) => (vm === vmId ? [world.find(vm_volume)] : []));
  const luns = volumes.flatMap((volume) => world.find(volume?.lun) ?? []);
  for (const lun of luns) lun.consistency_group = group.id;
  group.iscsi_luns = luns.map(({ id }) => id);
  group.namespaces = [];
  return group.id;
}
