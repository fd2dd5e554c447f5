import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vm, vmList } from "../resources/vm/vm.type.js";
import { VmSnapshot, vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";

/** Vm → its snapshots. */
export const vmSnapshots = declareRelation(
  hasConnection({
    from: Vm,
    field: "snapshots",
    listing: vmSnapshotList,
    description: "The VM's snapshots.",
    where: (ids) => ({ vm: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.vm?.id,
    expectedCount: (vm) => vm.row.snapshots?.length,
    inverse: "vm",
  }),
);

/** VmSnapshot → the VM that it was taken of. */
export const snapshotVm = declareRelation(
  belongsTo({
    from: VmSnapshot,
    field: "vm",
    to: Vm,
    description: "The VM that the snapshot was taken of; null once it is gone.",
    stub: (snapshot) => snapshot.row.vm,
  }),
);

vmList.filter.addMany("snapshots", "snapshots", vmSnapshotList.filter, "By the VM's snapshots.");
vmSnapshotList.filter.addOne("vm", "vm", vmList.filter, "By the snapshot's VM.");
