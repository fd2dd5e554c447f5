import { belongsTo, hasOne } from "../graph/relations/loaded-relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";

/** VmVolume → the LUN that backs it. */
export const volumeLun = declareRelation(
  belongsTo({
    from: VmVolume,
    field: "lun",
    to: IscsiLun,
    description: "The LUN that holds the volume's data; null for a volume without one.",
    filter: "By the LUN that backs the volume.",
    via: "lun",
  }),
);

/** IscsiLun → the volume that it backs. The LUN itself does not name it. */
export const lunVolume = declareRelation(
  hasOne({
    from: IscsiLun,
    field: "volume",
    to: VmVolume,
    description: "The volume that the LUN backs; null for a LUN that no VM uses.",
    key: (lun) => lun.cloudTowerId,
    parentColumns: ["id"],
    via: "lun",
  }),
);
