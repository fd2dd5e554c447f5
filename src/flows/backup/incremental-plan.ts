import { ID } from "type-graphql";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { badInput, ErrorCode, TowerError } from "../../kernel/errors.js";
import { cloudTowerId, quote } from "../../kernel/text/global-id.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { isExpired } from "../leases/lease.js";
import { readLeases } from "../leases/read-leases.js";
import { incompleteRow } from "../snapshot-data/readiness.js";
import { type FrozenDisk, usableSnapshot } from "../snapshot-data/snapshot-data.js";
import { IncrementalPlan, type IncrementalPlanDisk } from "./incremental-plan.types.js";
import { type FittingDisk, type FullVerdict, fitTogether, unknown } from "./lineage/disk-verdict.js";
import { judgeTasks } from "./lineage/judge-tasks.js";
import { planWindow } from "./lineage/plan-window.js";
import { tasksBetween } from "./lineage/tasks-between.js";
import { type DiskPair, matchDisks } from "./match-disks.js";
import { newestSnapshot, snapshotById, usableBefore } from "./snapshots-of-vm.js";
import { type BaseDisk, baseDisks, usableZbsId } from "./usable-data.js";

interface PlanArguments {
  readonly sinceSnapshotId?: string | null;
  readonly toSnapshotId?: string | null;
  readonly namePrefix?: string | null;
}

/** Vm → what to read for an incremental backup. */
export const vmIncrementalPlan = computedField<Vm, PlanArguments>({
  from: Vm,
  field: "incrementalPlan",
  // After an ordinary night. Tasks that have to be judged take more, which the operation's budget counts.
  calls: { perObject: 1, perBatch: 16 },
  type: () => IncrementalPlan,
  nullable: true,
  description:
    "What to read for a backup of one of the VM's snapshots, given a backup of an earlier one. A disk is INCREMENTAL only if it is certain that its data descends from the earlier snapshot, as far as CloudTower's tasks tell; every doubt makes it FULL. Fails with SNAPSHOT_NOT_READY until the later snapshot is usable. Null if the VM has no snapshot to back up.",
  args: {
    sinceSnapshotId: {
      type: () => ID,
      nullable: true,
      description:
        "The snapshot that was backed up, by its global or bare id. Defaults to the newest one that was taken before the later snapshot and is usable. Whether it was backed up is for the client to know: `since` says which one it is.",
    },
    toSnapshotId: {
      type: () => ID,
      nullable: true,
      description: "The snapshot to back up, by its global or bare id. Defaults to the VM's newest one.",
    },
    namePrefix: {
      type: () => String,
      nullable: true,
      description: "The defaults are chosen among the snapshots whose names begin with this. Defaults to all.",
    },
  },
  async resolve(vm, args, { graph }) {
    const namePrefix = args.namePrefix ?? "";
    const to =
      args.toSnapshotId != null
        ? await snapshotOf(graph, vm, args.toSnapshotId)
        : await newestSnapshot(graph, vm, namePrefix);
    if (to === undefined) return null;
    const [since, { disks: targets }] = await Promise.all([
      args.sinceSnapshotId != null
        ? snapshotOf(graph, vm, args.sinceSnapshotId)
        : usableBefore(graph, vm, to, namePrefix),
      usableSnapshot(graph, to),
    ]);
    if (since === null) return firstPlan(to, targets);
    checkOrder(since, to);
    return plan(graph, vm, { since, bases: await baseDisks(graph, since), to, targets });
  },
});

/** VmSnapshot → the snapshot to build on. */
export const snapshotPrevious = computedField<VmSnapshot, { namePrefix?: string | null }>({
  from: VmSnapshot,
  field: "previous",
  calls: { perBatch: 7 },
  type: () => VmSnapshot,
  nullable: true,
  description:
    "The newest snapshot of the same VM that was taken before and is usable, by the rules of `vmSnapshotReady`: the default base of `Vm.incrementalPlan`. Null if there is none, if the VM is gone, or if it is not known when the snapshot was taken.",
  args: {
    namePrefix: {
      type: () => String,
      nullable: true,
      description: "Only snapshots whose names begin with this. Defaults to all.",
    },
  },
  async resolve(snapshot, { namePrefix }, { graph }) {
    const { vm } = snapshot.row;
    return vm ? usableBefore(graph, new Vm({ id: vm.id }), snapshot, namePrefix ?? "") : null;
  },
});

async function snapshotOf(graph: GraphContext, vm: Vm, globalId: string): Promise<VmSnapshot> {
  const id = cloudTowerId("VmSnapshot", globalId);
  const snapshot = await snapshotById(graph, id);
  if (snapshot === null) throw new TowerError(ErrorCode.NotFound, `No VM snapshot has the id ${quote(id)}.`);
  if (snapshot.row.vm?.id === vm.cloudTowerId) return snapshot;
  throw badInput(`Snapshot ${quote(id)} was taken of another VM than ${quote(vm.cloudTowerId)}.`);
}

function checkOrder(since: VmSnapshot, to: VmSnapshot): void {
  const [before, after] = [zonedMs(since.createdAt), zonedMs(to.createdAt)];
  // If CloudTower does not say when they were taken, the tasks that created them tell.
  if (before >= after) throw badInput("sinceSnapshotId must have been taken before toSnapshotId; it was not.");
}

