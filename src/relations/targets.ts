import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun, iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot, iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { IscsiTarget, iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";

/** IscsiLun → its target. */
export const lunTarget = declareRelation(
  belongsTo({
    from: IscsiLun,
    field: "target",
    to: IscsiTarget,
    description: "The iSCSI target that the LUN stands behind; its cluster is the LUN's.",
    stub: (lun) => lun.row.iscsi_target,
  }),
);

/** IscsiTarget → its LUNs. */
export const targetLuns = declareRelation(
  hasConnection({
    from: IscsiTarget,
    field: "luns",
    listing: iscsiLunList,
    description: "The LUNs behind the target.",
    where: (ids) => ({ iscsi_target: { id_in: ids } }),
    rowKey: (lun) => lun.iscsi_target?.id,
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
    stub: (snapshot) => snapshot.row.iscsi_target,
  }),
);

/** IscsiTarget → the snapshots of its LUNs. */
export const targetLunSnapshots = declareRelation(
  hasConnection({
    from: IscsiTarget,
    field: "lunSnapshots",
    listing: iscsiLunSnapshotList,
    description: "The snapshots of the LUNs behind the target, those of LUNs that are gone too.",
    where: (ids) => ({ iscsi_target: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.iscsi_target?.id,
    inverse: "target",
  }),
);

iscsiLunList.filter.addOne("target", "iscsi_target", iscsiTargetList.filter, "By the LUN's target.");
iscsiLunSnapshotList.filter.addOne("target", "iscsi_target", iscsiTargetList.filter, "By the target of the LUN.");
iscsiTargetList.filter.addMany("luns", "luns", iscsiLunList.filter, "By the LUNs behind the target.");
