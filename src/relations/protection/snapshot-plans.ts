import { hasConnection } from "../../graph/relations/connection-relation.js";
import { hasManyByIds } from "../../graph/relations/loaded-by-ids.js";
import { belongsTo } from "../../graph/relations/loaded-relation.js";
import type { Relation } from "../../graph/relations/relation.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { IscsiLun } from "../../resources/iscsi-lun/iscsi-lun.type.js";
import { NvmfNamespace } from "../../resources/nvmf-namespace/nvmf-namespace.type.js";
import { SnapshotPlan } from "../../resources/snapshot-plan/snapshot-plan.type.js";
import { SnapshotPlanTask } from "../../resources/snapshot-plan-task/snapshot-plan-task.type.js";
import { Vm } from "../../resources/vm/vm.type.js";

/** Snapshot plans, what they cover, and their executions. The snapshots that an execution has taken are in snapshot-groups.ts. */
export const snapshotPlans: readonly Relation[] = [
  belongsTo({
    from: Vm,
    field: "snapshotPlan",
    to: SnapshotPlan,
    via: "snapshot_plan",
    description: "The snapshot plan that covers the VM; null if none does.",
    filter: "By the VM's snapshot plan.",
  }),
  hasConnection({
    from: SnapshotPlan,
    field: "vms",
    to: Vm,
    via: "snapshot_plan",
    description: "The VMs that the plan covers.",
    filter: { via: "vms", description: "By the plan's VMs." },
    inverse: "snapshotPlan",
  }),
  hasManyByIds({
    from: IscsiLun,
    field: "snapshotPlans",
    to: SnapshotPlan,
    via: "snapshot_plans",
    description: "The snapshot plans that cover the LUN.",
    stubFields: ["name"],
  }),
  hasConnection({
    from: SnapshotPlan,
    field: "luns",
    to: IscsiLun,
    via: "snapshot_plans",
    description: "The LUNs that the plan covers.",
  }),
  hasManyByIds({
    from: NvmfNamespace,
    field: "snapshotPlans",
    to: SnapshotPlan,
    via: "snapshot_plans",
    description: "The snapshot plans that cover the namespace.",
    stubFields: ["name"],
  }),
  hasConnection({
    from: SnapshotPlan,
    field: "namespaces",
    to: NvmfNamespace,
    via: "snapshot_plans",
    description: "The NVMe namespaces that the plan covers.",
  }),
  belongsTo({
    from: SnapshotPlanTask,
    field: "snapshotPlan",
    to: SnapshotPlan,
    via: "snapshotPlan",
    description: "The plan that was executed.",
    filter: "By the plan.",
  }),
  hasConnection({
    from: SnapshotPlan,
    field: "executions",
    to: SnapshotPlanTask,
    via: "snapshotPlan",
    description: "The executions of the plan. There may be very many: order them and ask for a page.",
    inverse: "snapshotPlan",
  }),
].map(declareRelation);
