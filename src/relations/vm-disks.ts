import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { VmDiskType } from "../resources/shared/disk.enums.js";
import { Vm, vmList } from "../resources/vm/vm.type.js";
import { VmDisk, vmDiskList } from "../resources/vm-disk/vm-disk.type.js";
import type { Row } from "../upstream/wire/types.js";

/** Vm → its disks, by VM ids and never by disk ids: those do not last. */
export const vmDisks = declareRelation(
  hasMany({
    from: Vm,
    field: "disks",
    to: VmDisk,
    description: "The VM's disks in boot order.",
    where: (ids) => ({ vm: { id_in: ids } }),
    rowKey: (disk: Row<"VmDisk">) => disk.vm?.id,
    expectedCount: (vm) => vm.row.vm_disks?.length,
    compare: (a, b) => (a.boot ?? 0) - (b.boot ?? 0) || (a.key ?? 0) - (b.key ?? 0),
    inverse: "vm",
    argument: {
      name: "type",
      type: () => VmDiskType.type,
      description: "Only disks of this type.",
      matches: (disk: VmDisk, type) => disk.type === type,
    },
  }),
);

/** VmDisk → its VM. */
export const diskVm = declareRelation(
  belongsTo({
    from: VmDisk,
    field: "vm",
    to: Vm,
    description: "The VM that the disk belongs to.",
    stub: (disk) => disk.row.vm,
  }),
);

vmList.filter.addMany("disks", "vm_disks", vmDiskList.filter, "By the VM's disks.");
vmDiskList.filter.addOne("vm", "vm", vmList.filter, "By the disk's VM.");
