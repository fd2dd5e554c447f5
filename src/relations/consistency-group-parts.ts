import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import {
  ConsistencyGroupSnapshot,
  consistencyGroupSnapshotList,
} from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { IscsiLunSnapshot, iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import {
  NvmfNamespaceSnapshot,
  nvmfNamespaceSnapshotList,
} from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";

/** What a snapshot of a consistency group is made of: one snapshot of each member. */
export const consistencyGroupParts = [
  hasMany({
    from: ConsistencyGroupSnapshot,
    field: "lunSnapshots",
    to: IscsiLunSnapshot,
    description: "The snapshots of the group's LUNs.",
    where: (ids) => ({ consistency_group_snapshot: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.consistency_group_snapshot?.id,
    // The contract's own spelling.
    expectedCount: (snapshot) => snapshot.row.Iscsi_lun_snapshots?.length,
    inverse: "consistencyGroupSnapshot",
  }),
  belongsTo({
    from: IscsiLunSnapshot,
    field: "consistencyGroupSnapshot",
    to: ConsistencyGroupSnapshot,
    description: "The snapshot of a consistency group that this one is part of.",
    stub: (snapshot) => snapshot.row.consistency_group_snapshot,
  }),
  hasMany({
    from: ConsistencyGroupSnapshot,
    field: "namespaceSnapshots",
    to: NvmfNamespaceSnapshot,
    description: "The snapshots of the group's NVMe namespaces.",
    where: (ids) => ({ consistency_group_snapshot: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.consistency_group_snapshot?.id,
    expectedCount: (snapshot) => snapshot.row.nvmf_namespace_snapshots?.length,
    inverse: "consistencyGroupSnapshot",
  }),
  belongsTo({
    from: NvmfNamespaceSnapshot,
    field: "consistencyGroupSnapshot",
    to: ConsistencyGroupSnapshot,
    description: "The snapshot of a consistency group that this one is part of.",
    stub: (snapshot) => snapshot.row.consistency_group_snapshot,
  }),
].map(declareRelation);

iscsiLunSnapshotList.filter.addOne(
  "consistencyGroupSnapshot",
  "consistency_group_snapshot",
  consistencyGroupSnapshotList.filter,
  "By the group's snapshot.",
);
nvmfNamespaceSnapshotList.filter.addOne(
  "consistencyGroupSnapshot",
  "consistency_group_snapshot",
  consistencyGroupSnapshotList.filter,
  "By the group's snapshot.",
);
