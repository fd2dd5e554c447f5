import { badInput } from "../../kernel/errors.js";
import { objectList } from "../../kernel/odd-values.js";
import { isCloudTowerId, quote } from "../../kernel/text/global-id.js";
import { snapshotDiskLunSnapshot } from "../../relations/snapshot-disk-lun-snapshot.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { notBefore } from "../../resources/vm-snapshot/lease-condition.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { isExpired } from "../leases/lease.js";
import { type LeasedRow, readLeases } from "../leases/read-leases.js";
import { ownerError } from "../leases/snapshot-leases.types.js";
import { expiredConditions, snapshotPage } from "./expired-page.js";
import type { OrphanSnapshot, OrphanSnapshotPage } from "./orphans.types.js";
import { busyIds, namesAny } from "./running-tasks.js";

/** Number of snapshots in a page if the client gives none. */
export const DEFAULT_ORPHANS = 50;
/** Maximum number of snapshots in a page. */
export const MAX_ORPHANS = 500;

/** Arguments of `orphanSnapshots`. */
export interface OrphanArguments {
  /** RFC 3339 text. */
  readonly olderThan: string;
  readonly owner?: string | null;
  readonly first: number;
  readonly after?: string | null;
}

/**
 * Snapshots that may have been left behind: taken before a time, without a lease or with one that has expired, taken by no plan, and not
 * in use by a task. With an owner, only those with an expired lease of it.
 *
 * @throws TowerError BAD_USER_INPUT
 * @throws UpstreamError also if the caller may not see tasks: whether a snapshot is in use is not known then.
 */
export async function orphanSnapshots(session: UpstreamSession, args: OrphanArguments): Promise<OrphanSnapshotPage> {
  const { olderThan, first, after } = args;
  const owner = args.owner ?? undefined;
  const refusal = owner === undefined ? undefined : ownerError(owner);
  if (refusal !== undefined) throw badInput(refusal.message);
  if (first < 1 || first > MAX_ORPHANS) throw badInput(`first must be between 1 and ${MAX_ORPHANS}, got ${first}.`);
  if (after && !isCloudTowerId(after)) throw badInput(`after must be an endCursor, got ${quote(after)}.`);
  const conditions = [
    { local_created_at_lt: olderThan },
    { snapshot_group: null },
    ...(owner === undefined ? [{ labels_none: notBefore(Date.now()) }] : expiredConditions({ owner })),
  ];
  const page = await snapshotPage(session, conditions, { after: after ?? undefined, first });
  const [leases, busy] = await Promise.all([readLeases(session, page.rows), busyIds(session)]);
  const found = [...leases.values()].filter((one) => isOrphan(one, owner) && !namesAny(busy, [one.row.id]));
  const sizes = await uniqueSizes(
    session,
    found.map(({ row }) => row),
  );
  const nodes = found.map(
    ({ row, lease }): OrphanSnapshot => ({
      snapshot: new VmSnapshot(row),
      reason: lease.exists ? "LEASE_EXPIRED" : "NO_LEASE",
      uniqueSizeBytes: sizes.get(row.id) ?? null,
    }),
  );
  return {
    nodes,
    uniqueSizeBytes: sumOf(nodes.map(({ uniqueSizeBytes }) => uniqueSizeBytes)),
    endCursor: page.next ?? null,
  };
}

function isOrphan({ row, lease }: LeasedRow, owner: string | undefined): boolean {
  if (row.snapshot_group || row.entityAsyncStatus) return false;
  const isOwned = owner === undefined || lease.owners.includes(owner);
  return isOwned && (lease.exists ? isExpired(lease, Date.now()) === true : owner === undefined);
}

/** Sizes by snapshot id; null if one of its LUN snapshots is missing or has no size, or if its disks are not known. */
async function uniqueSizes(session: UpstreamSession, rows: readonly Row<"VmSnapshot">[]) {
  const disksOf = (row: Row<"VmSnapshot">) => objectList(row.vm_disks)?.map((disk) => new VmSnapshotDisk(disk, row));
  const data = new Map(rows.map((row) => [row.id, disksOf(row)?.filter((disk) => disk.row.type !== "CD_ROM")]));
  const keyOf = (disk: VmSnapshotDisk) => snapshotDiskLunSnapshot.key(disk) ?? "";
  const keys = new Set([...data.values()].flatMap((disks) => disks?.map(keyOf) ?? []).filter((key) => key !== ""));
  const found = keys.size === 0 ? new Map() : await snapshotDiskLunSnapshot.load(session, [...keys]);
  const sizeOf = (disk: VmSnapshotDisk): number | null => {
    const lunSnapshot: unknown = found.get(keyOf(disk));
    return lunSnapshot instanceof IscsiLunSnapshot ? lunSnapshot.uniqueSizeBytes : null;
  };
  return new Map([...data].map(([id, disks]) => [id, disks === undefined ? null : sumOf(disks.map(sizeOf))]));
}

function sumOf(sizes: readonly (number | null)[]): number | null {
  return sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}
