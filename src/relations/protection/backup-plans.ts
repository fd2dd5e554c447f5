import { hasConnection } from "../../graph/relations/connection-relation.js";
import { hasManyByIds } from "../../graph/relations/loaded-by-ids.js";
import { belongsTo } from "../../graph/relations/loaded-relation.js";
import type { Relation } from "../../graph/relations/relation.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { BackupPlan } from "../../resources/backup-plan/backup-plan.type.js";
import { BackupRestorePoint } from "../../resources/backup-restore-point/backup-restore-point.type.js";
import { BackupTargetExecution } from "../../resources/backup-target-execution/backup-target-execution.type.js";
import { Vm } from "../../resources/vm/vm.type.js";

/** Backup plans, the VMs that they cover, and what they have stored. */
export const backupPlans: readonly Relation[] = [
  hasManyByIds({
    from: Vm,
    field: "backupPlans",
    to: BackupPlan,
    via: "backup_plans",
    description: "The backup plans that cover the VM.",
    filter: "By the VM's backup plans.",
    stubFields: ["name"],
  }),
  hasConnection({
    from: BackupPlan,
    field: "vms",
    to: Vm,
    via: "backup_plans",
    description: "The VMs that the plan covers.",
    filter: { via: "vms", description: "By the plan's VMs." },
  }),
  hasConnection({
    from: BackupPlan,
    field: "restorePoints",
    to: BackupRestorePoint,
    via: "backup_plan",
    description: "The restore points of the plan. There may be very many: order them and ask for a page.",
    inverse: "backupPlan",
  }),
  belongsTo({
    from: BackupRestorePoint,
    field: "backupPlan",
    to: BackupPlan,
    via: "backup_plan",
    description: "The plan that made the restore point.",
    filter: "By the plan.",
  }),
  hasConnection({
    from: Vm,
    field: "restorePoints",
    to: BackupRestorePoint,
    via: "vm",
    description: "The VM's restore points.",
    inverse: "vm",
  }),
  belongsTo({
    from: BackupRestorePoint,
    field: "vm",
    to: Vm,
    via: "vm",
    description: "The VM that was stored; null if it is gone.",
    filter: "By the VM.",
  }),
  belongsTo({
    from: BackupRestorePoint,
    field: "execution",
    to: BackupTargetExecution,
    via: "backup_target_execution",
    description: "The backup that made the restore point.",
    filter: "By the backup.",
  }),
  belongsTo({
    from: BackupTargetExecution,
    field: "restorePoint",
    to: BackupRestorePoint,
    via: "backup_restore_point",
    description: "The restore point that the backup made; null if it made none, or if it is gone.",
    filter: "By the restore point.",
  }),
  belongsTo({
    from: BackupTargetExecution,
    field: "vm",
    to: Vm,
    via: "vm",
    description: "The VM that was backed up; null if it is gone.",
    filter: "By the VM.",
  }),
  hasConnection({
    from: Vm,
    field: "backupExecutions",
    to: BackupTargetExecution,
    via: "vm",
    description: "The VM's backups, also those that failed.",
    inverse: "vm",
  }),
].map(declareRelation);
