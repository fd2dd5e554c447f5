import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { emptyToNull } from "../../graph/model/codec.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { badInput, ErrorCode, TowerError } from "../../kernel/errors.js";
import { cloudTowerId, quote } from "../../kernel/text/global-id.js";
import { snapshotDiskVolume } from "../../relations/snapshot-disk-by-local-id.js";
import { rollbackFilter } from "../../resources/task/task-mutation.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { VmSnapshotDisk } from "../../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { readByIds, readByKeys } from "../../upstream/reads.js";
import { assertReady, type FrozenDisk, frozenDisks } from "../snapshot-data/snapshot-data.js";
import { matchDisks } from "./match-disks.js";

/** How a disk is backed up. */
export const BackupMode = { FULL: "FULL", INCREMENTAL: "INCREMENTAL" } as const;
registerEnumType(BackupMode, {
  name: "BackupMode",
  description: "How a disk is backed up.",
  valuesConfig: {
    FULL: { description: "Read all of the target volume." },
    INCREMENTAL: { description: "Read the differences between the base and the target volume." },
  },
});

/** Why a disk has to be read in full. */
export const FullReason = {
  NEW_DISK: "NEW_DISK",
  BASE_MISSING: "BASE_MISSING",
  RESIZED: "RESIZED",
  VOLUME_REPLACED: "VOLUME_REPLACED",
  LINEAGE_UNKNOWN: "LINEAGE_UNKNOWN",
} as const;
registerEnumType(FullReason, {
  name: "FullBackupReason",
  description: "Why a disk has to be read in full.",
  valuesConfig: {
    NEW_DISK: { description: "The VM did not have the disk when the earlier snapshot was taken." },
    BASE_MISSING: { description: "The data of the earlier snapshot is gone." },
    RESIZED: { description: "The disk has a different size than in the earlier snapshot." },
    VOLUME_REPLACED: { description: "The disk is backed by a different volume than in the earlier snapshot." },
    LINEAGE_UNKNOWN: {
      description:
        "It is not certain that the data descends from the earlier snapshot: there was a rollback in between, or the LUN is gone.",
    },
  },
});

/** How to back up one data disk of the later snapshot. */
@ObjectType("IncrementalPlanDisk", { description: "What to read for one data disk of the later snapshot." })
export class IncrementalPlanDisk {
  @Field(() => VmSnapshotDisk, { description: "The disk as frozen by the later snapshot." })
  readonly disk!: VmSnapshotDisk;

  @Field(() => BackupMode, { description: "How it is backed up." })
  readonly mode!: keyof typeof BackupMode;

  @Field(() => FullReason, { nullable: true, description: "Why it has to be read in full; null for INCREMENTAL." })
  readonly reason!: keyof typeof FullReason | null;

  @Field(() => String, {
    nullable: true,
    description: "ZBS volume of the earlier snapshot to compare with; null for FULL.",
  })
  readonly baseZbsId!: string | null;

  @Field(() => String, { description: "ZBS volume of the later snapshot, to read from." })
  readonly targetZbsId!: string;
}

/** Plan of a backup that builds on an earlier one. */
@ObjectType("IncrementalPlan", {
  description: "What to read for a backup of the later snapshot, given one of the earlier snapshot.",
})
export class IncrementalPlan {
  @Field(() => VmSnapshot, { description: "The earlier snapshot." })
  readonly since!: VmSnapshot;

  @Field(() => VmSnapshot, { description: "The later snapshot." })
  readonly to!: VmSnapshot;

  @Field(() => [IncrementalPlanDisk], { description: "The data disks of the later snapshot." })
  readonly disks!: readonly IncrementalPlanDisk[];

  @Field(() => [VmSnapshotDisk], {
    description: "Data disks of the earlier snapshot that the later one does not have.",
  })
  readonly removedDisks!: readonly VmSnapshotDisk[];
}

