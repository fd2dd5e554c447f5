import type { GraphObject } from "../../graph/model/graph-object.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import { MissingInVersionError } from "../../upstream/known-version.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { type Listed, listedRows } from "./listed-rows.js";
import { type Copies, type CopyEntity, NewestCopies, noCopies, type Usability } from "./newest-copies.js";

/** The columns of a VM's row that tell of its protection. */
export const JUDGED_COLUMNS = [
  "id",
  "in_recycle_bin",
  "local_created_at",
  "snapshots",
  "snapshot_plan",
  "backup_plans",
] as const;
/** What a VM's row tells of its protection. */
export type JudgedVm = Pick<Row<"Vm">, (typeof JUDGED_COLUMNS)[number]>;

/** Something that was read, or why it could not be. */
export type Read<T> = { readonly value: T } | { readonly failed: string };

/** What CloudTower tells of the protection of one VM. Lives as long as the operation. */
export interface ProtectionFacts extends GraphObject {
  /** The gateway's time before anything was read, in ms since 1970. */
  readonly now: number;
  readonly snapshots: Read<Copies<"VmSnapshot">>;
  readonly restorePoints: Read<Copies<"BackupRestorePoint">>;
  readonly snapshotPlans: Read<Listed<SnapshotPlan>>;
  readonly backupPlans: Read<Listed<BackupPlan>>;
  readonly replicationPlans: Read<Listed<ReplicationPlan>>;
  readonly replicas: Read<Listed<ReplicaVm>>;
}

/** The lists that the facts are read from. */
export const FACT_ENDPOINTS = [
  "get-vm-snapshots",
  "get-backup-restore-points",
  "get-snapshot-plans",
  "get-backup-plans",
  "get-replication-plans",
  "get-replica-vms",
] as const;
/** Calls for each batch of ids: one of each list, and a second of the two lists of copies. */
export const FACT_CALLS = FACT_ENDPOINTS.length + 2;

/** The facts of VMs, by their ids: all lists at the same time, then more of the lists of copies if need be. */
export async function protectionFacts(
  session: UpstreamSession,
  vmIds: readonly string[],
): Promise<Map<string, ProtectionFacts>> {
  const now = Date.now();
  const snapshots = new NewestCopies(session, SNAPSHOTS, vmIds, now);
  const restorePoints = new NewestCopies(session, RESTORE_POINTS, vmIds, now);
  const [firstSnapshots, firstRestorePoints, snapshotPlans, backupPlans, replicationPlans, replicas] =
    await Promise.all([
      attempt(snapshots.readFirst()),
      attempt(restorePoints.readFirst()),
      attempt(listedRows(session, SNAPSHOT_PLANS, vmIds)),
      attempt(listedRows(session, BACKUP_PLANS, vmIds)),
      attempt(listedRows(session, REPLICATION_PLANS, vmIds)),
      attempt(listedRows(session, REPLICAS, vmIds)),
    ]);
  const [allSnapshots, allRestorePoints] = await Promise.all([
    copies(snapshots, firstSnapshots),
    copies(restorePoints, firstRestorePoints),
  ]);
  const shared = {
    now,
    snapshotPlans: snapshotPlans ?? NOTHING,
    backupPlans: backupPlans ?? NOTHING,
    replicationPlans: replicationPlans ?? NOTHING,
    replicas: replicas ?? NOTHING,
  };
  return new Map(
    vmIds.map((id) => [
      id,
      { ...shared, snapshots: ofVm(allSnapshots, id), restorePoints: ofVm(allRestorePoints, id) },
    ]),
  );
}

