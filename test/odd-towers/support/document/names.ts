import type { StoredRow, World } from "./world.js";

/** What no schema says: the names by which the frozen disks of a snapshot lead to other objects of its cluster. */
export function nameFrozenDisks(world: World): void {
  for (const kind of ["VmVolume", "VmVolumeSnapshot", "IscsiLunSnapshot", "NvmfNamespaceSnapshot", "ElfImage"])
    for (const row of world.of(kind)) row.local_id = world.uuid();
  for (const kind of ["IscsiLun", "NvmfNamespace"]) for (const row of world.of(kind)) row.zbs_volume_id = world.uuid();
  // A LUN holds the data of one volume, and a disk has one of its own. An address is unique.
  for (const [at, volume] of world.of("VmVolume").entries()) volume.lun &&= world.of("IscsiLun")[at]?.id;
  for (const [at, disk] of world.of("VmDisk").entries()) disk.vm_volume &&= world.of("VmVolume")[at]?.id;
  for (const [at, nic] of world.of("VmNic").entries()) nic.mac_address &&= `52:54:00:00:00:${10 + at}`;
  for (const [at, snapshot] of world.of("VmSnapshot").entries()) {
    const found = (kind: string) => world.of(kind)[at] as StoredRow;
    const [lunSnapshot, volumeSnapshot, policy] = [
      found("IscsiLunSnapshot"),
      found("VmVolumeSnapshot"),
      found("ElfStoragePolicy"),
    ];
    const { cluster } = world.find(lunSnapshot.iscsi_target) as StoredRow;
    for (const row of [snapshot, volumeSnapshot, policy, found("VmVolume"), found("ElfImage")]) row.cluster = cluster;
    volumeSnapshot.zbs_snapshot_uuid = lunSnapshot.local_id;
    const policyId = world.uuid();
    policy.local_id = `${world.uuid()}_${policyId}`;
    const names = {
      snapshot_local_id: lunSnapshot.name,
      vm_volume_local_id: found("VmVolume").local_id,
      vm_volume_snapshot_uuid: volumeSnapshot.local_id,
      elf_image_local_id: found("ElfImage").local_id,
      storage_policy_uuid: policyId,
    };
    const disk = world.embedded("VmSnapshot", "vm_disks");
    snapshot.vm_disks = [
      { ...disk, ...names, type: "DISK" },
      { ...disk, ...names, type: "CD_ROM", snapshot_local_id: "", vm_volume_local_id: "" },
    ];
  }
}

/** What no schema says of tasks: they name an object of any kind by its id alone, and their progress ends at 1. */
export function nameResources(world: World): void {
  for (const [at, task] of world.of("Task").entries()) {
    const kind = at % 2 === 0 ? "Vm" : "VmSnapshot";
    task.resource_id = world.of(kind)[at]?.id;
    task.resource_mutation = kind === "Vm" ? "startVm" : "createVmSnapshot";
    if ("type" in task) task.type = null;
    // At least one has succeeded, which tells that progress is not in percent.
    if (at === 0) task.status = "SUCCESSED";
    task.progress = task.status === "SUCCESSED" ? 1 : at / 8;
  }
}
