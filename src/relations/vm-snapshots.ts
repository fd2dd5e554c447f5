import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Vm } from "../resources/vm/vm.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";

/** Vm → its snapshots. */
export const vmSnapshots = declareRelation(
  hasConnection({
    from: Vm,
    field: "snapshots",
    to: VmSnapshot,
    description: "The VM's snapshots.",
    filter: { via: "snapshots", description: "By the VM's snapshots." },
    via: "vm",
    expectedCount: "snapshots",
    inverse: "vm",
  }),
);

/** VmSnapshot → the VM that it was taken of. */
export const snapshotVm = declareRelation(
  belongsTo({
    from: VmSnapshot,
    field: "vm",
    to: Vm,
    description: "The VM that the snapshot was taken of; null if it is gone.",
    filter: "By the snapshot's VM.",
    via: "vm",
  }),
);
