import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { filterBy } from "../graph/relations/relation-argument.js";
import { declareRelation } from "../graph/schema/declare.js";
import { VmDiskType } from "../resources/shared/disk.enums.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmDisk } from "../resources/vm-disk/vm-disk.type.js";

/** Vm → its disks, by VM id, because disk ids change. */
export const vmDisks = declareRelation(
  hasMany({
    from: Vm,
    field: "disks",
    to: VmDisk,
    description: "The VM's disks, in boot order.",
    filter: { via: "vm_disks", description: "By the VM's disks." },
    via: "vm",
    expectedCount: "vm_disks",
    order: ["boot", "key"],
    inverse: "vm",
    argument: filterBy(VmDisk, "type", VmDiskType, "Only disks of this type."),
  }),
);

/** VmDisk → its VM. */
export const diskVm = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "vm",
    to: Vm,
    description: "The VM that the disk belongs to.",
    filter: "By the disk's VM.",
    via: "vm",
  }),
);
