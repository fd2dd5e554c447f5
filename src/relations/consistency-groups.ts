import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo, hasMany } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { ConsistencyGroup } from "../resources/consistency-group/consistency-group.type.js";
import { ConsistencyGroupSnapshot } from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { NvmfNamespace } from "../resources/nvmf-namespace/nvmf-namespace.type.js";

/** A group, its members and its snapshots. */
export const consistencyGroups = [
  hasMany({
    from: ConsistencyGroup,
    field: "luns",
    to: IscsiLun,
    description: "The LUNs that belong to the group.",
    filter: { via: "iscsi_luns", description: "By the group's LUNs." },
    via: "consistency_group",
    expectedCount: "iscsi_luns",
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: IscsiLun,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The consistency group that the LUN belongs to.",
    filter: "By the LUN's consistency group.",
    via: "consistency_group",
  }),
  hasMany({
    from: ConsistencyGroup,
    field: "namespaces",
    to: NvmfNamespace,
    description: "The NVMe namespaces that belong to the group.",
    filter: { via: "namespaces", description: "By the group's namespaces." },
    via: "consistency_group",
    expectedCount: "namespaces",
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: NvmfNamespace,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The consistency group that the namespace belongs to.",
    filter: "By the namespace's consistency group.",
    via: "consistency_group",
  }),
  hasConnection({
    from: ConsistencyGroup,
    field: "snapshots",
    to: ConsistencyGroupSnapshot,
    description: "The group's snapshots.",
    via: "consistency_group",
    inverse: "consistencyGroup",
  }),
  belongsTo({
    from: ConsistencyGroupSnapshot,
    field: "consistencyGroup",
    to: ConsistencyGroup,
    description: "The group that the snapshot was taken of; null if it is gone.",
    filter: "By the snapshot's group.",
    via: "consistency_group",
  }),
].map(declareRelation);
