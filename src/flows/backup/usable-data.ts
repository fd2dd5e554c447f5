import { followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { objectsIn } from "../../kernel/odd-values.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import type { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { isRealId } from "../snapshot-data/readiness.js";

/** The ZBS volume with the data of a LUN snapshot; null if there is none yet, or if the snapshot is being created or deleted. */
export function usableZbsId(lunSnapshot: IscsiLunSnapshot | null | undefined): string | null {
  if (!lunSnapshot || lunSnapshot.row.entityAsyncStatus) return null;
  const { local_id: id } = lunSnapshot.row;
  return isRealId(id) ? id : null;
}

/** A frozen disk of an earlier snapshot. Its LUN snapshot is an error if its name is ambiguous. */
export interface BaseDisk {
  readonly disk: VmSnapshotDisk;
  readonly lunSnapshot: IscsiLunSnapshot | TowerError | null;
}

/** The frozen disks of a snapshot that need not be usable, each with its own outcome. */
export async function baseDisks(graph: GraphContext, snapshot: VmSnapshot): Promise<BaseDisk[]> {
  const disks = objectsIn(snapshot.row.vm_disks).map((row) => new VmSnapshotDisk(row, snapshot.row));
  return Promise.all(
    disks.map(async (disk) => ({ disk, lunSnapshot: await orDoubt(followOne(graph, snapshotDiskLunSnapshot, disk)) })),
  );
}

/** A result, or the error that says why CloudTower's data do not give one. Failed calls still throw. */
export async function orDoubt<T>(result: Promise<T>): Promise<T | TowerError> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof TowerError && error.code === ErrorCode.AmbiguousName) return error;
    throw error;
  }
}
