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
    description: "The iSCSI target of the LUN, which is in the same cluster.",
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
    description: "The target's LUNs.",
    filter: { via: "luns", description: "By the target's LUNs." },
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
    description: "The iSCSI target of the LUN that the snapshot was taken of, which is in the same cluster.",
    filter: "By the target of the snapshot's LUN.",
    via: "iscsi_target",
  }),
);

/** IscsiTarget → the snapshots of its LUNs. */
export const targetLunSnapshots = declareRelation(
  hasConnection({
    from: IscsiTarget,
    field: "lunSnapshots",
    to: IscsiLunSnapshot,
    description: "The snapshots of the target's LUNs, including LUNs that are gone.",
    via: "iscsi_target",
    inverse: "target",
  }),
);
