import { declareEdge } from "../graph/declare.js";
import { inline } from "../graph/inline-edge.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";

/** IscsiLun → the ZBS volume with its data: all that is known of it stands on the LUN. */
export const lunStorageVolume = declareEdge(
  inline({
    from: IscsiLun,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the LUN's data. Costs nothing.",
    of: (lun) => StorageVolume.ofLun(lun.row),
    back: "lun",
  }),
);

/** IscsiLunSnapshot → the ZBS volume with the frozen data. */
export const lunSnapshotStorageVolume = declareEdge(
  inline({
    from: IscsiLunSnapshot,
    field: "storageVolume",
    to: StorageVolume,
    description: "The ZBS volume that holds the frozen data: what a backup reads. Costs nothing.",
    of: (snapshot) => StorageVolume.ofLunSnapshot(snapshot.row),
    back: "lunSnapshot",
  }),
);

/** StorageVolume → the LUN snapshot whose data it holds. */
export const storageVolumeLunSnapshot = declareEdge(
  inline({
    from: StorageVolume,
    field: "lunSnapshot",
    to: IscsiLunSnapshot,
    description: "The LUN snapshot whose data this is; null for live data.",
    of: (volume) => (volume.lunSnapshotRow === null ? null : new IscsiLunSnapshot(volume.lunSnapshotRow)),
  }),
);
