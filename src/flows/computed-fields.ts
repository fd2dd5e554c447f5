import { manifestCurrentVm, manifestDisks, snapshotBackupManifest } from "./backup-manifest.js";
import type { ComputedField } from "./computed-field.js";
import { vmIncrementalPlan } from "./incremental-plan.js";
import { readinessBlockingTask, vmSnapshotReadiness } from "./snapshot-readiness.js";

/** Every field of a resource that a flow answers. */
export const computedFields: readonly ComputedField[] = [
  vmSnapshotReadiness,
  readinessBlockingTask,
  snapshotBackupManifest,
  manifestCurrentVm,
  manifestDisks,
  vmIncrementalPlan,
];