/** The plan of a backup that has nothing to build on. */
function firstPlan(to: VmSnapshot, targets: readonly FrozenDisk[]): IncrementalPlan {
  const verdict: FullVerdict = Number.isNaN(zonedMs(to.createdAt))
    ? unknown("CloudTower does not say when the snapshot was taken, so it is not known which one came before it.")
    : { reason: "NO_BASE", explanation: "No usable snapshot of the VM is known to be earlier." };
  const disks = targets.filter(isData).map((target) => planDisk({ target }, verdict));
  return { since: null, to, disks, removedDisks: [] };
}

const isData = ({ disk }: Pick<FrozenDisk, "disk">) => disk.row.type === "DISK";

interface Ends {
  readonly since: VmSnapshot;
  readonly bases: readonly BaseDisk[];
  readonly to: VmSnapshot;
  readonly targets: readonly FrozenDisk[];
}

async function plan(graph: GraphContext, vm: Vm, ends: Ends): Promise<IncrementalPlan> {
  const { pairs, removed } = matchDisks(ends.bases.filter(isData), ends.targets.filter(isData));
  const verdicts = await verdictsOn(graph, vm, ends, pairs);
  const disks = pairs.map((pair, index) => planDisk(pair, verdicts[index] as FittingDisk | FullVerdict));
  return { since: ends.since, to: ends.to, disks, removedDisks: removed.map(({ disk }) => disk) };
}

function planDisk({ target }: Pick<DiskPair, "target">, verdict: FittingDisk | FullVerdict): IncrementalPlanDisk {
  const { disk, lunSnapshot } = target;
  const targetZbsId = usableZbsId(lunSnapshot) ?? "";
  if ("reason" in verdict) return { disk, mode: "FULL", ...verdict, baseZbsId: null, targetZbsId };
  const explanation = "Same volume and LUN, and every task in between is known to be harmless and succeeded.";
  return { disk, mode: "INCREMENTAL", reason: null, explanation, baseZbsId: verdict.baseZbsId, targetZbsId };
}

/** The verdict on each pair: why it has to be read in full, or the disk that need not be. */
async function verdictsOn(
  graph: GraphContext,
  vm: Vm,
  { since, to }: Ends,
  pairs: readonly DiskPair[],
): Promise<(FittingDisk | FullVerdict)[]> {
  const incomplete = incompleteRow(since.row);
  if (incomplete !== undefined) {
    return pairs.map(() => ({
      reason: "BASE_MISSING",
      explanation: `The earlier snapshot is not usable: ${incomplete.message}.`,
    }));
  }
  const verdicts = await Promise.all(pairs.map((pair) => fitTogether(graph, pair)));
  const fitting = verdicts.flatMap((verdict) => ("reason" in verdict ? [] : [verdict]));
  if (fitting.length > 0 && (await hasExpired(graph.session, since))) {
    return verdicts.map((verdict) => ("reason" in verdict ? verdict : EXPIRED));
  }
  const doubts =
    fitting.length === 0 ? new Map<FittingDisk, string>() : await doubtsAbout(graph, vm, since, to, fitting);
  return verdicts.map((verdict) => {
    const doubt = "reason" in verdict ? undefined : doubts.get(verdict);
    return doubt === undefined ? verdict : unknown(doubt);
  });
}

const EXPIRED: FullVerdict = {
  reason: "BASE_EXPIRED",
  explanation:
    "The lease of the earlier snapshot has expired: it may be deleted while it is read. Renew the lease first.",
};

/** Whether a snapshot's lease is known to have expired. Before 4.1 that takes a call; who may not read labels does not know. */
async function hasExpired(session: UpstreamSession, { row }: VmSnapshot): Promise<boolean> {
  const leases = await readLeases(session, [row]).catch((error: unknown) => {
    if (error instanceof TowerError && error.code === ErrorCode.Forbidden) return undefined;
    throw error;
  });
  const lease = leases?.get(row.id)?.lease;
  return lease !== undefined && isExpired(lease, Date.now()) === true;
}

/** Why it is not certain that nothing happened to a disk between the snapshots, by disk. */
async function doubtsAbout(
  graph: GraphContext,
  vm: Vm,
  since: VmSnapshot,
  to: VmSnapshot,
  disks: readonly FittingDisk[],
): Promise<ReadonlyMap<FittingDisk, string>> {
  const all = (doubt: string) => new Map(disks.map((disk) => [disk, doubt]));
  const window = await planWindow(graph, since, to);
  if (typeof window === "string") return all(window);
  const clusterIds = [since, to, vm].flatMap(({ row }) => row.cluster?.id ?? []);
  const tasks = await tasksBetween(graph, {
    window,
    clusterIds: [...new Set(clusterIds)],
    objectIds: disks.flatMap((disk) => [
      ...[vm.cloudTowerId, disk.volume.cloudTowerId, disk.lun.cloudTowerId, ...disk.vmIds],
      ...(disk.lun.row.consistency_group ? [disk.lun.row.consistency_group.id] : []),
    ]),
    snapshotIds: [since.cloudTowerId, to.cloudTowerId],
  });
  return typeof tasks === "string" ? all(tasks) : judgeTasks(graph.session, vm.row, disks, tasks);
}
