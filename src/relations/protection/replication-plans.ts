import { hasConnection } from "../../graph/relations/connection-relation.js";
import { hasManyByIds } from "../../graph/relations/loaded-by-ids.js";
import { belongsTo } from "../../graph/relations/loaded-relation.js";
import type { Relation } from "../../graph/relations/relation.js";
import { declareRelation } from "../../graph/schema/declare.js";
import { Cluster } from "../../resources/cluster/cluster.type.js";
import { IscsiLun } from "../../resources/iscsi-lun/iscsi-lun.type.js";
import { ReplicaVm } from "../../resources/replica-vm/replica-vm.type.js";
import { ReplicationPlan } from "../../resources/replication-plan/replication-plan.type.js";
import { Vm } from "../../resources/vm/vm.type.js";

/** Replication plans, what they cover, and the copies that they keep. A VM's row names neither: the plans and the copies name the VM. */
export const replicationPlans: readonly Relation[] = [
  hasManyByIds({
    from: ReplicationPlan,
    field: "vms",
    to: Vm,
    via: "vms",
    description: "The VMs that the plan covers.",
    filter: "By the plan's VMs.",
    stubFields: ["name"],
  }),
  hasConnection({
    from: Vm,
    field: "replicationPlans",
    to: ReplicationPlan,
    via: "vms",
    description: "The replication plans that cover the VM.",
  }),
  hasManyByIds({
    from: IscsiLun,
    field: "replicationPlans",
    to: ReplicationPlan,
    via: "replication_plans",
    description: "The replication plans that cover the LUN.",
    stubFields: ["name"],
  }),
  hasConnection({
    from: ReplicationPlan,
    field: "luns",
    to: IscsiLun,
    via: "replication_plans",
    description: "The LUNs that the plan covers.",
  }),
  belongsTo({
    from: ReplicationPlan,
    field: "targetCluster",
    to: Cluster,
    via: "target_cluster",
    description: "The cluster that the plan copies to; null if it belongs to another CloudTower.",
    filter: "By the cluster that the plan copies to.",
  }),
  hasConnection({
    from: Cluster,
    field: "inboundReplicationPlans",
    to: ReplicationPlan,
    via: "target_cluster",
    description: "The replication plans that copy to the cluster.",
    inverse: "targetCluster",
  }),
  hasConnection({
    from: ReplicationPlan,
    field: "replicas",
    to: ReplicaVm,
    via: "replication_plan",
    description: "The copies that the plan keeps.",
    filter: { via: "replica_vms", description: "By the plan's replicas." },
    inverse: "replicationPlan",
  }),
].map(declareRelation);

/** Replicas, what they are copies of, and the objects that hold them. */
export const replicas: readonly Relation[] = [
  belongsTo({
    from: ReplicaVm,
    field: "replicationPlan",
    to: ReplicationPlan,
    via: "replication_plan",
    description: "The plan that keeps the copy; null if it is gone.",
    filter: "By the plan.",
  }),
  belongsTo({
    from: ReplicaVm,
    field: "originVm",
    to: Vm,
    via: "origin_vm",
    description: "The VM that is copied; null if it is gone, or belongs to another CloudTower.",
    filter: "By the VM that is copied.",
  }),
  hasConnection({
    from: Vm,
    field: "replicas",
    to: ReplicaVm,
    via: "origin_vm",
    description: "The copies of the VM that replication plans keep.",
    inverse: "originVm",
  }),
  belongsTo({
    from: ReplicaVm,
    field: "vm",
    to: Vm,
    via: "vm",
    description: "The copy as a VM; null if it belongs to another CloudTower.",
    filter: "By the copy as a VM.",
  }),
  belongsTo({
    from: ReplicaVm,
    field: "failoverTestVm",
    to: Vm,
    via: "failover_test_vm",
    description: "The VM of a failover test; null if there is none.",
    filter: "By the VM of a failover test.",
  }),
  belongsTo({
    from: ReplicaVm,
    field: "originLun",
    to: IscsiLun,
    via: "origin_iscsi_lun",
    description: "The LUN that is copied; null for the copy of a VM.",
    filter: "By the LUN that is copied.",
  }),
  hasConnection({
    from: IscsiLun,
    field: "replicas",
    to: ReplicaVm,
    via: "origin_iscsi_lun",
    description: "The copies of the LUN that replication plans keep.",
    inverse: "originLun",
  }),
  belongsTo({
    from: ReplicaVm,
    field: "lun",
    to: IscsiLun,
    via: "iscsi_lun",
    description: "The copy as a LUN; null if it is none, or belongs to another CloudTower.",
    filter: "By the copy as a LUN.",
  }),
].map(declareRelation);
