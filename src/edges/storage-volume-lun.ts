import { declareEdge } from "../graph/declare.js";
import type { FetchedEdge } from "../graph/edge.js";
import { indexByKey } from "../kernel/group.js";
import { IscsiLun } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { StorageVolume } from "../resources/storage-volume/storage-volume.type.js";
import { readByIds } from "../upstream/reads.js";

/**
 * StorageVolume → the LUN whose data it holds, or of which it was taken. Reached from a LUN it is joined already; for a snapshot
 * the LUN is looked up.
 */
const edge: FetchedEdge<StorageVolume, IscsiLun> = {
  kind: "fetched",
  from: StorageVolume,
  field: "lun",
  to: IscsiLun,
  many: false,
  description: "The LUN whose data this is; for frozen data the LUN it was taken of, null where that is gone.",
  operations: ["get-iscsi-luns"],
  key: (volume) => volume.lunRow?.id ?? volume.lunSnapshotRow?.iscsi_lun?.id,
  keyIsId: false,
  async load(session, ids) {
    const rows = await readByIds(session, "IscsiLun", ids);
    return indexByKey(
      rows.map((row) => new IscsiLun(row)),
      (lun) => lun.cloudTowerId,
    );
  },
  stub: {
    fields: new Set(["__typename", "id", "cloudTowerId", "name"]),
    of: (volume) => (volume.lunSnapshotRow?.iscsi_lun ? new IscsiLun(volume.lunSnapshotRow.iscsi_lun) : null),
  },
};

export const storageVolumeLun = declareEdge(edge);
