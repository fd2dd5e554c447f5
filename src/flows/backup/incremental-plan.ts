import { ID } from "type-graphql";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { badInput, ErrorCode, TowerError } from "../../kernel/errors.js";
import { cloudTowerId, quote } from "../../kernel/text/global-id.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { readByIds } from "../../upstream/reads.js";
import { incompleteRow } from "../snapshot-data/readiness.js";
import { type FrozenDisk, usableSnapshot } from "../snapshot-data/snapshot-data.js";
import { IncrementalPlan, type IncrementalPlanDisk } from "./incremental-plan.types.js";
import { type FittingDisk, type FullVerdict, fitTogether, unknown } from "./lineage/disk-verdict.js";
import { judgeTasks } from "./lineage/judge-tasks.js";
import { planWindow } from "./lineage/plan-window.js";
import { tasksBetween } from "./lineage/tasks-between.js";
import { type DiskPair, matchDisks } from "./match-disks.js";
import { type BaseDisk, baseDisks, usableZbsId } from "./usable-data.js";

/** Vm → what to read for an incremental backup. */
export const vmIncrementalPlan = computedField<Vm, { sinceSnapshotId: string; toSnapshotId: string }>({
  from: Vm,
  field: "incrementalPlan",
  // After an ordinary night. Tasks that have to be judged take more, which the operation's budget counts.
  calls: { perObject: 3, perBatch: 9 },
  type: () => IncrementalPlan,
  nullable: true,
  description:
    "What to read for a backup of one of the VM's snapshots, given a backup of an earlier one. A disk is INCREMENTAL only if it is certain that its data descends from the earlier snapshot, as far as CloudTower's tasks tell; every doubt makes it FULL. Fails with SNAPSHOT_NOT_READY until the later snapshot is usable.",
  args: {
    sinceSnapshotId: { type: () => ID, description: "The snapshot that was backed up, by its global or bare id." },
    toSnapshotId: { type: () => ID, description: "The snapshot to back up, by its global or bare id." },
  },
  async resolve(vm, { sinceSnapshotId, toSnapshotId }, { graph }) {
    const ids = [cloudTowerId("VmSnapshot", sinceSnapshotId), cloudTowerId("VmSnapshot", toSnapshotId)] as const;
    const [since, to] = await snapshotsInOrder(graph, vm, ids);
    const [bases, { disks: targets }] = await Promise.all([baseDisks(graph, since), usableSnapshot(graph, to)]);
    return plan(graph, vm, { since, bases, to, targets });
  },
});

async function snapshotsInOrder(
  graph: GraphContext,
  vm: Vm,
  ids: readonly [string, string],
): Promise<readonly [VmSnapshot, VmSnapshot]> {
  const rows = new Map((await readByIds(graph.session, "VmSnapshot", [...new Set(ids)])).map((row) => [row.id, row]));
  const found = ids.map((id) => {
    const row = rows.get(id);
    if (row === undefined) throw new TowerError(ErrorCode.NotFound, `No VM snapshot has the id ${quote(id)}.`);
    if (row.vm?.id === vm.cloudTowerId) return new VmSnapshot(row);
    throw badInput(`Snapshot ${quote(id)} was taken of another VM than ${quote(vm.cloudTowerId)}.`);
  });
  const [since, to] = found as [VmSnapshot, VmSnapshot];
  const [before, after] = [Date.parse(since.createdAt ?? ""), Date.parse(to.createdAt ?? "")];
  // If CloudTower does not say when they were taken, the tasks that created them tell.
  if (before >= after) throw badInput("sinceSnapshotId must have been taken before toSnapshotId; it was not.");
  return [since, to];
}

interface Ends {
  readonly since: VmSnapshot;
  readonly bases: readonly BaseDisk[];
  readonly to: VmSnapshot;
  readonly targets: readonly FrozenDisk[];
}

async function plan(graph: GraphContext, vm: Vm, ends: Ends): Promise<IncrementalPlan> {
  const isData = ({ disk }: BaseDisk) => disk.row.type === "DISK";
  const { pairs, removed } = matchDisks(ends.bases.filter(isData), ends.targets.filter(isData));
  const verdicts = await verdictsOn(graph, vm, ends, pairs);
  const disks = pairs.map((pair, index) => planDisk(pair, verdicts[index] as FittingDisk | FullVerdict));
  return { since: ends.since, to: ends.to, disks, removedDisks: removed.map(({ disk }) => disk) };
}

function planDisk({ target }: DiskPair, verdict: FittingDisk | FullVerdict): IncrementalPlanDisk {
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
  const doubts =
    fitting.length === 0 ? new Map<FittingDisk, string>() : await doubtsAbout(graph, vm, since, to, fitting);
  return verdicts.map((verdict) => {
    const doubt = "reason" in verdict ? undefined : doubts.get(verdict);
    return doubt === undefined ? verdict : unknown(doubt);
  });
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
  const tasks = await tasksBetween(graph.session, {
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
