import type { Listing } from "../graph/connections/listing.js";
import { hasConnection } from "../graph/relations/connection-relation.js";
import { belongsTo } from "../graph/relations/loaded-relation.js";
import type { Relation } from "../graph/relations/relation.js";
import type { CountColumn } from "../graph/relations/via.js";
import { declareRelation } from "../graph/schema/declare.js";
import { Cluster, clusterList } from "../resources/cluster/cluster.type.js";
import { consistencyGroupList } from "../resources/consistency-group/consistency-group.type.js";
import { elfImageList } from "../resources/elf-image/elf-image.type.js";
import { elfStoragePolicyList } from "../resources/elf-storage-policy/elf-storage-policy.type.js";
import { iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";
import { snapshotGroupList } from "../resources/snapshot-group/snapshot-group.type.js";
import { snapshotPlanList } from "../resources/snapshot-plan/snapshot-plan.type.js";
import { snapshotPlanTaskList } from "../resources/snapshot-plan-task/snapshot-plan-task.type.js";
import { taskList } from "../resources/task/task.type.js";
import { vmList } from "../resources/vm/vm.type.js";
import { vmFolderList } from "../resources/vm-folder/vm-folder.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeSnapshotList } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import type { Entity, Row } from "../upstream/wire/types.js";

/** Entities with a cluster. */
type Clustered = {
  [E in Entity]: "cluster" extends keyof Row<E> ? E : never;
}[Entity];

/** The cluster of each object, and the objects of each cluster. The hosts of a cluster are in cluster-hosts.ts. */
export const clusters: readonly Relation[] = [
  ...clustered("vms", vmList, "VMs", "The cluster that the VM belongs to.", "vm_num"),
  ...clustered("vmVolumes", vmVolumeList, "volumes", "The cluster that the volume belongs to."),
  ...clustered("vmSnapshots", vmSnapshotList, "VM snapshots", "The cluster that the snapshot is in."),
  ...clustered("vmVolumeSnapshots", vmVolumeSnapshotList, "volume snapshots", "The cluster that the snapshot is in."),
  ...clustered("iscsiTargets", iscsiTargetList, "iSCSI targets", "The cluster that the target belongs to."),
  ...clustered(
    "consistencyGroups",
    consistencyGroupList,
    "consistency groups",
    "The cluster that the group belongs to.",
  ),
  ...clustered("elfImages", elfImageList, "ISO images", "The cluster that has the image."),
  ...clustered("elfStoragePolicies", elfStoragePolicyList, "storage policies", "The cluster that has the policy."),
  ...clustered("vmFolders", vmFolderList, "folders", "The cluster that the folder belongs to."),
  ...clustered("snapshotPlans", snapshotPlanList, "snapshot plans", "The cluster that the plan belongs to."),
  ...clustered(
    "snapshotPlanExecutions",
    snapshotPlanTaskList,
    "executions of snapshot plans",
    "The cluster that the execution belongs to.",
  ),
  ...clustered("snapshotGroups", snapshotGroupList, "snapshot groups", "The cluster that the group belongs to."),
  ...clustered("tasks", taskList, "tasks", "The cluster that the task acts on; null if it acts on CloudTower itself."),
];

/** Both directions between clusters and one kind of object, and the filter by cluster. */
function clustered<E extends Clustered>(
  field: string,
  { resource }: Listing<E>,
  nouns: string,
  description: string,
  roughCount?: CountColumn<"Cluster">,
): Relation[] {
  const via = "cluster" as never;
  return [
    declareRelation(
      belongsTo({
        from: resource,
        field: "cluster",
        to: Cluster,
        via,
        description,
        filter: description.replace("The", "By the").replace(/;.*/, "."),
      }),
    ),
    declareRelation(
      hasConnection({
        from: Cluster,
        field,
        to: resource,
        via,
        description: `The cluster's ${nouns}.`,
        inverse: "cluster",
        roughCount,
      }),
    ),
  ];
}

clusterList.filter.addMany("vms", "vms", vmList.filter, "By the cluster's VMs.");