const naming = (vmIds: readonly string[]) => ({ vms_some: { id_in: vmIds } });
const SNAPSHOT_PLANS = {
  entity: "SnapshotPlan",
  where: naming,
  vmsOf: ({ vms }: Row<"SnapshotPlan">) => vms,
  create: (row: Row<"SnapshotPlan">) => new SnapshotPlan(row),
} as const;
const BACKUP_PLANS = {
  entity: "BackupPlan",
  where: naming,
  vmsOf: ({ vms }: Row<"BackupPlan">) => vms,
  create: (row: Row<"BackupPlan">) => new BackupPlan(row),
} as const;
const REPLICATION_PLANS = {
  entity: "ReplicationPlan",
  where: naming,
  vmsOf: ({ vms }: Row<"ReplicationPlan">) => vms,
  create: (row: Row<"ReplicationPlan">) => new ReplicationPlan(row),
} as const;
const REPLICAS = {
  entity: "ReplicaVm",
  where: (vmIds: readonly string[]) => ({ origin_vm: { id_in: vmIds } }),
  vmsOf: ({ origin_vm }: Row<"ReplicaVm">) => [origin_vm],
  create: (row: Row<"ReplicaVm">) => new ReplicaVm(row),
} as const;
/** Of a list that CloudTower's version does not have. */
const NOTHING = { value: { byId: new Map(), byVm: new Map(), unreadable: new Map() } };

const SNAPSHOTS = {
  entity: "VmSnapshot",
  columns: ["name", "entityAsyncStatus"],
  usability: ({ entityAsyncStatus }: Row<"VmSnapshot">) => ofStatus(entityAsyncStatus),
} as const;

const RESTORE_POINTS = {
  entity: "BackupRestorePoint",
  columns: ["entityAsyncStatus", "creation"],
  usability({ entityAsyncStatus, creation }: Row<"BackupRestorePoint">): Usability {
    const usability = ofStatus(entityAsyncStatus);
    if (usability !== "usable" || creation === null || creation === undefined) return usability;
    return CREATIONS.get(creation) ?? "strange";
  },
} as const;

/** Restore points of synchronous replication that has not succeeded are no copies. */
const CREATIONS: ReadonlyMap<string, Usability> = new Map([
  ...["AUTO", "MANUAL", "FAILOVER", "FAILBACK", "FAILOVER_TEST", "SYNC_REPLICATION"].map(
    (creation) => [creation, "usable"] as const,
  ),
  ...["SYNC_REPLICATION_INITIALIZATION", "SYNC_REPLICATION_SYNCING", "SYNC_REPLICATION_ERROR"].map(
    (creation) => [creation, "unusable"] as const,
  ),
]);

/** What is being made or deleted is no copy. */
function ofStatus(status: string | null | undefined): Usability {
  if (status === null || status === undefined || status === "UPDATING") return "usable";
  return status === "CREATING" || status === "DELETING" ? "unusable" : "strange";
}

/**
 * The result of a read, or why it failed. What concerns the whole operation is thrown: a credential that is not accepted, the budget, the
 * deadline. Undefined if CloudTower's version does not have what is read.
 */
async function attempt<T>(read: Promise<T>): Promise<Read<T> | undefined> {
  try {
    return { value: await read };
  } catch (error) {
    if (error instanceof MissingInVersionError) return undefined;
    if (!(error instanceof TowerError) || ENDS_OPERATION.has(error.code)) throw error;
    return { failed: error.message };
  }
}

const ENDS_OPERATION: ReadonlySet<ErrorCode> = new Set([ErrorCode.Unauthenticated, ErrorCode.QueryTooExpensive]);

/** The copies of a list after its second round, unless the first has failed. */
async function copies<E extends CopyEntity>(
  search: NewestCopies<E>,
  first: Read<void> | undefined,
): Promise<Read<ReadonlyMap<string, Copies<E>>>> {
  if (first !== undefined && "failed" in first) return first;
  const second = await attempt(search.readRest());
  return second !== undefined && "failed" in second ? second : { value: search.found };
}

/** The copies of one VM. */
function ofVm<E extends CopyEntity>(read: Read<ReadonlyMap<string, Copies<E>>>, id: string): Read<Copies<E>> {
  return "failed" in read ? read : { value: read.value.get(id) ?? noCopies() };
}