/** Vm → what to read for an incremental backup. */
export const vmIncrementalPlan = computedField<Vm, { sinceSnapshotId: string; toSnapshotId: string }>({
  from: Vm,
  field: "incrementalPlan",
  type: () => IncrementalPlan,
  nullable: true,
  description:
    "What to read for a backup of one of the VM's snapshots, given a backup of an earlier one. Never INCREMENTAL if the earlier data is gone or its lineage is in doubt.",
  args: {
    sinceSnapshotId: { type: () => ID, description: "The snapshot that was backed up, by its global or bare id." },
    toSnapshotId: { type: () => ID, description: "The snapshot to back up, by its global or bare id." },
  },
  async resolve(vm, { sinceSnapshotId, toSnapshotId }, { graph }) {
    const ids = [cloudTowerId("VmSnapshot", sinceSnapshotId), cloudTowerId("VmSnapshot", toSnapshotId)] as const;
    const [since, to] = await snapshotsInOrder(graph, vm, ids);
    const [bases, targets] = await Promise.all([frozenDisks(graph, since), frozenDisks(graph, to)]);
    await assertReady(graph, to, targets);
    return plan(graph, vm, { snapshot: since, disks: bases }, { snapshot: to, disks: targets });
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
  if (before < after) return [since, to];
  throw badInput("sinceSnapshotId must have been taken before toSnapshotId; it was not, or the times are not known.");
}

interface Side {
  readonly snapshot: VmSnapshot;
  readonly disks: readonly FrozenDisk[];
}

async function plan(graph: GraphContext, vm: Vm, since: Side, to: Side): Promise<IncrementalPlan> {
  const isData = ({ disk }: FrozenDisk) => disk.row.type === "DISK";
  const { pairs, removed } = matchDisks(since.disks.filter(isData), to.disks.filter(isData));
  const rolledBack = await rollbacksBetween(graph, vm, since, to);
  const baseGoes = since.snapshot.row.entityAsyncStatus === "DELETING";
  const disks = pairs.map(({ base, target, by }): IncrementalPlanDisk => {
    const targetZbsId = emptyToNull(target.lunSnapshot?.row.local_id) ?? "";
    const baseZbsId = baseGoes ? null : emptyToNull(base?.lunSnapshot?.row.local_id);
    const reason = reasonForFull(base, target, by, baseZbsId, rolledBack);
    if (reason !== null) return { disk: target.disk, mode: "FULL", reason, baseZbsId: null, targetZbsId };
    return { disk: target.disk, mode: "INCREMENTAL", reason: null, baseZbsId, targetZbsId };
  });
  return { since: since.snapshot, to: to.snapshot, disks, removedDisks: removed.map(({ disk }) => disk) };
}

function reasonForFull(
  base: FrozenDisk | undefined,
  target: FrozenDisk,
  by: "volume" | "slot",
  baseZbsId: string | null,
  rolledBack: ReadonlySet<string>,
): keyof typeof FullReason | null {
  if (base === undefined) return "NEW_DISK";
  const [had, has] = [base.disk.row, target.disk.row];
  if (by === "slot" && had.vm_volume_local_id && has.vm_volume_local_id) return "VOLUME_REPLACED";
  if (baseZbsId === null) return "BASE_MISSING";
  if (typeof had.size !== "number" || had.size !== has.size) return "RESIZED";
  const [baseLun, targetLun] = [base.lunSnapshot?.row.iscsi_lun?.id, target.lunSnapshot?.row.iscsi_lun?.id];
  if (!baseLun || !targetLun) return "LINEAGE_UNKNOWN";
  if (baseLun !== targetLun) return "VOLUME_REPLACED";
  const touched = rolledBack.has(VM) || rolledBack.has(baseLun) || rolledBack.has(has.vm_volume_local_id ?? "");
  return touched ? "LINEAGE_UNKNOWN" : null;
}

/** The whole VM, among what was rolled back. */
const VM = "the VM";

/**
 * Rollbacks between the two snapshots: of the VM, of LUNs by id, of volumes by local id. Known from CloudTower's tasks, as long as it
 * keeps them; a rollback without a task is not detected.
 */
async function rollbacksBetween(graph: GraphContext, vm: Vm, since: Side, to: Side): Promise<Set<string>> {
  const volumes = await Promise.all(to.disks.map(({ disk }) => followOne(graph, snapshotDiskVolume, disk)));
  const meanings = new Map<string, string>([[vm.cloudTowerId, VM]]);
  for (const volume of volumes) if (volume !== null) meanings.set(volume.cloudTowerId, volume.row.local_id ?? "");
  for (const { lunSnapshot } of [...since.disks, ...to.disks]) {
    const lunId = lunSnapshot?.row.iscsi_lun?.id;
    if (lunId) meanings.set(lunId, lunId);
  }
  const tasks = await readByKeys(graph.session, "Task", [...meanings.keys()], (resource_id_in) => ({
    resource_id_in,
    ...rollbackFilter,
  }));
  const [from, until] = [Date.parse(since.snapshot.createdAt ?? ""), Date.parse(to.snapshot.createdAt ?? "")];
  const between = tasks.filter((task) => {
    const [began, ended] = [Date.parse(task.local_created_at ?? ""), Date.parse(task.finished_at ?? "")];
    const isBefore = ended < from;
    const isAfter = began > until;
    return task.status !== "FAILED" && !isBefore && !isAfter;
  });
  return new Set(between.flatMap(({ resource_id: id }) => meanings.get(id ?? "") ?? []));
}
