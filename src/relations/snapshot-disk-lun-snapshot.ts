import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { clusterKey } from "./lookups/cluster-key.js";
import { findLunSnapshots } from "./lookups/find-lun-snapshots.js";

/** VmSnapshotDisk → the LUN snapshot with its data, named by the frozen disk's `snapshot_local_id`, which may be null or "". */
const relation: LoadedRelation<VmSnapshotDisk, IscsiLunSnapshot> = {
  kind: "loaded",
  from: VmSnapshotDisk,
  field: "lunSnapshot",
  to: IscsiLunSnapshot,
  many: false,
  description: "The LUN snapshot that holds the frozen data; null for a CD-ROM drive, or if it does not exist yet.",
  endpoints: ["get-iscsi-lun-snapshots"],
  key: ({ row, snapshot }) =>
    row.type === "DISK" && row.snapshot_local_id ? clusterKey(snapshot.cluster?.id, row.snapshot_local_id) : null,
  keyIsId: false,
  parentColumns: ["cluster"],
  rowColumns: ["name"],
  load: (session, keys) => findLunSnapshots(session, keys, "name"),
};

export const snapshotDiskLunSnapshot = declareRelation(relation);
