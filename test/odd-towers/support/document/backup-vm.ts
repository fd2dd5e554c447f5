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
