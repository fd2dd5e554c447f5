import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { indexByKey } from "../../kernel/group.js";
import { objectsIn } from "../../kernel/odd-values.js";
import { snapshotDiskVolume, snapshotDiskVolumeSnapshot } from "../../relations/snapshot-disk-by-local-id.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { VmVolume } from "../../resources/vm-volume/vm-volume.type.js";
import { VmVolumeSnapshot } from "../../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { withEmptyLists } from "./empty-lists.js";
import { type DiskData, reasonsInData, reasonsInRow } from "./readiness.js";

/** A snapshot with the data of its disks. */
export interface FrozenData {
  readonly row: Row<"VmSnapshot">;
  /** The data of each frozen disk, in the order of the row; empty if the row is not complete yet. */
  readonly disks: readonly DiskData[];
  /** Why it is not usable, apart from tasks; empty if it is. */
  readonly reasons: readonly NotReadyReason[];
}

/**
 * Loads the data of snapshots by their ids: two calls for all of them, none if no row is complete or has data disks; one
 * more for disks that name no LUN snapshot, and four for lists that are null.
 */
export async function frozenDataOf(
  session: UpstreamSession,
  rows: readonly Row<"VmSnapshot">[],
): Promise<Map<string, FrozenData>> {
  const known = await withEmptyLists(session, rows);
  const snapshots = known.map((row) => ({ row, reasons: reasonsInRow(row), disks: disksOf(row) }));
  const wanted = snapshots.flatMap(({ reasons, disks }) => (reasons.length === 0 ? disks : []));
  const nameless = wanted.filter(({ row }) => row.type === "DISK" && !row.snapshot_local_id);
  const [lunSnapshots, volumeSnapshots, volumes] = await Promise.all([
    load(session, snapshotDiskLunSnapshot, wanted),
    load(session, snapshotDiskVolumeSnapshot, wanted).catch(withoutSecondPath),
    load(session, snapshotDiskVolume, nameless),
  ]);
  const dataOf = (disk: VmSnapshotDisk): DiskData => {
    const lunSnapshot = lunSnapshots.get(snapshotDiskLunSnapshot.key(disk) ?? "");
    const volumeSnapshot = volumeSnapshots.get(snapshotDiskVolumeSnapshot.key(disk) ?? "");
    const volume = volumes.get(snapshotDiskVolume.key(disk) ?? "");
    return {
      lunSnapshot: lunSnapshot instanceof IscsiLunSnapshot ? lunSnapshot.row : (lunSnapshot as Error | undefined),
      volumeSnapshot: volumeSnapshot instanceof VmVolumeSnapshot ? volumeSnapshot.row : undefined,
      volume: volume instanceof VmVolume ? volume.row : undefined,
    };
  };
  const data = snapshots.map(({ row, reasons, disks: frozen }): FrozenData => {
    if (reasons.length > 0) return { row, disks: [], reasons };
    const disks = frozen.map(dataOf);
    return { row, disks, reasons: reasonsInData(row, disks) };
  });
  return indexByKey(data, ({ row }) => row.id);
}

/** A caller who may not see volume snapshots has one path to the data, and nothing to compare it with. */
function withoutSecondPath(error: unknown): Map<string, VmVolumeSnapshot | Error> {
  if (error instanceof TowerError && error.code === ErrorCode.Forbidden) return new Map();
  throw error;
}

async function load<R>(
  session: UpstreamSession,
  relation: {
    readonly key: (disk: VmSnapshotDisk) => string | null | undefined;
    readonly load: (session: UpstreamSession, keys: readonly string[]) => Promise<Map<string, R>>;
  },
  disks: readonly VmSnapshotDisk[],
): Promise<Map<string, R>> {
  const keys = new Set(disks.flatMap((disk) => relation.key(disk) ?? []));
  return keys.size === 0 ? new Map() : relation.load(session, [...keys]);
}

/** The snapshot as a graph object with its disks and their LUN snapshots attached: the whole chain needs no call. */
export function prefetchedSnapshot({ row, disks: data }: FrozenData): VmSnapshot {
  const snapshot = new VmSnapshot(row);
  if (data.length === 0) return snapshot;
  const disks = disksOf(row);
  for (const [index, disk] of disks.entries()) {
    const lunSnapshot = data[index]?.lunSnapshot;
    disk["@snapshot"] = snapshot;
    disk["@lunSnapshot"] =
      lunSnapshot === undefined || lunSnapshot instanceof Error
        ? (lunSnapshot ?? null)
        : new IscsiLunSnapshot(lunSnapshot);
  }
  snapshot["@disks"] = disks;
  return snapshot;
}

function disksOf(row: Row<"VmSnapshot">): VmSnapshotDisk[] {
  return objectsIn(row.vm_disks).map((disk) => new VmSnapshotDisk(disk, row));
}
