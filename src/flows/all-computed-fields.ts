import type { ComputedField } from "../graph/schema/computed-field.js";
import { manifestCurrentVm, manifestDisks, snapshotBackupManifest } from "./backup/backup-manifest.js";
import { snapshotPrevious, vmIncrementalPlan } from "./backup/incremental-plan.js";
import {
  readinessBlockingTask,
  readinessDisksWithoutLun,
  readinessProblems,
  vmSnapshotReadiness,
} from "./create/snapshot-readiness.js";
import { vmSnapshotLease } from "./leases/lease-field.js";

import { protectedCluster, summaryVms } from "./protection/protection-summary.js";
import {
  protectionBackupPlans,
  protectionNewestRestorePoint,
  protectionNewestSnapshot,
  protectionSnapshotPlan,
  vmProtection,
} from "./protection/vm-protection.js";

/** Every field that a flow computes. */
export const allComputedFields: readonly ComputedField[] = [
  vmSnapshotReadiness,
  readinessBlockingTask,
  readinessDisksWithoutLun,
  readinessProblems,
  snapshotBackupManifest,
  manifestCurrentVm,
  manifestDisks,
  vmIncrementalPlan,
  vmProtection,
  protectionNewestSnapshot,
  protectionNewestRestorePoint,
  protectionSnapshotPlan,
  protectionBackupPlans,
  protectedCluster,
  summaryVms,
  snapshotPrevious,
  vmSnapshotLease,
];
