import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";

/** IscsiLun → its snapshots. */
export const lunSnapshots = declareRelation(
  hasConnection({
    from: IscsiLun,
    field: "snapshots",
    to: IscsiLunSnapshot,
    description: "The LUN's snapshots.",
    via: "iscsi_lun",
    inverse: "lun",
  }),
);

/** IscsiLunSnapshot → the LUN that it was taken of. */
export const lunSnapshotLun = declareRelation(
  belongsTo({
    from: IscsiLunSnapshot,
    field: "lun",
    to: IscsiLun,
    description: "The LUN that the snapshot was taken of; null if it is gone.",
    filter: "By the snapshot's LUN.",
    via: "iscsi_lun",
  }),
);
