import type { GraphObject } from "../../graph/model/graph-object.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { chunk } from "../../kernel/group.js";
import { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import { MissingInVersionError } from "../../upstream/known-version.js";
import { readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Entity, OrderBy, Row, Where } from "../../upstream/wire/types.js";
import { type Copies, type CopyEntity, NewestCopies, noCopies, type Usability } from "./newest-copies.js";

/** The columns of a VM's row that tell of its protection. */
export const JUDGED_COLUMNS = ["id", "in_recycle_bin", "snapshots", "snapshot_plan", "backup_plans"] as const;
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
  readonly snapshotPlans: Read<readonly SnapshotPlan[]>;
  readonly backupPlans: Read<readonly BackupPlan[]>;
  readonly replicationPlans: Read<readonly ReplicationPlan[]>;
  readonly replicas: Read<readonly ReplicaVm[]>;
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

/** Maximum number of plans, and of replicas, that are read for one batch of ids. */
const MAX_ROWS = 2_000;

/** The facts of VMs, by their ids: all lists at the same time, then more of the lists of copies if need be. */
export async function protectionFacts(
  session: UpstreamSession,
  vmIds: readonly string[],
): Promise<Map<string, ProtectionFacts>> {
  const now = Date.now();
  const naming = (ids: readonly string[]) => ({ vms_some: { id_in: ids } });
  const snapshots = new NewestCopies(session, SNAPSHOTS, vmIds, now);
  const restorePoints = new NewestCopies(session, RESTORE_POINTS, vmIds, now);
  const [firstSnapshots, firstRestorePoints, snapshotPlans, backupPlans, replicationPlans, replicas] =
    await Promise.all([
      attempt(snapshots.readFirst()),
      attempt(restorePoints.readFirst()),
      attempt(byVm(session, "SnapshotPlan", vmIds, naming, (row) => row.vms)),
      attempt(byVm(session, "BackupPlan", vmIds, naming, (row) => row.vms)),
      attempt(byVm(session, "ReplicationPlan", vmIds, naming, (row) => row.vms)),
      attempt(
        byVm(
          session,
          "ReplicaVm",
          vmIds,
          (ids) => ({ origin_vm: { id_in: ids } }),
          (row) => [row.origin_vm],
        ),
      ),
    ]);
  const [allSnapshots, allRestorePoints] = await Promise.all([
    copies(snapshots, firstSnapshots),
    copies(restorePoints, firstRestorePoints),
  ]);
  return new Map(
    vmIds.map((id) => [
      id,
      {
        now,
        snapshots: ofVm(allSnapshots, id, noCopies),
        restorePoints: ofVm(allRestorePoints, id, noCopies),
        snapshotPlans: ofVm(
          snapshotPlans,
          id,
          () => [],
          (rows) => rows.map((row) => new SnapshotPlan(row)),
        ),
        backupPlans: ofVm(
          backupPlans,
          id,
          () => [],
          (rows) => rows.map((row) => new BackupPlan(row)),
        ),
        replicationPlans: ofVm(
          replicationPlans,
          id,
          () => [],
          (rows) => rows.map((row) => new ReplicationPlan(row)),
        ),
        replicas: ofVm(
          replicas,
          id,
          () => [],
          (rows) => rows.map((row) => new ReplicaVm(row)),
        ),
      },
    ]),
  );
}

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
    return CREATIONS[creation] ?? "strange";
  },
} as const;

/** Restore points of synchronous replication that has not succeeded are no copies. */
const CREATIONS: Readonly<Record<string, Usability>> = {
  ...{ AUTO: "usable", MANUAL: "usable", FAILOVER: "usable", FAILBACK: "usable", FAILOVER_TEST: "usable" },
  ...{ SYNC_REPLICATION: "usable", SYNC_REPLICATION_INITIALIZATION: "unusable" },
  ...{ SYNC_REPLICATION_SYNCING: "unusable", SYNC_REPLICATION_ERROR: "unusable" },
};

/** What is being made or deleted is no copy. */
function ofStatus(status: string | null | undefined): Usability {
  if (status === null || status === undefined || status === "UPDATING") return "usable";
  return status === "CREATING" || status === "DELETING" ? "unusable" : "strange";
}

/** Rows of a list by the VMs that they name. @throws TowerError if there are more than can be read. */
async function byVm<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  vmIds: readonly string[],
  where: (ids: readonly string[]) => object,
  vmsOf: (row: Row<E>) => readonly ({ readonly id: string } | null | undefined)[] | null | undefined,
): Promise<ReadonlyMap<string, Row<E>[]>> {
  const found = new Map<string, Map<string, Row<E>>>();
  await Promise.all(
    chunk(vmIds, session.options.idsPerCall).map(async (ids) => {
      const wanted = new Set(ids);
      const first = Math.min(MAX_ROWS, session.options.rowsPerCall);
      const orderBy = "id_ASC" as OrderBy<E>;
      const { rows, first: size } = await readFittingPage(session, entity, {
        where: where(ids) as Where<E>,
        orderBy,
        first,
      });
      if (rows.length >= size) throw new TowerError(ErrorCode.UpstreamError, `There are ${size} or more rows.`);
      for (const row of rows) {
        if (typeof row !== "object" || row === null) continue;
        for (const vm of vmsOf(row) ?? []) {
          if (!vm || !wanted.has(vm.id)) continue;
          found.set(vm.id, (found.get(vm.id) ?? new Map<string, Row<E>>()).set(row.id, row));
        }
      }
    }),
  );
  return new Map([...found].map(([id, rows]) => [id, [...rows.values()]]));
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

/** What was read of one VM. */
function ofVm<V, T>(
  read: Read<ReadonlyMap<string, V>> | undefined,
  id: string,
  none: () => T,
  convert: (value: V) => T = (value) => value as unknown as T,
): Read<T> {
  if (read !== undefined && "failed" in read) return read;
  const value = read?.value.get(id);
  return { value: value === undefined ? none() : convert(value) };
}
