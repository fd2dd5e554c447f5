import type { Context } from "../context.js";
import { protectionSummaryField } from "../flows/protection/protection-summary.js";
import type { Listing } from "../graph/connections/listing.js";
import { withArrival } from "../graph/model/column.js";
import { nodeFields } from "../graph/schema/node-fields.js";
import { type NodeKind, nodeKind } from "../graph/schema/node-kind.js";
import { listField, oneField, type RootField } from "../graph/schema/root-fields.js";
import { statisticsField } from "../graph/schema/statistics-field.js";
import { storageVolumeKind } from "../relations/lookups/storage-volume.node.js";
import { backupPlanList } from "../resources/backup-plan/backup-plan.type.js";
import { backupRestorePointList } from "../resources/backup-restore-point/backup-restore-point.type.js";
import { backupTargetExecutionList } from "../resources/backup-target-execution/backup-target-execution.type.js";
import { clusterList } from "../resources/cluster/cluster.type.js";
import { consistencyGroupList } from "../resources/consistency-group/consistency-group.type.js";
import { consistencyGroupSnapshotList } from "../resources/consistency-group-snapshot/consistency-group-snapshot.type.js";
import { elfImageList } from "../resources/elf-image/elf-image.type.js";
import { elfStoragePolicyList } from "../resources/elf-storage-policy/elf-storage-policy.type.js";
import { gatewayField } from "../resources/gateway/gateway.field.js";
import { HostStatus } from "../resources/host/host.enums.js";
import { hostList } from "../resources/host/host.type.js";
import { iscsiLunList } from "../resources/iscsi-lun/iscsi-lun.type.js";
import { iscsiLunSnapshotList } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { iscsiTargetList } from "../resources/iscsi-target/iscsi-target.type.js";
import { labelList } from "../resources/label/label.type.js";
import { nvmfNamespaceList } from "../resources/nvmf-namespace/nvmf-namespace.type.js";
import { nvmfNamespaceSnapshotList } from "../resources/nvmf-namespace-snapshot/nvmf-namespace-snapshot.type.js";
import { replicaVmList } from "../resources/replica-vm/replica-vm.type.js";
import { replicationPlanList } from "../resources/replication-plan/replication-plan.type.js";
import { snapshotGroupList } from "../resources/snapshot-group/snapshot-group.type.js";
import { snapshotPlanList } from "../resources/snapshot-plan/snapshot-plan.type.js";
import { snapshotPlanTaskList } from "../resources/snapshot-plan-task/snapshot-plan-task.type.js";
import { storageVolumeField } from "../resources/storage-volume/storage-volume.field.js";
import { TaskStatus } from "../resources/task/task.enums.js";
import { taskList } from "../resources/task/task.type.js";
import { userList } from "../resources/user/user.type.js";
import { vlanList } from "../resources/vlan/vlan.type.js";
import { VmStatus } from "../resources/vm/vm.enums.js";
import { vmList } from "../resources/vm/vm.type.js";
import { vmDiskKind } from "../resources/vm-disk/vm-disk.node.js";
import { vmDiskList } from "../resources/vm-disk/vm-disk.type.js";
import { vmFolderList } from "../resources/vm-folder/vm-folder.type.js";
import { vmNicKind } from "../resources/vm-nic/vm-nic.node.js";
import { vmNicList } from "../resources/vm-nic/vm-nic.type.js";
import { vmSnapshotList } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { vmVolumeList } from "../resources/vm-volume/vm-volume.type.js";
import { vmVolumeSnapshotList } from "../resources/vm-volume-snapshot/vm-volume-snapshot.type.js";
import { eventQueries } from "./events.js";
import { orphansField } from "./orphans-field.js";
import { searchField } from "./search.js";

/** Maximum number of ids in `nodes(ids)`. */
const MAX_NODES = 1000;

