import type { ComputedField } from "../graph/schema/computed-field.js";
import { manifestCurrentVm, manifestDisks, snapshotBackupManifest } from "./backup/backup-manifest.js";
import { vmIncrementalPlan } from "./backup/incremental-plan.js";
import {
  readinessBlockingTask,
  readinessDisksWithoutLun,
  readinessProblems,
  vmSnapshotReadiness,
} from "./create/snapshot-readiness.js";

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
];
