import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ConsistencyGroup, consistencyGroupList } from "../resources/consistency-group/consistency-group.type.js";
import {
  ConsistencyGroupSnapshot,
  consistencyGroupSnapshotList,
} from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { IscsiLun, iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { NvmfNamespace, nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.type.js";

/** A group, its members and its snapshots. */
export const consistencyGroups = [
  hasMany({
    from: ConsistencyGroup,
    field: "luns",
    to: IscsiLun,
    description: "The LUNs that belong to the group.",
    where: (ids) => ({ consistency_group: { id_in: ids } }),
    rowKey: (lun) => lun.consistency_group?.id,
    expectedCount: (group) => group.row.iscsi_luns?.length,
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: IscsiLun,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The consistency group that the LUN belongs to.",
    stub: (lun) => lun.row.consistency_group,
  }),
  hasMany({
    from: ConsistencyGroup,
    field: "namespaces",
    to: NvmfNamespace,
    description: "The NVMe namespaces that belong to the group.",
    where: (ids) => ({ consistency_group: { id_in: ids } }),
    rowKey: (namespace) => namespace.consistency_group?.id,
    expectedCount: (group) => group.row.namespaces?.length,
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: NvmfNamespace,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The consistency group that the namespace belongs to.",
    stub: (namespace) => namespace.row.consistency_group,
  }),
  hasConnection({
    from: ConsistencyGroup,
    field: "snapshots",
    listing: consistencyGroupSnapshotList,
    description: "The group's snapshots.",
    where: (ids) => ({ consistency_group: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.consistency_group?.id,
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: ConsistencyGroupSnapshot,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The group that the snapshot was taken of; null once it is gone.",
    stub: (snapshot) => snapshot.row.consistency_group,
  }),
].map(declareRelation);

iscsiLunList.filter.addOne(
  "consistencyGroup",
  "consistency_group",
  consistencyGroupList.filter,
  "By the LUN's consistency group.",
);
nvmfNamespaceList.filter.addOne(
  "consistencyGroup",
  "consistency_group",
  consistencyGroupList.filter,
  "By the namespace's consistency group.",
);
consistencyGroupSnapshotList.filter.addOne(
  "consistencyGroup",
  "consistency_group",
  consistencyGroupList.filter,
  "By the snapshot's group.",
);
consistencyGroupList.filter.addMany("luns", "iscsi_luns", iscsiLunList.filter, "By the group's LUNs.");
consistencyGroupList.filter.addMany("namespaces", "namespaces", nvmfNamespaceList.filter, "By the group's namespaces.");
