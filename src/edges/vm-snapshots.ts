import { declareEdge } from "../graph/declare.js";
import { belongsTo } from "../graph/fetched-edge.js";
import { listBelow } from "../graph/list-below.js";
import { vmList } from "../resources/vm/vm.list.js";
import { Vm } from "../resources/vm/vm.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.list.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/** Vm → its snapshots. */
export const vmSnapshots = declareEdge(
  listBelow({
    from: Vm,
    field: "snapshots",
    list: vmSnapshotList,
    description: "The VM's snapshots.",
    where: (ids) => ({ vm: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.vm?.id,
    count: (vm) => vm.row.snapshots?.length,
    back: "vm",
  }),
);

/** VmSnapshot → the VM that it was taken of. */
export const snapshotVm = declareEdge(
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
