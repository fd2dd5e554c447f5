import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { IscsiTarget } from "../resources/iscsi-target/iscsi-target.type.js";

/** IscsiLun → its target. */
export const lunTarget = declareRelation(
  belongsTo({
    from: IscsiLun,
    field: "target",
    to: IscsiTarget,
    description: "The iSCSI target that the LUN stands behind; its cluster is the LUN's.",
    filter: "By the LUN's target.",
    via: "iscsi_target",
  }),
);

/** IscsiTarget → its LUNs. */
export const targetLuns = declareRelation(
  hasConnection({
    from: IscsiTarget,
    field: "luns",
    to: IscsiLun,
    description: "The LUNs behind the target.",
    filter: { via: "luns", description: "By the LUNs behind the target." },
    via: "iscsi_target",
    inverse: "target",
  }),
);

/** IscsiLunSnapshot → the target of its LUN. */
export const lunSnapshotTarget = declareRelation(
  belongsTo({
    from: IscsiLunSnapshot,
    field: "target",
    to: IscsiTarget,
    description: "The iSCSI target of the LUN that the snapshot was taken of; its cluster is the snapshot's.",
    filter: "By the target of the LUN.",
    via: "iscsi_target",
  }),
);

/** IscsiTarget → the snapshots of its LUNs. */
export const targetLunSnapshots = declareRelation(
  hasConnection({
    from: IscsiTarget,
    field: "lunSnapshots",
    to: IscsiLunSnapshot,
    description: "The snapshots of the LUNs behind the target, those of LUNs that are gone too.",
    via: "iscsi_target",
    inverse: "target",
  }),
);
