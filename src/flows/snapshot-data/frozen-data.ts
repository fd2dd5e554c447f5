import { indexByKey } from "../../kernel/group.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";

/** A snapshot with the LUN snapshots that hold its data. */
export interface FrozenData {
  readonly row: Row<"VmSnapshot">;
  /** The LUN snapshot of each frozen disk, by its index in the row; an Error if its name is not unique. */
  readonly lunSnapshots: readonly (Row<"IscsiLunSnapshot"> | Error | undefined)[];
  /** Reasons why it is not usable, for people; empty if it is. */
  readonly missing: readonly string[];
}

/** Loads the data of snapshots by their ids, in one call; none if they have no data disks. */
export async function frozenDataOf(
  session: UpstreamSession,
  rows: readonly Row<"VmSnapshot">[],
): Promise<Map<string, FrozenData>> {
  const snapshots = rows.map((row) => ({ row, disks: disksOf(row) }));
  const keyOf = (disk: VmSnapshotDisk) => snapshotDiskLunSnapshot.key(disk);
  const keys = new Set(snapshots.flatMap(({ disks }) => disks.flatMap((disk) => keyOf(disk) ?? [])));
  const found = keys.size === 0 ? new Map() : await snapshotDiskLunSnapshot.load(session, [...keys]);
  const data = snapshots.map(({ row, disks }): FrozenData => {
    const lunSnapshots = disks.map((disk) => {
      const value = found.get(keyOf(disk) ?? "");
      return value instanceof IscsiLunSnapshot ? value.row : value instanceof Error ? value : undefined;
    });
    return frozenData(row, lunSnapshots);
  });
  return indexByKey(data, ({ row }) => row.id);
}

/** A snapshot with the LUN snapshots of its disks, in the order of the row. */
export function frozenData(row: Row<"VmSnapshot">, lunSnapshots: FrozenData["lunSnapshots"]): FrozenData {
  return { row, lunSnapshots, missing: missingData(row, lunSnapshots) };
}

/** Lists the known reasons why a snapshot is not usable. */
export function missingOf(known: {
  readonly task: Row<"Task"> | undefined;
  readonly row: Row<"VmSnapshot"> | undefined;
  readonly data: FrozenData | undefined;
}): string[] {
  const { task, row, data } = known;
  if (task !== undefined && task.status !== "SUCCESSED") return [`its task is ${task.status ?? "in an unknown state"}`];
  if (row === undefined) return ["CloudTower does not show it"];
  if (data !== undefined && data.missing.length > 0) return [...data.missing];
  return missingData(row, undefined);
}

/** The reason why a snapshot with this row is not usable, apart from its LUN snapshots; undefined if there is none. */
export function incompleteRow({ entityAsyncStatus: status, vm_disks: disks }: Row<"VmSnapshot">): string | undefined {
  if (status) return `it is ${status}`;
  return Array.isArray(disks) ? undefined : "its disks are not known yet";
}

/** Lists the reasons why a snapshot with this row is not usable. */
function missingData(row: Row<"VmSnapshot">, lunSnapshots: FrozenData["lunSnapshots"] | undefined): string[] {
  const incomplete = incompleteRow(row);
  if (incomplete !== undefined) return [incomplete];
  if (lunSnapshots === undefined) return ["its LUN snapshots have not been found yet"];
  return (row.vm_disks ?? []).flatMap((disk, index) => {
    if (disk.type !== "DISK") return [];
    const lunSnapshot = lunSnapshots[index];
    const name = `disk ${disk.index ?? index}`;
    if (lunSnapshot instanceof Error) return [`${name}: ${lunSnapshot.message}`];
    if (!disk.snapshot_local_id) return [`${name} names no LUN snapshot`];
    if (lunSnapshot === undefined) return [`the LUN snapshot of ${name} does not exist yet`];
    return lunSnapshot.local_id ? [] : [`the LUN snapshot of ${name} has no ZBS id`];
  });
}

/** The snapshot as a graph object with its disks and their LUN snapshots attached: the whole chain needs no call. */
export function prefetchedSnapshot({ row, lunSnapshots }: FrozenData): VmSnapshot {
  const snapshot = new VmSnapshot(row);
  const disks = disksOf(row);
  for (const [index, disk] of disks.entries()) {
    const lunSnapshot = lunSnapshots[index];
    disk["@snapshot"] = snapshot;
    disk["@lunSnapshot"] =
      lunSnapshot === undefined || lunSnapshot instanceof Error
        ? (lunSnapshot ?? null)
        : new IscsiLunSnapshot(lunSnapshot);
  }
  snapshot["@disks"] = row.vm_disks ? disks : null;
  return snapshot;
}

function disksOf(row: Row<"VmSnapshot">): VmSnapshotDisk[] {
  return (row.vm_disks ?? []).map((disk) => new VmSnapshotDisk(disk, row));
}
