import type { Relation } from "../graph/relations/relation.js";
import { clusterHosts, hostCluster } from "./cluster-hosts.js";
import { clusters } from "./clusters.js";
import { consistencyGroupParts } from "./consistency-group-parts.js";
import { consistencyGroups } from "./consistency-groups.js";
import { diskImage, imageDisks } from "./disk-image.js";
import { diskVolume, volumeDisks } from "./disk-volume.js";
import { labels } from "./labels.js";
import { lunSnapshotPrevious } from "./lun-snapshot-previous.js";
import { lunSnapshotLun, lunSnapshots } from "./lun-snapshots.js";
import { namespaceSnapshotNamespace, namespaceSnapshots } from "./namespace-snapshots.js";
import { backupPlans } from "./protection/backup-plans.js";
import { replicas, replicationPlans } from "./protection/replication-plans.js";
import { snapshotGroups } from "./protection/snapshot-groups.js";
import { snapshotPlans } from "./protection/snapshot-plans.js";
import { snapshotDiskImage, snapshotDiskVolume, snapshotDiskVolumeSnapshot } from "./snapshot-disk-by-local-id.js";
import { snapshotDiskLunSnapshot } from "./snapshot-disk-lun-snapshot.js";
import { snapshotDiskStoragePolicy } from "./snapshot-disk-storage-policy.js";
import { snapshotDiskSnapshot, snapshotDisks } from "./snapshot-disks.js";
import { snapshotTask } from "./snapshot-task.js";
import { storageVolumes } from "./storage-volume.js";
import { storageVolumeLun, storageVolumeNamespace, storageVolumeVolume } from "./storage-volume-owners.js";
import { storageVolumeVms } from "./storage-volume-vms.js";
import { lunSnapshotTarget, lunTarget, targetLunSnapshots, targetLuns } from "./targets.js";
import { taskUser, userTasks } from "./task-user.js";
import { taskVm, vmTasks } from "./task-vm.js";
import { taskVmSnapshot } from "./task-vm-snapshot.js";
import { diskVm, vmDisks } from "./vm-disks.js";
import { folderVms, vmFolder } from "./vm-folder.js";
import { hostVms, vmHost } from "./vm-host.js";
import { nicVlan, nicVm, vlanNics, vmNics } from "./vm-nics.js";
import { snapshotVm, vmSnapshots } from "./vm-snapshots.js";
import { lunVolume, volumeLun } from "./volume-lun.js";
import {
  lunSnapshotVolumeSnapshot,
  volumeSnapshotLunSnapshot,
  volumeSnapshots,
  volumeSnapshotVolume,
} from "./volume-snapshots.js";
import { volumeVms } from "./volume-vms.js";

/** Every relation of the graph. */
export const allRelations: readonly Relation[] = [
  vmDisks,
  diskVm,
  diskVolume,
  volumeDisks,
  diskImage,
  imageDisks,
  vmNics,
  nicVm,
  nicVlan,
  vlanNics,
  volumeVms,
  volumeLun,
  lunVolume,
  lunTarget,
  targetLuns,
  ...storageVolumes,
  storageVolumeLun,
  storageVolumeNamespace,
  storageVolumeVolume,
  storageVolumeVms,
  lunSnapshots,
  lunSnapshotLun,
  lunSnapshotPrevious,
  lunSnapshotTarget,
  targetLunSnapshots,
  namespaceSnapshots,
  namespaceSnapshotNamespace,
  volumeSnapshots,
  volumeSnapshotVolume,
  volumeSnapshotLunSnapshot,
  lunSnapshotVolumeSnapshot,
  vmSnapshots,
  snapshotVm,
  snapshotTask,
  snapshotDisks,
  snapshotDiskSnapshot,
  snapshotDiskLunSnapshot,
  snapshotDiskVolume,
  snapshotDiskVolumeSnapshot,
  snapshotDiskImage,
  snapshotDiskStoragePolicy,
  ...consistencyGroups,
  ...consistencyGroupParts,
  taskVm,
  vmTasks,
  taskVmSnapshot,
  vmHost,
  hostVms,
  vmFolder,
  folderVms,
  clusterHosts,
  hostCluster,
  taskUser,
  userTasks,
  ...snapshotPlans,
  ...snapshotGroups,
  ...backupPlans,
  ...replicationPlans,
  ...replicas,
  ...clusters,
  ...labels,
];
