import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo, hasOne } from "../graph/relations/loaded-relation.js";
import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { VmVolume } from "../resources/vm-volume/vm-volume.type.js";
import { VmVolumeSnapshot } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import { clusterKey } from "./lookups/cluster-key.js";
import { findLunSnapshots } from "./lookups/find-lun-snapshots.js";

/** VmVolume → its snapshots. */
export const volumeSnapshots = declareRelation(
  hasConnection({
    from: VmVolume,
    field: "snapshots",
    to: VmVolumeSnapshot,
    description: "The volume's snapshots.",
    via: "vm_volume",
    inverse: "volume",
  }),
);

/** VmVolumeSnapshot → the volume that it was taken of. */
export const volumeSnapshotVolume = declareRelation(
  belongsTo({
    from: VmVolumeSnapshot,
    field: "volume",
    to: VmVolume,
    description: "The volume that the snapshot was taken of; null if it is gone.",
    filter: "By the snapshot's volume.",
    via: "vm_volume",
  }),
);

/** VmVolumeSnapshot → the LUN snapshot with the same data: both refer to the same snapshot in ZBS. */
const lunSnapshot: LoadedRelation<VmVolumeSnapshot, IscsiLunSnapshot> = {
  kind: "loaded",
  from: VmVolumeSnapshot,
  field: "lunSnapshot",
  to: IscsiLunSnapshot,
  many: false,
  description: "The LUN snapshot with the same frozen data, matched by its id in ZBS; null for a volume without a LUN.",
  endpoints: ["get-iscsi-lun-snapshots"],
  key: ({ row }) => (row.zbs_snapshot_uuid ? clusterKey(row.cluster?.id, row.zbs_snapshot_uuid) : null),
  keyIsId: false,
  parentColumns: ["zbs_snapshot_uuid", "cluster"],
  rowColumns: ["local_id"],
  load: (session, keys) => findLunSnapshots(session, keys, "local_id"),
};
export const volumeSnapshotLunSnapshot = declareRelation(lunSnapshot);

/** IscsiLunSnapshot → the volume snapshot with the same data. */
export const lunSnapshotVolumeSnapshot = declareRelation(
  hasOne({
    from: IscsiLunSnapshot,
    field: "volumeSnapshot",
    to: VmVolumeSnapshot,
    description:
      "The volume snapshot with the same frozen data, matched by its id in ZBS; null for a LUN that no VM uses.",
    key: (snapshot) => snapshot.row.local_id || null,
    parentColumns: ["local_id"],
    via: "zbs_snapshot_uuid",
  }),
);
