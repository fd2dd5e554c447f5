import { declareEdge } from "../graph/declare.js";
import { belongsTo } from "../graph/fetched-edge.js";
import { listBelow } from "../graph/list-below.js";
import { iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.list.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.list.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";

/** IscsiLun → its snapshots. */
export const lunSnapshots = declareEdge(
  listBelow({
    from: IscsiLun,
    field: "snapshots",
    list: iscsiLunSnapshotList,
    description: "The LUN's snapshots.",
    where: (ids) => ({ iscsi_lun: { id_in: ids } }),
    rowKey: (snapshot) => snapshot.iscsi_lun?.id,
    back: "lun",
  }),
);

/** IscsiLunSnapshot → the LUN that it was taken of. */
export const lunSnapshotLun = declareEdge(
  belongsTo({
    from: IscsiLunSnapshot,
    field: "lun",
    to: IscsiLun,
    description: "The LUN that the snapshot was taken of; null once it is gone.",
    stub: (snapshot) => snapshot.row.iscsi_lun,
  }),
);

iscsiLunSnapshotList.filter.addOne("lun", "iscsi_lun", iscsiLunList.filter, "By the snapshot's LUN.");
