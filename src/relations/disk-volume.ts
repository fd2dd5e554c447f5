import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { VmDisk } from "../resources/vm-disk/vm-disk.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { vmDisks } from "./vm-disks.js";

/** VmDisk → its volume; the volumes of a VM's disks are also found from the VM, beside the disks. */
export const diskVolume = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "volume",
    to: VmVolume,
    description: "The volume that a data disk stands on; null for a CD-ROM drive.",
    filter: "By the disk's volume.",
    via: "vm_volume",
    prefetch: { with: vmDisks, via: "vm_disks" },
  }),
);

/** VmVolume → the disks that stand on it: several where it is shared. */
export const volumeDisks = declareRelation(
  hasMany({
    from: VmVolume,
    field: "disks",
    to: VmDisk,
    description: "The disks that stand on the volume; a shared volume has one for each VM.",
    filter: { via: "vm_disks", description: "By the disks that stand on the volume." },
    via: "vm_volume",
    expectedCount: "vm_disks",
    inverse: "volume",
  }),
);
