import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ConsistencyGroupSnapshot } from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { NvmfNamespaceSnapshot } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";

/** The parts of a snapshot of a consistency group: one snapshot per member. */
export const consistencyGroupParts = [
  hasMany({
    from: ConsistencyGroupSnapshot,
    field: "lunSnapshots",
    to: IscsiLunSnapshot,
    description: "The snapshots of the group's LUNs.",
    via: "consistency_group_snapshot",
    // Spelled like this in the contract.
    expectedCount: "Iscsi_lun_snapshots",
    inverse: "consistencyGroupSnapshot",
  }),
  belongsTo({
    from: IscsiLunSnapshot,
    field: "consistencyGroupSnapshot",
    to: ConsistencyGroupSnapshot,
    description: "The snapshot of a consistency group that this one is part of.",
    filter: "By the group's snapshot.",
    via: "consistency_group_snapshot",
  }),
  hasMany({
    from: ConsistencyGroupSnapshot,
    field: "namespaceSnapshots",
    to: NvmfNamespaceSnapshot,
    description: "The snapshots of the group's NVMe namespaces.",
    via: "consistency_group_snapshot",
    expectedCount: "nvmf_namespace_snapshots",
    inverse: "consistencyGroupSnapshot",
  }),
  belongsTo({
    from: NvmfNamespaceSnapshot,
    field: "consistencyGroupSnapshot",
    to: ConsistencyGroupSnapshot,
    description: "The snapshot of a consistency group that this one is part of.",
    filter: "By the group's snapshot.",
    via: "consistency_group_snapshot",
  }),
].map(declareRelation);
