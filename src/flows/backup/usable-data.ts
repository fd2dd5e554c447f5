import { followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import type { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import type { Row } from "../../upstream/wire/types.js";
import { isRealId, reasonsInRow } from "../snapshot-data/readiness.js";
import { assertReady, type FrozenDisk } from "../snapshot-data/snapshot-data.js";

/** The ZBS volume with the data of a LUN snapshot; null if there is none yet, or if the snapshot is being created or deleted. */
export function usableZbsId(lunSnapshot: IscsiLunSnapshot | null | undefined): string | null {
  if (!lunSnapshot || lunSnapshot.row.entityAsyncStatus) return null;
  const { local_id: id } = lunSnapshot.row;
  return isRealId(id) ? id : null;
}

/** Why a snapshot's row alone says that it is not usable; undefined if it does not. */
export function incompleteSnapshot(row: Row<"VmSnapshot">): string | undefined {
  return reasonsInRow(row)[0]?.message;
}

/** A LUN snapshot is taken together with its VM snapshot: one made this much later, in ms, was made anew under the same name. */
const RECREATED_MS = 3_600_000;

/** Whether a LUN snapshot was made long after the VM snapshot whose data it should hold. False if a time is not known. */
export function isRecreated({ row }: IscsiLunSnapshot, snapshot: Row<"VmSnapshot">): boolean {
  const laterMs = Date.parse(row.local_created_at ?? "") - Date.parse(snapshot.local_created_at ?? "");
  return laterMs > RECREATED_MS;
}

/**
 * Like `assertReady`, and the data are certainly the snapshot's own: a LUN snapshot is found by its name, which users can choose, so it must
 * not be much newer than the snapshot.
 *
 * @throws TowerError SNAPSHOT_NOT_READY
 */
export async function assertUsable(
  graph: GraphContext,
  snapshot: VmSnapshot,
  disks: readonly FrozenDisk[],
): Promise<void> {
  await assertReady(graph, snapshot, disks);
  for (const { disk, lunSnapshot } of disks) {
    if (lunSnapshot === null || !isRecreated(lunSnapshot, snapshot.row)) continue;
    const name = `the LUN snapshot of disk ${disk.row.index ?? "without an index"}`;
    throw notUsable(`${name} was created long after it, under the same name`);
  }
}

/** The error of a snapshot that is not usable, with the reason. */
export function notUsable(reason: string): TowerError {
  return new TowerError(ErrorCode.SnapshotNotReady, `The snapshot is not usable yet: ${reason}.`);
}

/** A frozen disk of an earlier snapshot. Its LUN snapshot is an error if its name is ambiguous. */
export interface BaseDisk {
  readonly disk: VmSnapshotDisk;
  readonly lunSnapshot: IscsiLunSnapshot | TowerError | null;
}

/** The frozen disks of a snapshot that need not be usable, each with its own outcome. */
export async function baseDisks(graph: GraphContext, snapshot: VmSnapshot): Promise<BaseDisk[]> {
  const rows = (snapshot.row.vm_disks ?? []).filter(Boolean);
  const disks = rows.map((row) => new VmSnapshotDisk(row, snapshot.row));
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