/** The lists of Query: names of the lookup and the list, its listing, and the words for one object and for all. */
type Listed = readonly [one: string, many: string, listing: Listing, noun: string, nouns: string];
const LISTED: readonly Listed[] = [
  ["vm", "vms", vmList, "a VM", "VMs"],
  ["vmFolder", "vmFolders", vmFolderList, "a VM folder", "VM folders"],
  ["vmVolume", "vmVolumes", vmVolumeList, "a volume", "volumes"],
  ["vmVolumeSnapshot", "vmVolumeSnapshots", vmVolumeSnapshotList, "a volume snapshot", "volume snapshots"],
  ["iscsiTarget", "iscsiTargets", iscsiTargetList, "an iSCSI target", "iSCSI targets"],
  ["iscsiLun", "iscsiLuns", iscsiLunList, "a LUN", "LUNs"],
  ["vmSnapshot", "vmSnapshots", vmSnapshotList, "a VM snapshot", "VM snapshots"],
  ["iscsiLunSnapshot", "iscsiLunSnapshots", iscsiLunSnapshotList, "a LUN snapshot", "LUN snapshots"],
  ["nvmfNamespace", "nvmfNamespaces", nvmfNamespaceList, "an NVMe namespace", "NVMe namespaces"],
  [
    "nvmfNamespaceSnapshot",
    "nvmfNamespaceSnapshots",
    nvmfNamespaceSnapshotList,
    "a snapshot of an NVMe namespace",
    "snapshots of NVMe namespaces",
  ],
  ["consistencyGroup", "consistencyGroups", consistencyGroupList, "a consistency group", "consistency groups"],
  [
    "consistencyGroupSnapshot",
    "consistencyGroupSnapshots",
    consistencyGroupSnapshotList,
    "a snapshot of a consistency group",
    "snapshots of consistency groups",
  ],
  ["snapshotPlan", "snapshotPlans", snapshotPlanList, "a snapshot plan", "snapshot plans"],
  [
    "snapshotPlanTask",
    "snapshotPlanTasks",
    snapshotPlanTaskList,
    "an execution of a snapshot plan",
    "executions of snapshot plans",
  ],
  ["snapshotGroup", "snapshotGroups", snapshotGroupList, "a snapshot group", "snapshot groups"],
  ["backupPlan", "backupPlans", backupPlanList, "a backup plan", "backup plans"],
  [
    "backupTargetExecution",
    "backupTargetExecutions",
    backupTargetExecutionList,
    "the backup of one VM by an execution of a plan",
    "backups of single VMs by executions of plans",
  ],
  ["backupRestorePoint", "backupRestorePoints", backupRestorePointList, "a restore point", "restore points"],
  ["replicationPlan", "replicationPlans", replicationPlanList, "a replication plan", "replication plans"],
  ["replicaVm", "replicaVms", replicaVmList, "a replica", "replicas"],
  ["elfImage", "elfImages", elfImageList, "an ISO image", "ISO images"],
  ["elfStoragePolicy", "elfStoragePolicies", elfStoragePolicyList, "a storage policy", "storage policies"],
  ["vlan", "vlans", vlanList, "a virtual network", "virtual networks"],
  ["label", "labels", labelList, "a label", "labels"],
  ["task", "tasks", taskList, "a task", "tasks"],
  ["cluster", "clusters", clusterList, "a cluster", "clusters"],
  ["host", "hosts", hostList, "a host", "hosts"],
  ["user", "users", userList, "a user", "users"],
];

/** How the objects of each type with a global id are looked up. */
export function nodeKinds(): NodeKind[] {
  const listed = LISTED.map(([, , listing]) => nodeKind(listing.resource));
  return [vmDiskKind, vmNicKind, storageVolumeKind, ...listed];
}

/** The fields of Query. */
export function queryFields(): RootField<Context>[] {
  const fields: RootField<Context>[] = [
    gatewayField,
    ...eventQueries(),
    orphansField,
    protectionSummaryField,
    searchField,
    storageVolumeField(storageVolumeKind),
    statisticsField("vmStatistics", { listing: vmList, status: VmStatus, nouns: "VMs" }),
    statisticsField("taskStatistics", { listing: taskList, status: TaskStatus, nouns: "tasks" }),
    statisticsField("hostStatistics", { listing: hostList, status: HostStatus, nouns: "hosts" }),
    listField("vmDisks", vmDiskList, "All disks of VMs that the caller can see."),
    listField("vmNics", vmNicList, "All NICs of VMs that the caller can see."),
  ];
  for (const [one, many, listing, noun, nouns] of LISTED) {
    const { entity } = listing.resource;
    const but = listing.leftOut === undefined ? "" : `; some are left out without \`${listing.leftOut.argument}\``;
    const lookup = withArrival(`Looks up ${noun} by id; null if it does not exist.`, entity);
    fields.push(oneField(one, nodeKind(listing.resource), lookup));
    fields.push(listField(many, listing, withArrival(`All ${nouns} that the caller can see${but}.`, entity)));
  }
  return [...fields, ...nodeFields(nodeKinds(), MAX_NODES)];
}
