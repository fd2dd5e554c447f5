import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import { snapshotDisks } from "../../relations/snapshot-disks.js";
import { snapshotTask } from "../../relations/snapshot-task.js";
import type { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { frozenData, missingOf } from "./frozen-data.js";

/** A frozen disk with the LUN snapshot that holds its data; null for a CD-ROM drive, or if it is gone. */
export interface FrozenDisk {
  readonly disk: VmSnapshotDisk;
  readonly lunSnapshot: IscsiLunSnapshot | null;
}

/** The frozen disks of a snapshot with their LUN snapshots, in the order of the row. */
export async function frozenDisks(graph: GraphContext, snapshot: VmSnapshot): Promise<FrozenDisk[]> {
  const disks = await followMany(graph, snapshotDisks, snapshot);
  return Promise.all(
    disks.map(async (disk) => ({
      disk,
      lunSnapshot: await followOne(graph, snapshotDiskLunSnapshot, disk),
    })),
  );
}

/** @throws TowerError SNAPSHOT_NOT_READY if the snapshot is not usable. */
export async function assertReady(
  graph: GraphContext,
  snapshot: VmSnapshot,
  disks: readonly FrozenDisk[],
): Promise<void> {
  const task = await followOne(graph, snapshotTask, snapshot);
  const data = frozenData(
    snapshot.row,
    disks.map(({ lunSnapshot }) => lunSnapshot?.row),
  );
  if (data.missing.length === 0 && (task === null || task.row.status === "SUCCESSED")) return;
  const missing = missingOf({ task: task?.row, row: snapshot.row, data }).join("; ");
  throw new TowerError(ErrorCode.SnapshotNotReady, `The snapshot is not usable yet: ${missing}.`);
}
