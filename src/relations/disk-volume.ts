import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { VmDisk } from "../resources/vm-disk/vm-disk.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { vmDisks } from "./vm-disks.js";

/** VmDisk → its volume. The volumes of a VM's disks can also be loaded by the VM's id, in parallel with the disks. */
export const diskVolume = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "volume",
    to: VmVolume,
    description: "The volume that backs a data disk; null for a CD-ROM drive.",
    filter: "By the disk's volume.",
    via: "vm_volume",
    prefetch: { with: vmDisks, via: "vm_disks" },
  }),
);

/** VmVolume → the disks that it backs: several if it is shared. */
export const volumeDisks = declareRelation(
  hasMany({
    from: VmVolume,
    field: "disks",
    to: VmDisk,
    description: "The disks that the volume backs; a shared volume has one for each VM.",
    filter: { via: "vm_disks", description: "By the disks that the volume backs." },
    via: "vm_volume",
    expectedCount: "vm_disks",
    inverse: "volume",
  }),
);
