import { Int } from "type-graphql";
import { followOne } from "../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../graph/loading/graph-context.js";
import { relationResolver } from "../../graph/loading/relation-resolver.js";
import { loadedByRow } from "../../graph/relations/loaded-by-row.js";
import type { LoadedRelation } from "../../graph/relations/relation.js";
import { via } from "../../graph/relations/via.js";
import { computedField } from "../../graph/schema/computed-field.js";
import { badInput } from "../../kernel/errors.js";
import { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import { BackupRestorePoint } from "../../resources/backup-restore-point/backup-restore-point.type.js";
import { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import { Vm } from "../../resources/vm/vm.type.js";
import { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import { judgeVm } from "./judge-vm.js";
import { VmProtection } from "./protection.types.js";
import { FACT_CALLS, FACT_ENDPOINTS, type ProtectionFacts, protectionFacts } from "./protection-facts.js";

/** Ten years. */
const MAX_SECONDS = 315_360_000;

/** The limit for the age of a copy, as an argument. */
export const olderThanSeconds = {
  type: () => Int,
  // A nightly copy, and two hours for it to be made.
  defaultValue: 26 * 3_600,
  description:
    "Age in seconds beyond which a copy is old, 1 to 315360000 (ten years). Defaults to 26 hours: a nightly copy, with two hours to spare.",
} as const;

/** The limit in ms. @throws TowerError BAD_USER_INPUT */
export function limitMs(seconds: number): number {
  if (seconds >= 1 && seconds <= MAX_SECONDS) return seconds * 1000;
  throw badInput(`olderThanSeconds must be between 1 and ${MAX_SECONDS}, got ${seconds}.`);
}

/** Not a relation of the schema: gives the protection of many VMs one DataLoader, so that its lists are read once for all of them. */
const vmFacts: LoadedRelation<Vm, ProtectionFacts> = {
  kind: "loaded",
  from: Vm,
  field: "protection",
  to: VmProtection as never,
  many: false,
  description: "What CloudTower tells of the protection of the VM.",
  endpoints: FACT_ENDPOINTS,
  key: (vm) => vm.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
  load: (session, vmIds) => protectionFacts(session, vmIds),
};

/** The protection of a VM; that of many VMs is read together. @param olderThanMs age beyond which a copy is old. */
export async function protectionOf(graph: GraphContext, vm: Vm, olderThanMs: number): Promise<VmProtection> {
  const facts = (await followOne(graph, vmFacts, vm)) as ProtectionFacts;
  return judgeVm(vm.row, facts, olderThanMs);
}

/** Vm → its protection. */
export const vmProtection = computedField<Vm, { olderThanSeconds: number }>({
  from: Vm,
  field: "protection",
  calls: { perBatch: FACT_CALLS },
  type: () => VmProtection,
  nullable: true,
  description:
    "Whether the VM has a recent copy, by its snapshots, restore points and replicas; what cannot be read makes it UNKNOWN. Read for all VMs of a page together, in at most two rounds of calls.",
  args: { olderThanSeconds },
  resolve: async (vm, args, { graph }) => protectionOf(graph, vm, limitMs(args.olderThanSeconds)),
});

const newestSnapshot: LoadedRelation<VmProtection, VmSnapshot> = {
  from: VmProtection,
  field: "newestSnapshot",
  to: VmSnapshot,
  description:
    "The newest snapshot of the VM that is complete and has a time; null if none is known. Its id, `name`, `createdAt` and `asyncStatus` cost no call.",
  ...loadedByRow(VmSnapshot, via("VmSnapshot", "id")),
  key: ({ snapshotRow }) => snapshotRow?.id,
  keyIsId: false,
  parentColumns: [],
  stub: {
    fields: new Set(["__typename", "id", "cloudTowerId", "name", "createdAt", "asyncStatus"]),
    held: ({ snapshotRow }) => snapshotRow,
    create: ({ snapshotRow }) => snapshotRow && new VmSnapshot(snapshotRow),
  },
};

/** VmProtection → the newest snapshot. */
export const protectionNewestSnapshot = computedField<VmProtection>({
  from: VmProtection,
  field: newestSnapshot.field,
  calls: { perBatch: 1 },
  type: () => VmSnapshot,
  nullable: true,
  description: newestSnapshot.description,
  resolve: (protection, args, context, info) =>
    protection.snapshotRow && relationResolver(newestSnapshot)(protection, args, context, info),
});

const newestRestorePoint: LoadedRelation<VmProtection, BackupRestorePoint> = {
  from: VmProtection,
  field: "newestRestorePoint",
  to: BackupRestorePoint,
  description:
    "The newest restore point of the VM that is complete and has a time; null if none is known. Its id, `createdAt`, `creation` and `asyncStatus` cost no call.",
  ...loadedByRow(BackupRestorePoint, via("BackupRestorePoint", "id")),
  key: ({ restorePointRow }) => restorePointRow?.id,
  keyIsId: false,
  parentColumns: [],
  stub: {
    fields: new Set(["__typename", "id", "cloudTowerId", "createdAt", "creation", "asyncStatus"]),
    held: ({ restorePointRow }) => restorePointRow,
    create: ({ restorePointRow }) => restorePointRow && new BackupRestorePoint(restorePointRow),
  },
};

/** VmProtection → the newest restore point. */
export const protectionNewestRestorePoint = computedField<VmProtection>({
  from: VmProtection,
  field: newestRestorePoint.field,
  calls: { perBatch: 1 },
  type: () => BackupRestorePoint,
  nullable: true,
  description: newestRestorePoint.description,
  resolve: (protection, args, context, info) =>
    protection.restorePointRow && relationResolver(newestRestorePoint)(protection, args, context, info),
});

/** VmProtection → the snapshot plan. */
export const protectionSnapshotPlan = computedField<VmProtection>({
  from: VmProtection,
  field: "snapshotPlan",
  calls: {},
  type: () => SnapshotPlan,
  nullable: true,
  description: "The snapshot plan that covers the VM; null if there is none, or if it cannot be read: see `reasons`.",
  resolve: ({ snapshotPlan }) => snapshotPlan,
});

/** VmProtection → the backup plans. */
export const protectionBackupPlans = computedField<VmProtection>({
  from: VmProtection,
  field: "backupPlans",
  calls: {},
  type: () => [BackupPlan],
  nullable: false,
  description: "The backup plans that cover the VM, without those that cannot be read: see `reasons`.",
  resolve: ({ backupPlans }) => backupPlans,
});
