import { TowerError } from "../../kernel/errors.js";
import { groupByKey, indexByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { OWNER_KEY } from "../../resources/vm-snapshot/lease-labels.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { isExpired, type LeaseState } from "../leases/lease.js";
import { type LeasedRow, readLeases } from "../leases/read-leases.js";
import { type FrozenData, frozenDataOf } from "../snapshot-data/frozen-data.js";
import { readByIds, readByKeys } from "../writes/object-rows.js";
import type { ExpiryLooks } from "./expiry-looks.js";
import { KeepReason } from "./keep-reason.type.js";
import { type BusyIds, busyIds, namesAny } from "./running-tasks.js";

/** Number of the newest usable snapshots of a VM and owner that are kept, expired or not: bases of incremental backups. */
const KEPT_BASES = 1;

/** Which snapshots may be deleted. */
export interface Rules {
  readonly looks: ExpiryLooks;
  /** Beginning of their names. @default any name */
  readonly namePrefix?: string;
  /** @default any owner */
  readonly owner?: string;
}

/** A snapshot with the reasons to keep it; it may be deleted if there is none. */
export interface Judged extends LeasedRow {
  readonly reasons: readonly KeepReason[];
  /** How long ago the gateway first saw that the lease had expired, in ms; null if it has not expired. */
  readonly seenMs: number | null;
}

/**
 * Judges snapshots by everything that CloudTower shows of them now. What cannot be read keeps all of them: it throws.
 *
 * Five to nine calls: labels (before 4.1), VMs, tasks, the other snapshots of the VMs with their labels and the data that makes them usable.
 */
export async function judgeSnapshots(
  session: UpstreamSession,
  rows: readonly Row<"VmSnapshot">[],
  rules: Rules,
): Promise<Judged[]> {
  const leased = [...(await readLeases(session, rows)).values()];
  const expired = leased.filter(({ lease }) => isExpired(lease, Date.now()) === true);
  const vmIds = [...new Set(expired.flatMap(({ row }) => row.vm?.id ?? []))];
  const [vms, busy, bases] = await Promise.all([
    vmIds.length === 0 ? [] : readByIds(session, "Vm", vmIds),
    expired.length === 0 ? undefined : busyIds(session),
    basesOf(session, vmIds),
  ]);
  const vmsById = indexByKey(vms, ({ id }) => id);
  return leased.map((one) => {
    const { row, lease } = one;
    const isDue = isExpired(lease, Date.now()) === true;
    if (!isDue || lease.expires === null) rules.looks.forget(row.id);
    const seenMs = isDue && lease.expires !== null ? rules.looks.see(row.id, lease.expires) : null;
    const vm = vmsById.get(row.vm?.id ?? "");
    const isBusy = busy !== undefined && namesAny(busy, [row.id, ...(vm ? [vm.id] : [])]);
    const newer = newerUsable(row, lease, bases, busy);
    const reasons =
      seenMs === null
        ? [new KeepReason("NOT_EXPIRED", "It has no lease that is known to have expired.")]
        : [...byLabels(one, rules, seenMs), ...byState(row, vm, { isBusy, newer })];
    return { ...one, reasons, seenMs };
  });
}

function byLabels({ row, lease }: LeasedRow, { namePrefix = "", owner, looks }: Rules, seenMs: number): KeepReason[] {
  const reasons: KeepReason[] = [];
  if (!String(row.name ?? "").startsWith(namePrefix)) {
    reasons.push(new KeepReason("NAME", `Its name does not begin with ${quote(namePrefix)}.`));
  }
  if (seenMs < looks.graceMs) {
    const hours = (ms: number) => Math.floor(ms / 360_000) / 10;
    const message = `That its lease has expired is known for ${hours(seenMs)} h, of ${hours(looks.graceMs)} h.`;
    reasons.push(new KeepReason("SEEN_TOO_LATELY", message));
  }
  const ownerLabels = lease.labels.filter(({ key }) => key === OWNER_KEY);
  if (ownerLabels.length !== 1 || !lease.owners[0]) {
    reasons.push(new KeepReason("OWNER", `It has ${ownerLabels.length} labels that name an owner; one is needed.`));
  } else if (owner !== undefined && lease.owners[0] !== owner) {
    reasons.push(new KeepReason("OWNER", `It belongs to ${quote(lease.owners[0])}.`));
  }
  return reasons;
}

function byState(
  row: Row<"VmSnapshot">,
  vm: Row<"Vm"> | undefined,
  { isBusy, newer }: { readonly isBusy: boolean; readonly newer: number },
): KeepReason[] {
  const reasons: KeepReason[] = [];
  if (vm === undefined) reasons.push(new KeepReason("VM_UNKNOWN", "Its VM is gone or not visible."));
  else if (takenAt(row) === undefined) {
    reasons.push(new KeepReason("AGE_UNKNOWN", "CloudTower does not say when it was taken."));
  } else if (newer < KEPT_BASES) {
    reasons.push(new KeepReason("BASE", "No newer usable snapshot of its VM and owner is known."));
  }
  if (row.snapshot_group) reasons.push(new KeepReason("PLAN", "A snapshot plan took it."));
  if (row.entityAsyncStatus || vm?.entityAsyncStatus) {
    reasons.push(new KeepReason("LOCKED", "It, or its VM, is being changed."));
  }
  if (isBusy) reasons.push(new KeepReason("TASK", "A task that has not ended acts on it or on its VM."));
  return reasons;
}

/** Usable snapshots by VM and owner. */
type Bases = ReadonlyMap<string, readonly Row<"VmSnapshot">[]>;

async function basesOf(session: UpstreamSession, vmIds: readonly string[]): Promise<Bases> {
  if (vmIds.length === 0) return new Map();
  const owned = { labels_some: { key: OWNER_KEY } };
  const rows = await readByKeys(session, "VmSnapshot", vmIds, (id_in) => ({ vm: { id_in }, ...owned }));
  const [leases, data] = await Promise.all([readLeases(session, rows), dataOf(session, rows)]);
  const usable = [...leases.values()].filter(({ row }) => data.get(row.id)?.reasons.length === 0);
  const owners = usable.flatMap(({ row, lease }) => lease.owners.map((owner) => ({ row, key: baseKey(row, owner) })));
  return new Map([...groupByKey(owners, ({ key }) => key)].map(([key, group]) => [key, group.map(({ row }) => row)]));
}

/** The data of snapshots by id. One whose row cannot be evaluated is left out, so that it counts as not usable; it concerns itself alone. */
async function dataOf(session: UpstreamSession, rows: readonly Row<"VmSnapshot">[]): Promise<Map<string, FrozenData>> {
  try {
    return await frozenDataOf(session, rows);
  } catch (error) {
    if (error instanceof TowerError || rows.length === 0) throw error;
    if (rows.length === 1) return new Map();
    const half = Math.ceil(rows.length / 2);
    const halves = [rows.slice(0, half), rows.slice(half)].map((some) => dataOf(session, some));
    return new Map((await Promise.all(halves)).flatMap((some) => [...some]));
  }
}

function baseKey({ vm }: Row<"VmSnapshot">, owner: string): string {
  return `${vm?.id} ${owner}`;
}

/** Number of usable snapshots of the same VM and owner that were certainly taken later, and that no task may be deleting. */
function newerUsable(row: Row<"VmSnapshot">, { owners }: LeaseState, bases: Bases, busy: BusyIds | undefined): number {
  const at = takenAt(row);
  const [owner, ...others] = owners;
  if (at === undefined || owner === undefined || others.length > 0) return 0;
  const isNewer = (other: Row<"VmSnapshot">) => (takenAt(other) ?? 0) > at && !busy?.has(other.id);
  return (bases.get(baseKey(row, owner)) ?? []).filter(isNewer).length;
}

/** When a snapshot was taken, in ms on the cluster's clock; undefined if that is not known. */
function takenAt({ local_created_at }: Row<"VmSnapshot">): number | undefined {
  const timeMs = zonedMs(local_created_at);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
