import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { VmDisk, vmDiskList } from "../resources/vm-disk/vm-disk.type.js";
import { VmVolume, vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmDisks } from "./vm-disks.js";

/** VmDisk → its volume; the volumes of a VM's disks are also found from the VM, beside the disks. */
export const diskVolume = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "volume",
    to: VmVolume,
    description: "The volume that a data disk stands on; null for a CD-ROM drive.",
    stub: (disk) => disk.row.vm_volume,
    prefetch: { via: vmDisks, where: (vmIds) => ({ vm_disks_some: { vm: { id_in: vmIds } } }) },
  }),
);

/** VmVolume → the disks that stand on it: several where it is shared. */
export const volumeDisks = declareRelation(
  hasMany({
    from: VmVolume,
    field: "disks",
    to: VmDisk,
    description: "The disks that stand on the volume; a shared volume has one for each VM.",
    where: (ids) => ({ vm_volume: { id_in: ids } }),
    rowKey: (disk) => disk.vm_volume?.id,
    expectedCount: (volume) => volume.row.vm_disks?.length,
    inverse: "volume",
  }),
);

vmDiskList.filter.addOne("volume", "vm_volume", vmVolumeList.filter, "By the disk's volume.");
vmVolumeList.filter.addMany("disks", "vm_disks", vmDiskList.filter, "By the disks that stand on the volume.");
