import { followMany, followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { snapshotDiskVolumeSnapshot } from "../../relations/snapshot-disk-by-local-id.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import { snapshotDisks } from "../../relations/snapshot-disks.js";
import { snapshotOpenTask } from "../../relations/snapshot-task.js";
import type { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { withEmptyListsOf } from "./empty-lists.js";
import { differInZbs, mismatch, reasonsInData, reasonsInRow } from "./readiness.js";
import { openTaskReason } from "./task-reasons.js";

/** A frozen disk with the LUN snapshot that holds its data; null for a CD-ROM drive, or if it is gone. */
export interface FrozenDisk {
  readonly disk: VmSnapshotDisk;
  readonly lunSnapshot: IscsiLunSnapshot | null;
}

/**
 * The frozen disks of a snapshot with their LUN snapshots, in the order of the row.
 *
 * @throws TowerError AMBIGUOUS_NAME if the LUN snapshot and the volume snapshot of a disk name different snapshots in ZBS.
 */
async function frozenDisks(graph: GraphContext, snapshot: VmSnapshot): Promise<FrozenDisk[]> {
  const disks = await followMany(graph, snapshotDisks, snapshot);
  return Promise.all(
    disks.map(async (disk) => {
      const [lunSnapshot, secondId] = await Promise.all([
        followOne(graph, snapshotDiskLunSnapshot, disk),
        idBySecondPath(graph, disk),
      ]);
      if (!differInZbs(lunSnapshot?.row.local_id, secondId)) return { disk, lunSnapshot };
      throw new TowerError(ErrorCode.AmbiguousName, `Which data is meant is unknown: ${mismatch(disk.index)}.`);
    }),
  );
}

/** Undefined if there is none, if it is ambiguous, or if the caller may not see it: then there is nothing to compare with. */
async function idBySecondPath(graph: GraphContext, disk: VmSnapshotDisk): Promise<string | null | undefined> {
  try {
    return (await followOne(graph, snapshotDiskVolumeSnapshot, disk))?.row.zbs_snapshot_uuid;
  } catch (error) {
    const code = error instanceof TowerError ? error.code : undefined;
    if (code === ErrorCode.Forbidden || code === ErrorCode.AmbiguousName) return undefined;
    throw error;
  }
}

/** A snapshot of which everything is known, with its disks. */
export interface UsableSnapshot {
  readonly snapshot: VmSnapshot;
  readonly disks: readonly FrozenDisk[];
}

/**
 * The snapshot with its frozen disks, by the same rules as `vmSnapshotReady`.
 *
 * @throws TowerError SNAPSHOT_NOT_READY if it is not usable; AMBIGUOUS_NAME if it is not certain which data are its own.
 */
export async function usableSnapshot(graph: GraphContext, given: VmSnapshot): Promise<UsableSnapshot> {
  const snapshot = await withEmptyListsOf(graph, given);
  const [disks, openTask] = await Promise.all([
    frozenDisks(graph, snapshot),
    followOne(graph, snapshotOpenTask, snapshot),
  ]);
  const reasons = openTask === null ? [] : [openTaskReason(openTask.row)];
  const inRow = reasonsInRow(snapshot.row);
  reasons.push(...inRow);
  if (inRow.length === 0) {
    const data = disks.map(({ lunSnapshot }) => ({ lunSnapshot: lunSnapshot?.row, volumeSnapshot: undefined }));
    reasons.push(...reasonsInData(snapshot.row, data));
  }
  if (reasons.length === 0) return { snapshot, disks };
  const missing = reasons.map(({ message }) => message).join("; ");
  throw new TowerError(ErrorCode.SnapshotNotReady, `The snapshot is not usable yet: ${missing}.`);
}
