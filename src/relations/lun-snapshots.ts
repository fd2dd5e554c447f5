import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun, iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot, iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";

/** IscsiLun → its snapshots. */
export const lunSnapshots = declareRelation(
  hasConnection({
    from: IscsiLun,
    field: "snapshots",
    listing: iscsiLunSnapshotList,
    description: "The LUN's snapshots.",
    where: (ids) => ({ iscsi_lun: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.iscsi_lun?.id,
    inverse: "lun",
  }),
);

/** IscsiLunSnapshot → the LUN that it was taken of. */
export const lunSnapshotLun = declareRelation(
  belongsTo({
    from: IscsiLunSnapshot,
    field: "lun",
    to: IscsiLun,
    description: "The LUN that the snapshot was taken of; null once it is gone.",
    stub: (snapshot) => snapshot.row.iscsi_lun,
  }),
);

iscsiLunSnapshotList.filter.addOne("lun", "iscsi_lun", iscsiLunList.filter, "By the snapshot's LUN.");
