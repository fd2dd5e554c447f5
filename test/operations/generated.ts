/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** CPU architecture. */
export type Architecture =
  /** 64-bit ARM. */
  | 'AARCH64'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** x86-64. */
  | 'X86_64';

/** Conditions on a value of Architecture. All given conditions must hold. */
export type ArchitectureFilter = {
  /** Equal to this. */
  eq?: Architecture | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<Architecture> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: Architecture | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<Architecture> | null | undefined;
};

/** Change that a running task is making to an object. CloudTower refuses other changes to the object until the task has ended. */
export type AsyncStatus =
  /** The object is being created and is not complete. */
  | 'CREATING'
  /** The object is being deleted. */
  | 'DELETING'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** The object is being changed. Taking a snapshot counts as changing the VM. */
  | 'UPDATING';

/** Conditions on a value of AsyncStatus. All given conditions must hold. */
export type AsyncStatusFilter = {
  /** Equal to this. */
  eq?: AsyncStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<AsyncStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: AsyncStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<AsyncStatus> | null | undefined;
};

/** The VM that gets the restored volume as another disk. */
export type AttachRestoredDiskInput = {
  /** The slot, such as `SCSI:k2`, which must be free. Absent: the bus of the frozen disk, with a number that CloudTower chooses. */
  slot?: string | null | undefined;
  /** The VM, by its global or bare id. It must be in the snapshot's cluster. */
  vmId: string;
};

/** What the interval between backups counts. */
export type BackupPeriod =
  /** Days. */
  | 'DAILY'
  /** Hours. */
  | 'HOURLY'
  /** Minutes. */
  | 'MINUTELY'
  /** Months. */
  | 'MONTHLY'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** Weeks. */
  | 'WEEKLY'
  /** Years. */
  | 'YEARLY';

/** Conditions on a value of BackupPeriod. All given conditions must hold. */
export type BackupPeriodFilter = {
  /** Equal to this. */
  eq?: BackupPeriod | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<BackupPeriod> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: BackupPeriod | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<BackupPeriod> | null | undefined;
};

/** Conditions on BackupPlan objects. All given conditions must hold. */
export type BackupPlanFilter = {
  /** All of these must hold. */
  and?: Array<BackupPlanFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By `compression`. */
  compression?: BooleanFilter | null | undefined;
  /** By `compressionRatio`. */
  compressionRatio?: FloatFilter | null | undefined;
  /** By `consistency`. */
  consistency?: SnapshotConsistencyFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By `fullInterval`. */
  fullInterval?: IntFilter | null | undefined;
  /** By `fullPeriod`. */
  fullPeriod?: BackupPeriodFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `incrementalInterval`. */
  incrementalInterval?: IntFilter | null | undefined;
  /** By `incrementalPeriod`. */
  incrementalPeriod?: BackupPeriodFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By `keepPolicy`. */
  keepPolicy?: PlanKeepPolicyFilter | null | undefined;
  /** By `lastExecutedAt`. */
  lastExecutedAt?: DateTimeFilter | null | undefined;
  /** By `lastExecutionJobCount`. */
  lastExecutionJobCount?: IntFilter | null | undefined;
  /** By `lastExecutionStatus`. */
  lastExecutionStatus?: PlanExecutionStatusFilter | null | undefined;
  /** By `lastExecutionSucceededJobCount`. */
  lastExecutionSucceededJobCount?: IntFilter | null | undefined;
  /** By `lastManualExecutionJobCount`. */
  lastManualExecutionJobCount?: IntFilter | null | undefined;
  /** By `lastManualExecutionStatus`. */
  lastManualExecutionStatus?: PlanExecutionStatusFilter | null | undefined;
  /** By `lastManualExecutionSucceededJobCount`. */
  lastManualExecutionSucceededJobCount?: IntFilter | null | undefined;
  /** By `lastManuallyExecutedAt`. */
  lastManuallyExecutedAt?: DateTimeFilter | null | undefined;
  /** By `logicalSizeBytes`. */
  logicalSizeBytes?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By `nextExecutionAt`. */
  nextExecutionAt?: DateTimeFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<BackupPlanFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<BackupPlanFilter> | null | undefined;
  /** By `phase`. */
  phase?: PlanPhaseFilter | null | undefined;
  /** By `physicalSizeBytes`. */
  physicalSizeBytes?: BigIntFilter | null | undefined;
  /** By `restorePointCount`. */
  restorePointCount?: IntFilter | null | undefined;
  /** By `restorePointDataSizeBytes`. */
  restorePointDataSizeBytes?: BigIntFilter | null | undefined;
  /** By `status`. */
  status?: PlanStatusFilter | null | undefined;
  /** By `totalSizeBytes`. */
  totalSizeBytes?: BigIntFilter | null | undefined;
  /** By `vmDataSizeBytes`. */
  vmDataSizeBytes?: BigIntFilter | null | undefined;
  /** By the plan's VMs. */
  vms?: VmListFilter | null | undefined;
  /** By `windowEnabled`. */
  windowEnabled?: BooleanFilter | null | undefined;
};

/** Conditions on a list of BackupPlan objects. */
export type BackupPlanListFilter = {
  /** All objects match, or there are none. */
  every?: BackupPlanFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: BackupPlanFilter | null | undefined;
  /** At least one object matches. */
  some?: BackupPlanFilter | null | undefined;
};

/** Conditions on an integer of up to 64 bits. All given conditions must hold. */
export type BigIntFilter = {
  /** Equal to this. */
  eq?: number | null | undefined;
  /** Greater than this. */
  gt?: number | null | undefined;
  /** Greater than or equal to this. */
  gte?: number | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<number> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Less than this. */
  lt?: number | null | undefined;
  /** Less than or equal to this. */
  lte?: number | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: number | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<number> | null | undefined;
};

/** Conditions on a Boolean. All given conditions must hold. */
export type BooleanFilter = {
  /** Equal to this. */
  eq?: boolean | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: boolean | null | undefined;
};

/** How a disk is attached to its VM. */
export type Bus =
  /** IDE. */
  | 'IDE'
  /** SCSI. */
  | 'SCSI'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** USB. Since CloudTower 4.6 at the latest. */
  | 'USB'
  /** VirtIO. */
  | 'VIRTIO';

/** Conditions on a value of Bus. All given conditions must hold. */
export type BusFilter = {
  /** Equal to this. */
  eq?: Bus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<Bus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: Bus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<Bus> | null | undefined;
};

/** Conditions on Cluster objects. All given conditions must hold. */
export type ClusterFilter = {
  /** All of these must hold. */
  and?: Array<ClusterFilter> | null | undefined;
  /** By `architecture`. */
  architecture?: ArchitectureFilter | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By `connectState`. */
  connectState?: ConnectStateFilter | null | undefined;
  /** By `hostCount`. */
  hostCount?: IntFilter | null | undefined;
  /** By the cluster's hosts. */
  hosts?: HostListFilter | null | undefined;
  /** By `hypervisor`. */
  hypervisor?: HypervisorFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `ip`. */
  ip?: StringFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `managementVip`. */
  managementVip?: StringFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<ClusterFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<ClusterFilter> | null | undefined;
  /** By `softwareEdition`. */
  softwareEdition?: SoftwareEditionFilter | null | undefined;
  /** By `totalDataCapacityBytes`. */
  totalDataCapacityBytes?: BigIntFilter | null | undefined;
  /** By `totalMemoryBytes`. */
  totalMemoryBytes?: BigIntFilter | null | undefined;
  /** By `type`. */
  type?: ClusterTypeFilter | null | undefined;
  /** By `usedDataSpaceBytes`. */
  usedDataSpaceBytes?: BigIntFilter | null | undefined;
  /** By `version`. */
  version?: StringFilter | null | undefined;
  /** By `vmCount`. */
  vmCount?: IntFilter | null | undefined;
  /** By the cluster's VMs. */
  vms?: VmListFilter | null | undefined;
};

/** Product that a cluster runs. */
export type ClusterType =
  /** BlueShark. */
  | 'BLUESHARK'
  /** SMTX ELF: VMs, on the storage of another cluster. Since CloudTower 4.3 at the latest. */
  | 'SMTX_ELF'
  /** SMTX OS: storage and VMs. */
  | 'SMTX_OS'
  /** SMTX ZBS: storage only. */
  | 'SMTX_ZBS'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of ClusterType. All given conditions must hold. */
export type ClusterTypeFilter = {
  /** Equal to this. */
  eq?: ClusterType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<ClusterType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: ClusterType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<ClusterType> | null | undefined;
};

/** Connection between CloudTower and a cluster. */
export type ConnectState =
  /** Connected. */
  | 'CONNECTED'
  /** Connected, with errors. Since CloudTower 4.8. */
  | 'CONNECTED_ERROR'
  /** Disconnected; the data shown may be stale. */
  | 'DISCONNECTED'
  /** The connection is being set up. */
  | 'INITIALIZING'
  /** The cluster is being removed from CloudTower. */
  | 'REMOVING'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of ConnectState. All given conditions must hold. */
export type ConnectStateFilter = {
  /** Equal to this. */
  eq?: ConnectState | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<ConnectState> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: ConnectState | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<ConnectState> | null | undefined;
};

/** Conditions on ConsistencyGroup objects. All given conditions must hold. */
export type ConsistencyGroupFilter = {
  /** All of these must hold. */
  and?: Array<ConsistencyGroupFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the group belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By the group's LUNs. */
  luns?: IscsiLunListFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By the group's namespaces. */
  namespaces?: NvmfNamespaceListFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<ConsistencyGroupFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<ConsistencyGroupFilter> | null | undefined;
  /** By `uniqueSizeBytes`. */
  uniqueSizeBytes?: BigIntFilter | null | undefined;
};

/** The snapshot to create. */
export type CreateConsistencyGroupSnapshotInput = {
  /** The consistency group, by its global or bare id. */
  consistencyGroupId: string;
  /** Maximum wait for a lock with `onLocked: WAIT`, in seconds, 0 to 300. Extends the operation's deadline. */
  maxWaitSeconds?: number;
  /** Name of the snapshot, 1 to 255 characters. Group and name together identify it: repeating the call finds the same snapshot. Generated if absent; repeating the call then creates another one. */
  name?: string | null | undefined;
  /** What to do if another task locks what is to be written. */
  onLocked?: OnLocked;
  /** Wait until the snapshot is usable, at most this many seconds, 0 to 600, and return the state reached; 0 does not wait. Extends the operation's deadline. */
  waitSeconds?: number;
};

/** The snapshot to create. */
export type CreateVmSnapshotInput = {
  /** Consistency to request. FILE_SYSTEM_CONSISTENT needs running guest tools. */
  consistency?: SnapshotConsistency;
  /** A lease to put on each snapshot right after it was created, or when it is found: an existing lease of the owner is extended if it ends earlier. If that fails, the result has the snapshot and a LeaseNotSetError. */
  lease?: VmSnapshotLeaseInput | null | undefined;
  /** Maximum wait for a lock with `onLocked: WAIT`, in seconds, 0 to 300. Extends the operation's deadline. */
  maxWaitSeconds?: number;
  /** Name of the snapshot, 1 to 255 characters. VM and name together identify it: repeating the call finds the same snapshot. Generated if absent; repeating the call then creates another one. */
  name?: string | null | undefined;
  /** What to do if another task locks what is to be written. */
  onLocked?: OnLocked;
  /** What to do if FILE_SYSTEM_CONSISTENT is requested and the guest tools are not running. */
  onToolsNotRunning?: OnToolsNotRunning;
  /** The VM, by its global or bare id. */
  vmId: string;
  /** Wait until the snapshot is usable, at most this many seconds, 0 to 600, and return the state reached; 0 does not wait. Extends the operation's deadline. */
  waitSeconds?: number;
};

/** Conditions on a time. All given conditions must hold. */
export type DateTimeFilter = {
  /** Equal to this. */
  eq?: string | null | undefined;
  /** Greater than this. */
  gt?: string | null | undefined;
  /** Greater than or equal to this. */
  gte?: string | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<string> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Less than this. */
  lt?: string | null | undefined;
  /** Less than or equal to this. */
  lte?: string | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: string | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<string> | null | undefined;
};

/** The snapshots to delete. */
export type DeleteVmSnapshotsInput = {
  /** The snapshots, by their global or bare ids, 1 to 100. An id that occurs earlier in the list fails with RepeatedIdError. */
  ids: Array<string>;
  /** Maximum wait for a lock with `onLocked: WAIT`, in seconds, 0 to 300. Extends the operation's deadline. */
  maxWaitSeconds?: number;
  /** What to do if another task locks what is to be written. */
  onLocked?: OnLocked;
};

/** Sort direction. */
export type Direction =
  /** Smallest first; objects without a value are last. */
  | 'ASC'
  /** Largest first; objects without a value are first. */
  | 'DESC';

/** How far the restore of a disk came. */
export type DiskRestoreState =
  /** The volume is attached. In a replacement, the VM still has the old one as well. */
  | 'ATTACHED'
  /** The volume is being attached to the VM. */
  | 'ATTACHING'
  /** The VM has the new volume in place of the old one, which is kept. */
  | 'REPLACED'
  /** Both volumes are attached, and a task is removing a disk of the VM: the old one, unless another client removes another disk. */
  | 'REPLACING'
  /** The volume is complete and not attached to the VM. */
  | 'VOLUME_CREATED'
  /** The volume is being made. */
  | 'VOLUME_CREATING';

/** Conditions on ElfImage objects. All given conditions must hold. */
export type ElfImageFilter = {
  /** All of these must hold. */
  and?: Array<ElfImageFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that has the image. */
  cluster?: ClusterFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By the drives that the image is in. */
  disks?: VmDiskListFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<ElfImageFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<ElfImageFilter> | null | undefined;
  /** By `path`. */
  path?: StringFilter | null | undefined;
  /** By `sizeBytes`. */
  sizeBytes?: BigIntFilter | null | undefined;
};

/** How data is encrypted. */
export type EncryptionMethod =
  /** AES-256 in counter mode. */
  | 'AES256_CTR'
  /** Not encrypted. */
  | 'PLAIN_TEXT'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of EncryptionMethod. All given conditions must hold. */
export type EncryptionMethodFilter = {
  /** Equal to this. */
  eq?: EncryptionMethod | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<EncryptionMethod> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: EncryptionMethod | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<EncryptionMethod> | null | undefined;
};

/** Conditions on a floating-point number. All given conditions must hold. */
export type FloatFilter = {
  /** Equal to this. */
  eq?: number | null | undefined;
  /** Greater than this. */
  gt?: number | null | undefined;
  /** Greater than or equal to this. */
  gte?: number | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<number> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Less than this. */
  lt?: number | null | undefined;
  /** Less than or equal to this. */
  lte?: number | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: number | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<number> | null | undefined;
};

/** Operating system family of a guest. */
export type GuestOsType =
  /** Linux. */
  | 'LINUX'
  /** Unknown to CloudTower, or a value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** Windows. */
  | 'WINDOWS';

/** Conditions on a value of GuestOsType. All given conditions must hold. */
export type GuestOsTypeFilter = {
  /** Equal to this. */
  eq?: GuestOsType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<GuestOsType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: GuestOsType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<GuestOsType> | null | undefined;
};

/** Whether CloudTower is connected to a host. */
export type HostConnectStatus =
  /** Connected. */
  | 'CONNECTED'
  /** Disconnected; the data shown may be stale. */
  | 'DISCONNECTED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of HostConnectStatus. All given conditions must hold. */
export type HostConnectStatusFilter = {
  /** Equal to this. */
  eq?: HostConnectStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<HostConnectStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: HostConnectStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<HostConnectStatus> | null | undefined;
};

/** Conditions on Host objects. All given conditions must hold. */
export type HostFilter = {
  /** All of these must hold. */
  and?: Array<HostFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the host's cluster. */
  cluster?: ClusterFilter | null | undefined;
  /** By `connectStatus`. */
  connectStatus?: HostConnectStatusFilter | null | undefined;
  /** By `cpuModel`. */
  cpuModel?: StringFilter | null | undefined;
  /** By `dataIp`. */
  dataIp?: StringFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `managementIp`. */
  managementIp?: StringFilter | null | undefined;
  /** By `mergedStatus`. */
  mergedStatus?: HostMergedStatusFilter | null | undefined;
  /** By `model`. */
  model?: StringFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<HostFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<HostFilter> | null | undefined;
  /** By `serial`. */
  serial?: StringFilter | null | undefined;
  /** By `state`. */
  state?: HostStateFilter | null | undefined;
  /** By `status`. */
  status?: HostStatusFilter | null | undefined;
  /** By `totalCpuCores`. */
  totalCpuCores?: IntFilter | null | undefined;
  /** By `totalDataCapacityBytes`. */
  totalDataCapacityBytes?: BigIntFilter | null | undefined;
  /** By `totalMemoryBytes`. */
  totalMemoryBytes?: BigIntFilter | null | undefined;
  /** By `usedDataSpaceBytes`. */
  usedDataSpaceBytes?: BigIntFilter | null | undefined;
  /** By `vmCount`. */
  vmCount?: IntFilter | null | undefined;
  /** By the VMs on the host. */
  vms?: VmListFilter | null | undefined;
};

/** Conditions on a list of Host objects. */
export type HostListFilter = {
  /** All objects match, or there are none. */
  every?: HostFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: HostFilter | null | undefined;
  /** At least one object matches. */
  some?: HostFilter | null | undefined;
};

/** State of a host, combined with its connection. */
export type HostMergedStatus =
  /** Disconnected; the data shown may be stale. */
  | 'DISCONNECTED'
  /** Connected and healthy. */
  | 'HEALTHY'
  /** The host is being set up. */
  | 'INITIALIZING'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** Connected, with warnings or errors. */
  | 'UNUSUAL';

/** Conditions on a value of HostMergedStatus. All given conditions must hold. */
export type HostMergedStatusFilter = {
  /** Equal to this. */
  eq?: HostMergedStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<HostMergedStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: HostMergedStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<HostMergedStatus> | null | undefined;
};

/** Whether a host is in use. */
export type HostState =
  /** Not in use. */
  | 'IDLE'
  /** In use. */
  | 'IN_USE'
  /** The host is being removed from its cluster. */
  | 'REMOVING'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of HostState. All given conditions must hold. */
export type HostStateFilter = {
  /** Equal to this. */
  eq?: HostState | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<HostState> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: HostState | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<HostState> | null | undefined;
};

/** State of a host as seen by CloudTower. */
export type HostStatus =
  /** Connected, with errors. */
  | 'CONNECTED_ERROR'
  /** Connected and healthy. */
  | 'CONNECTED_HEALTHY'
  /** Connected, with warnings. */
  | 'CONNECTED_WARNING'
  /** The connection is being established. */
  | 'CONNECTING'
  /** The host is being set up. */
  | 'INITIALIZING'
  /** The session with the host has expired. */
  | 'SESSION_EXPIRED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of HostStatus. All given conditions must hold. */
export type HostStatusFilter = {
  /** Equal to this. */
  eq?: HostStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<HostStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: HostStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<HostStatus> | null | undefined;
};

/** Hypervisor of a cluster. */
export type Hypervisor =
  /** BlueShark. */
  | 'BLUESHARK'
  /** ELF, SmartX's own hypervisor. */
  | 'ELF'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** VMware. */
  | 'VMWARE'
  /** XenServer. */
  | 'XENSERVER';

/** Conditions on a value of Hypervisor. All given conditions must hold. */
export type HypervisorFilter = {
  /** Equal to this. */
  eq?: Hypervisor | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<Hypervisor> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: Hypervisor | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<Hypervisor> | null | undefined;
};

/** Conditions on an id, global or bare. All given conditions must hold. */
export type IdFilter = {
  /** Equal to this. */
  eq?: string | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<string> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: string | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<string> | null | undefined;
};

/** Conditions on an integer. All given conditions must hold. */
export type IntFilter = {
  /** Equal to this. */
  eq?: number | null | undefined;
  /** Greater than this. */
  gt?: number | null | undefined;
  /** Greater than or equal to this. */
  gte?: number | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<number> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Less than this. */
  lt?: number | null | undefined;
  /** Less than or equal to this. */
  lte?: number | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: number | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<number> | null | undefined;
};

/** What the bandwidth and IOPS limits of a VM apply to. */
export type IoPolicy =
  /** Each disk has its own limits. */
  | 'RESTRICT_EACH_DISK'
  /** All disks of the VM share the limits. */
  | 'RESTRICT_WHOLE_VM'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of IoPolicy. All given conditions must hold. */
export type IoPolicyFilter = {
  /** Equal to this. */
  eq?: IoPolicy | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<IoPolicy> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: IoPolicy | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<IoPolicy> | null | undefined;
};

/** Conditions on IscsiLun objects. All given conditions must hold. */
export type IscsiLunFilter = {
  /** All of these must hold. */
  and?: Array<IscsiLunFilter> | null | undefined;
  /** By `assignedSizeBytes`. */
  assignedSizeBytes?: BigIntFilter | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the LUN's consistency group. */
  consistencyGroup?: ConsistencyGroupFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `ecDataBlockCount`. */
  ecDataBlockCount?: IntFilter | null | undefined;
  /** By `ecParityBlockCount`. */
  ecParityBlockCount?: IntFilter | null | undefined;
  /** By `encryptionMethod`. */
  encryptionMethod?: EncryptionMethodFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `lunNumber`. */
  lunNumber?: IntFilter | null | undefined;
  /** By `maxBandwidthBytesPerSecond`. */
  maxBandwidthBytesPerSecond?: BigIntFilter | null | undefined;
  /** By `maxIops`. */
  maxIops?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<IscsiLunFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<IscsiLunFilter> | null | undefined;
  /** By `prioritized`. */
  prioritized?: BooleanFilter | null | undefined;
  /** By `replicaCount`. */
  replicaCount?: IntFilter | null | undefined;
  /** By `resiliencyType`. */
  resiliencyType?: ResiliencyTypeFilter | null | undefined;
  /** By `sharedSizeBytes`. */
  sharedSizeBytes?: BigIntFilter | null | undefined;
  /** By `snapshotCount`. */
  snapshotCount?: IntFilter | null | undefined;
  /** By `stripeCount`. */
  stripeCount?: IntFilter | null | undefined;
  /** By the LUN's target. */
  target?: IscsiTargetFilter | null | undefined;
  /** By `thinProvisioned`. */
  thinProvisioned?: BooleanFilter | null | undefined;
  /** By `uniqueSizeBytes`. */
  uniqueSizeBytes?: BigIntFilter | null | undefined;
  /** By `zbsVolumeId`. */
  zbsVolumeId?: StringFilter | null | undefined;
};

/** Conditions on a list of IscsiLun objects. */
export type IscsiLunListFilter = {
  /** All objects match, or there are none. */
  every?: IscsiLunFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: IscsiLunFilter | null | undefined;
  /** At least one object matches. */
  some?: IscsiLunFilter | null | undefined;
};

/** Conditions on IscsiTarget objects. All given conditions must hold. */
export type IscsiTargetFilter = {
  /** All of these must hold. */
  and?: Array<IscsiTargetFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By `chapEnabled`. */
  chapEnabled?: BooleanFilter | null | undefined;
  /** By the cluster that the target belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By `ecDataBlockCount`. */
  ecDataBlockCount?: IntFilter | null | undefined;
  /** By `ecParityBlockCount`. */
  ecParityBlockCount?: IntFilter | null | undefined;
  /** By `encryptionMethod`. */
  encryptionMethod?: EncryptionMethodFilter | null | undefined;
  /** By `externalUse`. */
  externalUse?: BooleanFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `internal`. */
  internal?: BooleanFilter | null | undefined;
  /** By `iqnName`. */
  iqnName?: StringFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By the target's LUNs. */
  luns?: IscsiLunListFilter | null | undefined;
  /** By `maxBandwidthBytesPerSecond`. */
  maxBandwidthBytesPerSecond?: BigIntFilter | null | undefined;
  /** By `maxIops`. */
  maxIops?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<IscsiTargetFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<IscsiTargetFilter> | null | undefined;
  /** By `prioritized`. */
  prioritized?: BooleanFilter | null | undefined;
  /** By `resiliencyType`. */
  resiliencyType?: ResiliencyTypeFilter | null | undefined;
};

/** Conditions on Label objects. All given conditions must hold. */
export type LabelFilter = {
  /** All of these must hold. */
  and?: Array<LabelFilter> | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `key`. */
  key?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<LabelFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<LabelFilter> | null | undefined;
  /** By `totalCount`. */
  totalCount?: IntFilter | null | undefined;
  /** By `value`. */
  value?: StringFilter | null | undefined;
  /** By `vmCount`. */
  vmCount?: IntFilter | null | undefined;
};

/** Conditions on a list of Label objects. */
export type LabelListFilter = {
  /** All objects match, or there are none. */
  every?: LabelFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: LabelFilter | null | undefined;
  /** At least one object matches. */
  some?: LabelFilter | null | undefined;
};

/** Purpose of a network. */
export type NetworkType =
  /** Access to storage from outside the cluster. */
  | 'ACCESS'
  /** Mirrored traffic (ERSPAN). Since CloudTower 4.8. */
  | 'ERSPAN'
  /** Management. */
  | 'MANAGEMENT'
  /** Migration of VMs. */
  | 'MIGRATION'
  /** Storage within the cluster. */
  | 'STORAGE'
  /** Both storage and access to it. Since CloudTower 4.3 at the latest. */
  | 'STORAGE_ACCESS'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** VMs. */
  | 'VM'
  /** System part of virtual private clouds. Since CloudTower 4.3 at the latest. */
  | 'VPC_SYS'
  /** VMs in virtual private clouds. Since CloudTower 4.3 at the latest. */
  | 'VPC_VM';

/** Conditions on a value of NetworkType. All given conditions must hold. */
export type NetworkTypeFilter = {
  /** Equal to this. */
  eq?: NetworkType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<NetworkType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: NetworkType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<NetworkType> | null | undefined;
};

/** Conditions on NvmfNamespace objects. All given conditions must hold. */
export type NvmfNamespaceFilter = {
  /** All of these must hold. */
  and?: Array<NvmfNamespaceFilter> | null | undefined;
  /** By `assignedSizeBytes`. */
  assignedSizeBytes?: BigIntFilter | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the namespace's consistency group. */
  consistencyGroup?: ConsistencyGroupFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `ecDataBlockCount`. */
  ecDataBlockCount?: IntFilter | null | undefined;
  /** By `ecParityBlockCount`. */
  ecParityBlockCount?: IntFilter | null | undefined;
  /** By `encryptionMethod`. */
  encryptionMethod?: EncryptionMethodFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `maxBandwidthBytesPerSecond`. */
  maxBandwidthBytesPerSecond?: BigIntFilter | null | undefined;
  /** By `maxIops`. */
  maxIops?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By `namespaceNumber`. */
  namespaceNumber?: IntFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<NvmfNamespaceFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<NvmfNamespaceFilter> | null | undefined;
  /** By `prioritized`. */
  prioritized?: BooleanFilter | null | undefined;
  /** By `replicaCount`. */
  replicaCount?: IntFilter | null | undefined;
  /** By `resiliencyType`. */
  resiliencyType?: ResiliencyTypeFilter | null | undefined;
  /** By `shared`. */
  shared?: BooleanFilter | null | undefined;
  /** By `thinProvisioned`. */
  thinProvisioned?: BooleanFilter | null | undefined;
  /** By `uniqueSizeBytes`. */
  uniqueSizeBytes?: BigIntFilter | null | undefined;
  /** By `zbsVolumeId`. */
  zbsVolumeId?: StringFilter | null | undefined;
};

/** Conditions on a list of NvmfNamespace objects. */
export type NvmfNamespaceListFilter = {
  /** All objects match, or there are none. */
  every?: NvmfNamespaceFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: NvmfNamespaceFilter | null | undefined;
  /** At least one object matches. */
  some?: NvmfNamespaceFilter | null | undefined;
};

/** What to do if another task locks the VM, one of its volumes, or the consistency group. */
export type OnLocked =
  /** Fail immediately with ResourceLockedError. */
  | 'FAIL'
  /** Wait in line until the lock is released, at most `maxWaitSeconds`. */
  | 'WAIT';

/** What to do if a file-system-consistent snapshot is requested and the guest tools are not running. */
export type OnToolsNotRunning =
  /** Take a crash-consistent snapshot instead; the payload's `consistency` says so. */
  | 'CRASH_CONSISTENT'
  /** Fail with VmToolsNotRunningError; nothing is written. */
  | 'FAIL';

/** Outcome of an execution of a backup or replication plan. */
export type PlanExecutionStatus =
  /** The execution failed. */
  | 'FAILED'
  /** There was no execution. */
  | 'NEVER_EXECUTED'
  /** Some jobs succeeded. CloudTower does not say here which. */
  | 'PARTLY_SUCCEEDED'
  /** The execution is paused. */
  | 'PAUSED'
  /** The execution is running. */
  | 'RUNNING'
  /** Every job succeeded. */
  | 'SUCCEEDED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** The execution is waiting to begin. */
  | 'WAITING';

/** Conditions on a value of PlanExecutionStatus. All given conditions must hold. */
export type PlanExecutionStatusFilter = {
  /** Equal to this. */
  eq?: PlanExecutionStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<PlanExecutionStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: PlanExecutionStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<PlanExecutionStatus> | null | undefined;
};

/** How long a plan keeps restore points. */
export type PlanKeepPolicy =
  /** The newest ones, up to a number. */
  | 'COUNT'
  /** Indefinitely. */
  | 'FOREVER'
  /** For some time. */
  | 'TIME'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of PlanKeepPolicy. All given conditions must hold. */
export type PlanKeepPolicyFilter = {
  /** Equal to this. */
  eq?: PlanKeepPolicy | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<PlanKeepPolicy> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: PlanKeepPolicy | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<PlanKeepPolicy> | null | undefined;
};

/** What CloudTower is doing with a backup or replication plan. */
export type PlanPhase =
  /** The check found that the plan cannot be executed. */
  | 'INVALID'
  /** The plan is paused. */
  | 'PAUSED'
  /** The plan is scheduled. */
  | 'SCHEDULING'
  /** The plan is stopped. */
  | 'STOPPED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** The plan is being checked. */
  | 'VALIDATING'
  /** The plan is waiting to be scheduled. */
  | 'WAITING_SCHEDULE';

/** Conditions on a value of PlanPhase. All given conditions must hold. */
export type PlanPhaseFilter = {
  /** Equal to this. */
  eq?: PlanPhase | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<PlanPhase> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: PlanPhase | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<PlanPhase> | null | undefined;
};

/** Whether a backup or replication plan is executed. */
export type PlanStatus =
  /** The plan is paused: there are no executions. */
  | 'PAUSED'
  /** The plan is stopped: there are no executions. */
  | 'STOPPED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** The plan is executed as scheduled. */
  | 'WORKING';

/** Conditions on a value of PlanStatus. All given conditions must hold. */
export type PlanStatusFilter = {
  /** Equal to this. */
  eq?: PlanStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<PlanStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: PlanStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<PlanStatus> | null | undefined;
};

/** The disk of the snapshot's own VM that the restored volume replaces. The VM must be powered off. */
export type ReplaceDiskInput = {
  /** The VM that the snapshot was taken of, by its global or bare id. */
  vmId: string;
  /** The attached volume to replace, by its global or bare id. It is kept. Absent: the volume that the snapshot froze. */
  volumeId?: string | null | undefined;
};

/** How data survives the loss of a disk or a host. */
export type ResiliencyType =
  /** Erasure coding. */
  | 'EC'
  /** Copies of the data. */
  | 'REPLICA'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of ResiliencyType. All given conditions must hold. */
export type ResiliencyTypeFilter = {
  /** Equal to this. */
  eq?: ResiliencyType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<ResiliencyType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: ResiliencyType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<ResiliencyType> | null | undefined;
};

/** The disk of a VM snapshot to restore, and where to. */
export type RestoreDiskInput = {
  /** The data disk: its `slot` or its `volumeLocalId`, as in `VmSnapshotDisk`. */
  disk: string;
  /** Maximum wait for a lock with `onLocked: WAIT`, in seconds, 0 to 300. Extends the operation's deadline. */
  maxWaitSeconds?: number;
  /** Name of the new volume, 1 to 255 characters. With the snapshot's disk, it is the identity of the restore: choose one per restore, and repeat the call with the same. */
  name: string;
  /** What to do if another task locks what is to be written. */
  onLocked?: OnLocked;
  /** The VM snapshot, by its global or bare id. */
  snapshotId: string;
  /** Where to. */
  to: RestoreDiskTarget;
  /** How long to wait for the tasks of the steps, in seconds, 0 to 600; 0 does not wait. Repeating the call goes on. Extends the operation's deadline. */
  waitSeconds?: number;
};

/** Where a disk is restored to: exactly one of these. */
export type RestoreDiskTarget =
  {   /** To a new volume, as another disk of a VM. */
  attachTo: AttachRestoredDiskInput; newVolume?: never; replace?: never; }
  |  { attachTo?: never;   /** True: to a new volume that is attached to no VM. */
  newVolume: boolean; replace?: never; }
  |  { attachTo?: never; newVolume?: never;   /** To a new volume, in place of a disk of the VM. */
  replace: ReplaceDiskInput; };

/** Consistency of the data of a VM snapshot or a restore point. */
export type SnapshotConsistency =
  /** As after a power failure: all disks at the same moment, without flushing the guest's caches. */
  | 'CRASH_CONSISTENT'
  /** The guest's file systems were flushed and frozen by the guest tools. */
  | 'FILE_SYSTEM_CONSISTENT'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of SnapshotConsistency. All given conditions must hold. */
export type SnapshotConsistencyFilter = {
  /** Equal to this. */
  eq?: SnapshotConsistency | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SnapshotConsistency> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SnapshotConsistency | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SnapshotConsistency> | null | undefined;
};

/** Conditions on SnapshotGroup objects. All given conditions must hold. */
export type SnapshotGroupFilter = {
  /** All of these must hold. */
  and?: Array<SnapshotGroupFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the group belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `deleted`. */
  deleted?: BooleanFilter | null | undefined;
  /** By the execution. */
  execution?: SnapshotPlanTaskFilter | null | undefined;
  /** By `expectedDeletionAt`. */
  expectedDeletionAt?: DateTimeFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `internal`. */
  internal?: BooleanFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By `kept`. */
  kept?: BooleanFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `logicalSizeBytes`. */
  logicalSizeBytes?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<SnapshotGroupFilter> | null | undefined;
  /** By `objectCount`. */
  objectCount?: IntFilter | null | undefined;
  /** At least one of these must hold. */
  or?: Array<SnapshotGroupFilter> | null | undefined;
  /** By the group's VM snapshots. */
  snapshots?: VmSnapshotListFilter | null | undefined;
};

/** Outcome of an execution of a snapshot plan. */
export type SnapshotPlanExecutionStatus =
  /** The execution has not begun. */
  | 'CREATED'
  /** The execution failed. */
  | 'FAILED'
  /** The execution is running. */
  | 'IN_PROGRESS'
  /** The execution succeeded. */
  | 'SUCCEEDED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** CloudTower does not say. */
  | 'UNSPECIFIED';

/** Conditions on a value of SnapshotPlanExecutionStatus. All given conditions must hold. */
export type SnapshotPlanExecutionStatusFilter = {
  /** Equal to this. */
  eq?: SnapshotPlanExecutionStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SnapshotPlanExecutionStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SnapshotPlanExecutionStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SnapshotPlanExecutionStatus> | null | undefined;
};

/** Conditions on SnapshotPlan objects. All given conditions must hold. */
export type SnapshotPlanFilter = {
  /** All of these must hold. */
  and?: Array<SnapshotPlanFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the plan belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By `endsAt`. */
  endsAt?: DateTimeFilter | null | undefined;
  /** By `healthy`. */
  healthy?: BooleanFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `intervalUnit`. */
  intervalUnit?: SnapshotPlanIntervalFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By `keptSnapshotCount`. */
  keptSnapshotCount?: IntFilter | null | undefined;
  /** By `lastExecutedAt`. */
  lastExecutedAt?: DateTimeFilter | null | undefined;
  /** By `lastExecutionEndedAt`. */
  lastExecutionEndedAt?: DateTimeFilter | null | undefined;
  /** By `lastExecutionStatus`. */
  lastExecutionStatus?: SnapshotPlanExecutionStatusFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `logicalSizeBytes`. */
  logicalSizeBytes?: BigIntFilter | null | undefined;
  /** By `manualDeletionCount`. */
  manualDeletionCount?: IntFilter | null | undefined;
  /** By `manualExecutionCount`. */
  manualExecutionCount?: IntFilter | null | undefined;
  /** By `mirror`. */
  mirror?: BooleanFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By `nextExecutionAt`. */
  nextExecutionAt?: DateTimeFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<SnapshotPlanFilter> | null | undefined;
  /** By `objectCount`. */
  objectCount?: IntFilter | null | undefined;
  /** At least one of these must hold. */
  or?: Array<SnapshotPlanFilter> | null | undefined;
  /** By `physicalSizeBytes`. */
  physicalSizeBytes?: BigIntFilter | null | undefined;
  /** By `scheduledDeletionCount`. */
  scheduledDeletionCount?: IntFilter | null | undefined;
  /** By `scheduledExecutionCount`. */
  scheduledExecutionCount?: IntFilter | null | undefined;
  /** By `snapshotGroupCount`. */
  snapshotGroupCount?: IntFilter | null | undefined;
  /** By `startsAt`. */
  startsAt?: DateTimeFilter | null | undefined;
  /** By `status`. */
  status?: SnapshotPlanStatusFilter | null | undefined;
  /** By the plan's VMs. */
  vms?: VmListFilter | null | undefined;
};

/** What the intervals of a snapshot plan count. */
export type SnapshotPlanInterval =
  /** Days. */
  | 'DAY'
  /** Hours. */
  | 'HOUR'
  /** Minutes. */
  | 'MINUTE'
  /** Months. */
  | 'MONTH'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** Weeks. */
  | 'WEEK';

/** Conditions on a value of SnapshotPlanInterval. All given conditions must hold. */
export type SnapshotPlanIntervalFilter = {
  /** Equal to this. */
  eq?: SnapshotPlanInterval | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SnapshotPlanInterval> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SnapshotPlanInterval | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SnapshotPlanInterval> | null | undefined;
};

/** Whether a snapshot plan is executed. */
export type SnapshotPlanStatus =
  /** The plan is executed as scheduled. */
  | 'NORMAL'
  /** The plan has ended: there are no executions. */
  | 'STOPPED'
  /** The plan is suspended: there are no executions. */
  | 'SUSPENDED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of SnapshotPlanStatus. All given conditions must hold. */
export type SnapshotPlanStatusFilter = {
  /** Equal to this. */
  eq?: SnapshotPlanStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SnapshotPlanStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SnapshotPlanStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SnapshotPlanStatus> | null | undefined;
};

/** Conditions on SnapshotPlanTask objects. All given conditions must hold. */
export type SnapshotPlanTaskFilter = {
  /** All of these must hold. */
  and?: Array<SnapshotPlanTaskFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the execution belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `endedAt`. */
  endedAt?: DateTimeFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `internal`. */
  internal?: BooleanFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<SnapshotPlanTaskFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<SnapshotPlanTaskFilter> | null | undefined;
  /** By the snapshot group. */
  snapshotGroup?: SnapshotGroupFilter | null | undefined;
  /** By the plan. */
  snapshotPlan?: SnapshotPlanFilter | null | undefined;
  /** By `startedAt`. */
  startedAt?: DateTimeFilter | null | undefined;
  /** By `status`. */
  status?: SnapshotPlanExecutionStatusFilter | null | undefined;
  /** By `type`. */
  type?: SnapshotPlanTaskTypeFilter | null | undefined;
};

/** What an execution of a snapshot plan does. */
export type SnapshotPlanTaskType =
  /** It clones from a snapshot group. */
  | 'CLONE'
  /** It takes snapshots. */
  | 'PROTECT'
  /** It rolls VMs back. */
  | 'ROLLBACK'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of SnapshotPlanTaskType. All given conditions must hold. */
export type SnapshotPlanTaskTypeFilter = {
  /** Equal to this. */
  eq?: SnapshotPlanTaskType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SnapshotPlanTaskType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SnapshotPlanTaskType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SnapshotPlanTaskType> | null | undefined;
};

/** Software edition of a cluster. */
export type SoftwareEdition =
  /** Community. */
  | 'COMMUNITY'
  /** Enterprise. */
  | 'ENTERPRISE'
  /** Enterprise Plus. */
  | 'ENTERPRISE_PLUS'
  /** Essential. */
  | 'ESSENTIAL'
  /** Express. */
  | 'EXPRESS'
  /** Standard. */
  | 'STANDARD'
  /** Trial. */
  | 'TRIAL'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of SoftwareEdition. All given conditions must hold. */
export type SoftwareEditionFilter = {
  /** Equal to this. */
  eq?: SoftwareEdition | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<SoftwareEdition> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: SoftwareEdition | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<SoftwareEdition> | null | undefined;
};

/** Number of replicas, and when space is allocated. */
export type StoragePolicy =
  /** Erasure coding. Since CloudTower 4.6 at the latest. */
  | 'EC'
  /** Two replicas, thick, under a hypervisor policy. Since CloudTower 4.3 at the latest. */
  | 'ELF_CP_REPLICA_2_THICK_PROVISION'
  /** Two replicas, thin, under a hypervisor policy. Since CloudTower 4.3 at the latest. */
  | 'ELF_CP_REPLICA_2_THIN_PROVISION'
  /** Three replicas, thick, under a hypervisor policy. Since CloudTower 4.3 at the latest. */
  | 'ELF_CP_REPLICA_3_THICK_PROVISION'
  /** Three replicas, thin, under a hypervisor policy. Since CloudTower 4.3 at the latest. */
  | 'ELF_CP_REPLICA_3_THIN_PROVISION'
  /** One copy; space is allocated immediately. */
  | 'REPLICA_1_THICK_PROVISION'
  /** One copy; space is allocated on write. */
  | 'REPLICA_1_THIN_PROVISION'
  /** Two replicas; space is allocated immediately. */
  | 'REPLICA_2_THICK_PROVISION'
  /** Two replicas; space is allocated on write. */
  | 'REPLICA_2_THIN_PROVISION'
  /** Three replicas; space is allocated immediately. */
  | 'REPLICA_3_THICK_PROVISION'
  /** Three replicas; space is allocated on write. */
  | 'REPLICA_3_THIN_PROVISION'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of StoragePolicy. All given conditions must hold. */
export type StoragePolicyFilter = {
  /** Equal to this. */
  eq?: StoragePolicy | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<StoragePolicy> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: StoragePolicy | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<StoragePolicy> | null | undefined;
};

/** Kind of data in a ZBS volume. */
export type StorageVolumeKind =
  /** Live data of an iSCSI LUN. */
  | 'LUN'
  /** Frozen data of a LUN snapshot. */
  | 'LUN_SNAPSHOT'
  /** Live data of an NVMe namespace. */
  | 'NVMF_NAMESPACE'
  /** Frozen data of a snapshot of an NVMe namespace. */
  | 'NVMF_NAMESPACE_SNAPSHOT'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a string. All given conditions must hold. */
export type StringFilter = {
  /** Contains this string. */
  contains?: string | null | undefined;
  /** Ends with this string. */
  endsWith?: string | null | undefined;
  /** Equal to this. */
  eq?: string | null | undefined;
  /** Greater than this. */
  gt?: string | null | undefined;
  /** Greater than or equal to this. */
  gte?: string | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<string> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Less than this. */
  lt?: string | null | undefined;
  /** Less than or equal to this. */
  lte?: string | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: string | null | undefined;
  /** Does not contain this string. */
  notContains?: string | null | undefined;
  /** Does not end with this string. */
  notEndsWith?: string | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<string> | null | undefined;
  /** Does not start with this string. */
  notStartsWith?: string | null | undefined;
  /** Starts with this string. */
  startsWith?: string | null | undefined;
};

/** What happened to a task. */
export type TaskEventKind =
  /** A cursor without an object: sent immediately, then at least every 30 s. Passes every filter. */
  | 'BOOKMARK'
  /** The task succeeded or failed. */
  | 'ENDED'
  /** Its progress or one of its steps changed. A slow reader gets the newest; not repeated after a resume. */
  | 'PROGRESSED'
  /** The task was seen running for the first time. */
  | 'STARTED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** State of a task. SUCCEEDED and FAILED are final. */
export type TaskStatus =
  /** Running. */
  | 'EXECUTING'
  /** Failed; see `error`. */
  | 'FAILED'
  /** Paused until it is resumed. */
  | 'PAUSED'
  /** Waiting to start. */
  | 'PENDING'
  /** Succeeded. */
  | 'SUCCEEDED'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Unit of the numbers of a step. */
export type TaskStepUnit =
  /** Bits. */
  | 'BIT'
  /** Bytes. */
  | 'BYTE'
  /** Items. */
  | 'COUNT'
  /** Percent. */
  | 'PERCENT'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on Vlan objects. All given conditions must hold. */
export type VlanFilter = {
  /** All of these must hold. */
  and?: Array<VlanFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `modeType`. */
  modeType?: VlanModeFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By the NICs in the network. */
  nics?: VmNicListFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VlanFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VlanFilter> | null | undefined;
  /** By `type`. */
  type?: NetworkTypeFilter | null | undefined;
  /** By `vlanId`. */
  vlanId?: IntFilter | null | undefined;
};

/** How frames of a network are tagged. */
export type VlanMode =
  /** Geneve. */
  | 'GENEVE'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** One VLAN id (access). */
  | 'VLAN_ACCESS'
  /** Several VLAN ids (trunk). */
  | 'VLAN_TRUNK'
  /** VXLAN. */
  | 'VXLAN';

/** Conditions on a value of VlanMode. All given conditions must hold. */
export type VlanModeFilter = {
  /** Equal to this. */
  eq?: VlanMode | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VlanMode> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VlanMode | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VlanMode> | null | undefined;
};

/** Time base of a VM's hardware clock. */
export type VmClockOffset =
  /** Local time of the host. */
  | 'LOCALTIME'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** UTC. */
  | 'UTC';

/** Conditions on a value of VmClockOffset. All given conditions must hold. */
export type VmClockOffsetFilter = {
  /** Equal to this. */
  eq?: VmClockOffset | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmClockOffset> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmClockOffset | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmClockOffset> | null | undefined;
};

/** Conditions on VmDisk objects. All given conditions must hold. */
export type VmDiskFilter = {
  /** All of these must hold. */
  and?: Array<VmDiskFilter> | null | undefined;
  /** By `boot`. */
  boot?: IntFilter | null | undefined;
  /** By `bus`. */
  bus?: BusFilter | null | undefined;
  /** By `device`. */
  device?: StringFilter | null | undefined;
  /** By `disabled`. */
  disabled?: BooleanFilter | null | undefined;
  /** By the image in the drive. */
  image?: ElfImageFilter | null | undefined;
  /** By `key`. */
  key?: IntFilter | null | undefined;
  /** By `maxBandwidthBytesPerSecond`. */
  maxBandwidthBytesPerSecond?: BigIntFilter | null | undefined;
  /** By `maxIops`. */
  maxIops?: IntFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmDiskFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmDiskFilter> | null | undefined;
  /** By `serial`. */
  serial?: StringFilter | null | undefined;
  /** By `type`. */
  type?: VmDiskTypeFilter | null | undefined;
  /** By the disk's VM. */
  vm?: VmFilter | null | undefined;
  /** By the disk's volume. */
  volume?: VmVolumeFilter | null | undefined;
};

/** Conditions on a list of VmDisk objects. */
export type VmDiskListFilter = {
  /** All objects match, or there are none. */
  every?: VmDiskFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: VmDiskFilter | null | undefined;
  /** At least one object matches. */
  some?: VmDiskFilter | null | undefined;
};

/** Type of a disk of a VM. */
export type VmDiskType =
  /** A CD-ROM drive, which has an image or is empty. */
  | 'CD_ROM'
  /** A data disk, backed by a volume. */
  | 'DISK'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmDiskType. All given conditions must hold. */
export type VmDiskTypeFilter = {
  /** Equal to this. */
  eq?: VmDiskType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmDiskType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmDiskType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmDiskType> | null | undefined;
};

/** Conditions on Vm objects. All given conditions must hold. */
export type VmFilter = {
  /** All of these must hold. */
  and?: Array<VmFilter> | null | undefined;
  /** By `antiMalwareEnabled`. */
  antiMalwareEnabled?: BooleanFilter | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the VM's backup plans. */
  backupPlans?: BackupPlanListFilter | null | undefined;
  /** By `biosUuid`. */
  biosUuid?: StringFilter | null | undefined;
  /** By `clockOffset`. */
  clockOffset?: VmClockOffsetFilter | null | undefined;
  /** By the cluster that the VM belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `cpuModel`. */
  cpuModel?: StringFilter | null | undefined;
  /** By `cpuUsage`. */
  cpuUsage?: FloatFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `deletedAt`. */
  deletedAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By the VM's disks. */
  disks?: VmDiskListFilter | null | undefined;
  /** By `dpiEnabled`. */
  dpiEnabled?: BooleanFilter | null | undefined;
  /** By `firmware`. */
  firmware?: VmFirmwareFilter | null | undefined;
  /** By the VM's folder. */
  folder?: VmFolderFilter | null | undefined;
  /** By `guestOsType`. */
  guestOsType?: GuestOsTypeFilter | null | undefined;
  /** By `guestUsedSizeBytes`. */
  guestUsedSizeBytes?: BigIntFilter | null | undefined;
  /** By `haPriority`. */
  haPriority?: VmHaPriorityFilter | null | undefined;
  /** By `highAvailability`. */
  highAvailability?: BooleanFilter | null | undefined;
  /** By the VM's host. */
  host?: HostFilter | null | undefined;
  /** By `hostname`. */
  hostname?: StringFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By `inRecycleBin`. */
  inRecycleBin?: BooleanFilter | null | undefined;
  /** By `internal`. */
  internal?: BooleanFilter | null | undefined;
  /** By `internalProduct`. */
  internalProduct?: StringFilter | null | undefined;
  /** By `ioPolicy`. */
  ioPolicy?: IoPolicyFilter | null | undefined;
  /** By `ips`. */
  ips?: StringFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `lastShutdownAt`. */
  lastShutdownAt?: DateTimeFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `maxBandwidthBytesPerSecond`. */
  maxBandwidthBytesPerSecond?: BigIntFilter | null | undefined;
  /** By `maxIops`. */
  maxIops?: IntFilter | null | undefined;
  /** By `memoryBytes`. */
  memoryBytes?: BigIntFilter | null | undefined;
  /** By `memoryUsage`. */
  memoryUsage?: FloatFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** By `nestedVirtualization`. */
  nestedVirtualization?: BooleanFilter | null | undefined;
  /** By the VM's NICs. */
  nics?: VmNicListFilter | null | undefined;
  /** By `nodeIp`. */
  nodeIp?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmFilter> | null | undefined;
  /** By `originalName`. */
  originalName?: StringFilter | null | undefined;
  /** By `os`. */
  os?: StringFilter | null | undefined;
  /** By `protected`. */
  protected?: BooleanFilter | null | undefined;
  /** By `provisionedSizeBytes`. */
  provisionedSizeBytes?: BigIntFilter | null | undefined;
  /** By `sizeBytes`. */
  sizeBytes?: BigIntFilter | null | undefined;
  /** By the VM's snapshot plan. */
  snapshotPlan?: SnapshotPlanFilter | null | undefined;
  /** By the VM's snapshots. */
  snapshots?: VmSnapshotListFilter | null | undefined;
  /** By `status`. */
  status?: VmStatusFilter | null | undefined;
  /** By `uniqueSizeBytes`. */
  uniqueSizeBytes?: BigIntFilter | null | undefined;
  /** By `usage`. */
  usage?: VmUsageFilter | null | undefined;
  /** By `usedSizeBytes`. */
  usedSizeBytes?: BigIntFilter | null | undefined;
  /** By `vcpuCount`. */
  vcpuCount?: IntFilter | null | undefined;
  /** By `vmToolsStatus`. */
  vmToolsStatus?: VmToolsStatusFilter | null | undefined;
  /** By `windowsOptimized`. */
  windowsOptimized?: BooleanFilter | null | undefined;
};

/** Firmware of a VM. */
export type VmFirmware =
  /** BIOS. */
  | 'BIOS'
  /** UEFI. */
  | 'UEFI'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmFirmware. All given conditions must hold. */
export type VmFirmwareFilter = {
  /** Equal to this. */
  eq?: VmFirmware | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmFirmware> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmFirmware | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmFirmware> | null | undefined;
};

/** Conditions on VmFolder objects. All given conditions must hold. */
export type VmFolderFilter = {
  /** All of these must hold. */
  and?: Array<VmFolderFilter> | null | undefined;
  /** By the cluster that the folder belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmFolderFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmFolderFilter> | null | undefined;
  /** By `vmCount`. */
  vmCount?: IntFilter | null | undefined;
  /** By the VMs in the folder. */
  vms?: VmListFilter | null | undefined;
};

/** Priority of a VM when the VMs of a failed host are restarted on other hosts. */
export type VmHaPriority =
  /** Low. */
  | 'LEVEL_1_LOW'
  /** Medium. */
  | 'LEVEL_2_MEDIUM'
  /** High. */
  | 'LEVEL_3_HIGH'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmHaPriority. All given conditions must hold. */
export type VmHaPriorityFilter = {
  /** Equal to this. */
  eq?: VmHaPriority | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmHaPriority> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmHaPriority | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmHaPriority> | null | undefined;
};

/** Conditions on a list of Vm objects. */
export type VmListFilter = {
  /** All objects match, or there are none. */
  every?: VmFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: VmFilter | null | undefined;
  /** At least one object matches. */
  some?: VmFilter | null | undefined;
};

/** Conditions on VmNic objects. All given conditions must hold. */
export type VmNicFilter = {
  /** All of these must hold. */
  and?: Array<VmNicFilter> | null | undefined;
  /** By `dpiEnabled`. */
  dpiEnabled?: BooleanFilter | null | undefined;
  /** By `enabled`. */
  enabled?: BooleanFilter | null | undefined;
  /** By `gateway`. */
  gateway?: StringFilter | null | undefined;
  /** By `interfaceId`. */
  interfaceId?: StringFilter | null | undefined;
  /** By `ipAddress`. */
  ipAddress?: StringFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `macAddress`. */
  macAddress?: StringFilter | null | undefined;
  /** By `mirror`. */
  mirror?: BooleanFilter | null | undefined;
  /** By `model`. */
  model?: VmNicModelFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmNicFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmNicFilter> | null | undefined;
  /** By `order`. */
  order?: IntFilter | null | undefined;
  /** By `type`. */
  type?: VmNicTypeFilter | null | undefined;
  /** By the NIC's network. */
  vlan?: VlanFilter | null | undefined;
  /** By the NIC's VM. */
  vm?: VmFilter | null | undefined;
};

/** Conditions on a list of VmNic objects. */
export type VmNicListFilter = {
  /** All objects match, or there are none. */
  every?: VmNicFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: VmNicFilter | null | undefined;
  /** At least one object matches. */
  some?: VmNicFilter | null | undefined;
};

/** NIC model that the guest sees. */
export type VmNicModel =
  /** Intel E1000. */
  | 'E1000'
  /** A virtual function of a host NIC, passed through. */
  | 'SRIOV'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** VirtIO. */
  | 'VIRTIO';

/** Conditions on a value of VmNicModel. All given conditions must hold. */
export type VmNicModelFilter = {
  /** Equal to this. */
  eq?: VmNicModel | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmNicModel> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmNicModel | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmNicModel> | null | undefined;
};

/** What a NIC is connected to. */
export type VmNicType =
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN'
  /** A VLAN. */
  | 'VLAN'
  /** A virtual private cloud. */
  | 'VPC';

/** Conditions on a value of VmNicType. All given conditions must hold. */
export type VmNicTypeFilter = {
  /** Equal to this. */
  eq?: VmNicType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmNicType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmNicType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmNicType> | null | undefined;
};

/** A criterion of the sort order of Vm objects; ties of the last one are broken by id. */
export type VmOrder = {
  /** Sort direction. */
  direction?: Direction;
  /** Field to sort by. */
  field: VmOrderField;
};

/** Fields that Vm objects can be sorted by. */
export type VmOrderField =
  /** By `antiMalwareEnabled`: false before true. */
  | 'ANTI_MALWARE_ENABLED'
  /** By `asyncStatus`, in alphabetical order of the values; UNKNOWN is last. */
  | 'ASYNC_STATUS'
  /** By `biosUuid`. */
  | 'BIOS_UUID'
  /** By `clockOffset`, in alphabetical order of the values; UNKNOWN is last. */
  | 'CLOCK_OFFSET'
  /** By `cloudInitSupported`: false before true. */
  | 'CLOUD_INIT_SUPPORTED'
  /** By `cpuModel`. */
  | 'CPU_MODEL'
  /** By `cpuUsage`. */
  | 'CPU_USAGE'
  /** By `createdAt`. */
  | 'CREATED_AT'
  /** By `deletedAt`. */
  | 'DELETED_AT'
  /** By `description`. */
  | 'DESCRIPTION'
  /** By `dnsServers`. */
  | 'DNS_SERVERS'
  /** By `dpiEnabled`: false before true. */
  | 'DPI_ENABLED'
  /** By `firmware`, in alphabetical order of the values; UNKNOWN is last. */
  | 'FIRMWARE'
  /** By `guestCpuModel`. */
  | 'GUEST_CPU_MODEL'
  /** By `guestOsType`, in alphabetical order of the values; UNKNOWN is last. */
  | 'GUEST_OS_TYPE'
  /** By `guestSizeUsage`. */
  | 'GUEST_SIZE_USAGE'
  /** By `guestUsedSizeBytes`. */
  | 'GUEST_USED_SIZE_BYTES'
  /** By `haPriority`, in alphabetical order of the values; UNKNOWN is last. */
  | 'HA_PRIORITY'
  /** By `highAvailability`: false before true. */
  | 'HIGH_AVAILABILITY'
  /** By `hostname`. */
  | 'HOSTNAME'
  /** By `id`. */
  | 'ID'
  /** By `internal`: false before true. */
  | 'INTERNAL'
  /** By `internalProduct`. */
  | 'INTERNAL_PRODUCT'
  /** By `internalProductName`. */
  | 'INTERNAL_PRODUCT_NAME'
  /** By `inRecycleBin`: false before true. */
  | 'IN_RECYCLE_BIN'
  /** By `ioPolicy`, in alphabetical order of the values; UNKNOWN is last. */
  | 'IO_POLICY'
  /** By `ips`. */
  | 'IPS'
  /** By `kernelInfo`. */
  | 'KERNEL_INFO'
  /** By `lastShutdownAt`. */
  | 'LAST_SHUTDOWN_AT'
  /** By `localId`. */
  | 'LOCAL_ID'
  /** By `logicalSizeBytes`. */
  | 'LOGICAL_SIZE_BYTES'
  /** By `maxBandwidthBytesPerSecond`. */
  | 'MAX_BANDWIDTH_BYTES_PER_SECOND'
  /** By `maxBandwidthPolicy`, in alphabetical order of the values; UNKNOWN is last. */
  | 'MAX_BANDWIDTH_POLICY'
  /** By `maxIops`. */
  | 'MAX_IOPS'
  /** By `maxIopsPolicy`, in alphabetical order of the values; UNKNOWN is last. */
  | 'MAX_IOPS_POLICY'
  /** By `memoryBytes`. */
  | 'MEMORY_BYTES'
  /** By `memoryUsage`. */
  | 'MEMORY_USAGE'
  /** By `name`. */
  | 'NAME'
  /** By `nestedVirtualization`: false before true. */
  | 'NESTED_VIRTUALIZATION'
  /** By `nodeIp`. */
  | 'NODE_IP'
  /** By `originalName`. */
  | 'ORIGINAL_NAME'
  /** By `os`. */
  | 'OS'
  /** By `protected`: false before true. */
  | 'PROTECTED'
  /** By `provisionedSizeBytes`. */
  | 'PROVISIONED_SIZE_BYTES'
  /** By `sizeBytes`. */
  | 'SIZE_BYTES'
  /** By `status`, in alphabetical order of the values; UNKNOWN is last. */
  | 'STATUS'
  /** By `uniqueLogicalSizeBytes`. */
  | 'UNIQUE_LOGICAL_SIZE_BYTES'
  /** By `uniqueSizeBytes`. */
  | 'UNIQUE_SIZE_BYTES'
  /** By `usage`, in alphabetical order of the values; UNKNOWN is last. */
  | 'USAGE'
  /** By `usedSizeBytes`. */
  | 'USED_SIZE_BYTES'
  /** By `usedSizeUsage`. */
  | 'USED_SIZE_USAGE'
  /** By `vcpuCount`. */
  | 'VCPU_COUNT'
  /** By `videoType`, in alphabetical order of the values; UNKNOWN is last. */
  | 'VIDEO_TYPE'
  /** By `vmToolsStatus`, in alphabetical order of the values; UNKNOWN is last. */
  | 'VM_TOOLS_STATUS'
  /** By `vmToolsVersion`. */
  | 'VM_TOOLS_VERSION'
  /** By `windowsOptimized`: false before true. */
  | 'WINDOWS_OPTIMIZED';

/** What happened to a VM snapshot. */
export type VmSnapshotEventKind =
  /** A cursor without an object: sent immediately, then at least every 30 s. Passes every filter. */
  | 'BOOKMARK'
  /** The snapshot appeared. Its data may not be readable yet. */
  | 'CREATED'
  /** The snapshot was deleted, as a task of CloudTower reports. */
  | 'DELETED'
  /** The snapshot failed, or was not usable READY_TIMEOUT_SECONDS after the task that creates it; see `errors`. */
  | 'FAILED'
  /** The snapshot is usable, as `vmSnapshotReady` reports it. */
  | 'READY'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on VmSnapshot objects. All given conditions must hold. */
export type VmSnapshotFilter = {
  /** All of these must hold. */
  and?: Array<VmSnapshotFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the snapshot is in. */
  cluster?: ClusterFilter | null | undefined;
  /** By `consistency`. */
  consistency?: SnapshotConsistencyFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By the snapshot's lease. */
  lease?: VmSnapshotLeaseFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By `memoryBytes`. */
  memoryBytes?: BigIntFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmSnapshotFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmSnapshotFilter> | null | undefined;
  /** By `sizeBytes`. */
  sizeBytes?: BigIntFilter | null | undefined;
  /** By the snapshot's group. */
  snapshotGroup?: SnapshotGroupFilter | null | undefined;
  /** By `vcpuCount`. */
  vcpuCount?: IntFilter | null | undefined;
  /** By the snapshot's VM. */
  vm?: VmFilter | null | undefined;
};

/** Conditions on a snapshot's lease. All given conditions must hold. */
export type VmSnapshotLeaseFilter = {
  /** True: it has a lease. False: it has none. */
  exists?: boolean | null | undefined;
  /** It has a lease, which does not end before this time. To the minute. */
  expiresAfter?: string | null | undefined;
  /** It has a lease, which ends before this time: of now, the expired ones. To the minute. */
  expiresBefore?: string | null | undefined;
  /** One of its labels names this owner. */
  owner?: string | null | undefined;
};

/** A lease: until it expires, the snapshot is in use. After that, the reaper and `deleteExpiredSnapshots` may delete it. */
export type VmSnapshotLeaseInput = {
  /** Whose snapshot it is, such as the name of a backup job: 1 to 63 letters, digits and `-._`, the first a letter or digit. */
  owner: string;
  /** Duration from now, in seconds, 1 to 31708800. The lease expires at the next quarter of an hour after that. */
  seconds: number;
};

/** Conditions on a list of VmSnapshot objects. */
export type VmSnapshotListFilter = {
  /** All objects match, or there are none. */
  every?: VmSnapshotFilter | null | undefined;
  /** True: the list has no objects. False: it has at least one. */
  isEmpty?: boolean | null | undefined;
  /** No object matches. */
  none?: VmSnapshotFilter | null | undefined;
  /** At least one object matches. */
  some?: VmSnapshotFilter | null | undefined;
};

/** Power state of a VM. */
export type VmStatus =
  /** Deleted. */
  | 'DELETED'
  /** Running. */
  | 'RUNNING'
  /** Powered off. */
  | 'STOPPED'
  /** Suspended. */
  | 'SUSPENDED'
  /** Unknown to CloudTower, or a value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmStatus. All given conditions must hold. */
export type VmStatusFilter = {
  /** Equal to this. */
  eq?: VmStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmStatus> | null | undefined;
};

/** State of the guest tools (VMTools). */
export type VmToolsStatus =
  /** Not installed. */
  | 'NOT_INSTALLED'
  /** Installed but not running. */
  | 'NOT_RUNNING'
  /** Running with restrictions. */
  | 'RESTRICTION'
  /** Running; file-system-consistent snapshots are possible. */
  | 'RUNNING'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmToolsStatus. All given conditions must hold. */
export type VmToolsStatusFilter = {
  /** Equal to this. */
  eq?: VmToolsStatus | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmToolsStatus> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmToolsStatus | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmToolsStatus> | null | undefined;
};

/** Purpose of a system VM. */
export type VmUsage =
  /** Advanced monitoring. */
  | 'ADVANCED_MONITORING'
  /** Node of the agent mesh. Since CloudTower 3.4.4 at the latest. */
  | 'AGENT_MESH_NODE'
  /** Backup controller. */
  | 'BACKUP_CONTROLLER'
  /** Bundled application. */
  | 'BUNDLE_APPLICATION'
  /** CloudTower itself. */
  | 'CLOUDTOWER'
  /** Passive part of a highly available CloudTower. Since CloudTower 4.8. */
  | 'CLOUDTOWER_PASSIVE'
  /** Witness of a highly available CloudTower. Since CloudTower 4.8. */
  | 'CLOUDTOWER_WITNESS'
  /** Network controller. */
  | 'EVEROUTE_CONTROLLER'
  /** Image registry. */
  | 'REGISTRY'
  /** Replication controller. Since CloudTower 3.4.4 at the latest. */
  | 'REPLICATION_CONTROLLER'
  /** File service controller. Since CloudTower 4.3 at the latest. */
  | 'SFS_CONTROLLER'
  /** Shared image registry. Since CloudTower 4.3 at the latest. */
  | 'SHARE_REGISTRY'
  /** Management of Kubernetes clusters. */
  | 'SKS_MANAGEMENT'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmUsage. All given conditions must hold. */
export type VmUsageFilter = {
  /** Equal to this. */
  eq?: VmUsage | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmUsage> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmUsage | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmUsage> | null | undefined;
};

/** Conditions on VmVolume objects. All given conditions must hold. */
export type VmVolumeFilter = {
  /** All of these must hold. */
  and?: Array<VmVolumeFilter> | null | undefined;
  /** By `asyncStatus`. */
  asyncStatus?: AsyncStatusFilter | null | undefined;
  /** By the cluster that the volume belongs to. */
  cluster?: ClusterFilter | null | undefined;
  /** By `createdAt`. */
  createdAt?: DateTimeFilter | null | undefined;
  /** By `description`. */
  description?: StringFilter | null | undefined;
  /** By the disks that the volume backs. */
  disks?: VmDiskListFilter | null | undefined;
  /** By `guestUsedSizeBytes`. */
  guestUsedSizeBytes?: BigIntFilter | null | undefined;
  /** By id. */
  id?: IdFilter | null | undefined;
  /** Only as the sole condition on a to-one relation. True: there is no related object. False: there is one. */
  isNull?: boolean | null | undefined;
  /** By the object's labels. */
  labels?: LabelListFilter | null | undefined;
  /** By `localId`. */
  localId?: StringFilter | null | undefined;
  /** By the LUN that backs the volume. */
  lun?: IscsiLunFilter | null | undefined;
  /** By `mounting`. */
  mounting?: BooleanFilter | null | undefined;
  /** By `name`. */
  name?: StringFilter | null | undefined;
  /** None of these may hold. */
  not?: Array<VmVolumeFilter> | null | undefined;
  /** At least one of these must hold. */
  or?: Array<VmVolumeFilter> | null | undefined;
  /** By `path`. */
  path?: StringFilter | null | undefined;
  /** By `residentInCache`. */
  residentInCache?: BooleanFilter | null | undefined;
  /** By `sharing`. */
  sharing?: BooleanFilter | null | undefined;
  /** By `sizeBytes`. */
  sizeBytes?: BigIntFilter | null | undefined;
  /** By `storagePolicy`. */
  storagePolicy?: StoragePolicyFilter | null | undefined;
  /** By `storagePolicyEcDataBlockCount`. */
  storagePolicyEcDataBlockCount?: IntFilter | null | undefined;
  /** By `storagePolicyEcParityBlockCount`. */
  storagePolicyEcParityBlockCount?: IntFilter | null | undefined;
  /** By `storagePolicyReplicaCount`. */
  storagePolicyReplicaCount?: IntFilter | null | undefined;
  /** By `storagePolicyStripeCount`. */
  storagePolicyStripeCount?: IntFilter | null | undefined;
  /** By `storagePolicyThinProvisioned`. */
  storagePolicyThinProvisioned?: BooleanFilter | null | undefined;
  /** By `type`. */
  type?: VmVolumeTypeFilter | null | undefined;
  /** By `uniqueSizeBytes`. */
  uniqueSizeBytes?: BigIntFilter | null | undefined;
  /** By `usedSizeBytes`. */
  usedSizeBytes?: BigIntFilter | null | undefined;
};

/** Where the data of a volume is stored. */
export type VmVolumeType =
  /** In a file of the hypervisor; such a volume has no LUN. */
  | 'KVM_VOLUME'
  /** In an iSCSI LUN. */
  | 'KVM_VOLUME_ISCSI'
  /** A value that this version of TowerQL does not know. */
  | 'UNKNOWN';

/** Conditions on a value of VmVolumeType. All given conditions must hold. */
export type VmVolumeTypeFilter = {
  /** Equal to this. */
  eq?: VmVolumeType | null | undefined;
  /** Equal to one of these; an empty list matches nothing. */
  in?: Array<VmVolumeType> | null | undefined;
  /** True: has no value. False: has a value. */
  isNull?: boolean | null | undefined;
  /** Not equal to this; does not match objects without a value. */
  not?: VmVolumeType | null | undefined;
  /** Equal to none of these, at least one; does not match objects without a value. */
  notIn?: Array<VmVolumeType> | null | undefined;
};

export type DeleteSnapshotsMutationVariables = Exact<{
  input: DeleteVmSnapshotsInput;
}>;


export type DeleteSnapshotsMutation = { deleteVmSnapshots: { results: Array<{ inputId: string, snapshot: { id: string } | null, task: { id: string, status: TaskStatus } | null, errors: Array<
        | { __typename: 'ConsistencyGroupEmptyError', code: string }
        | { __typename: 'ConsistencyGroupInUseError', code: string }
        | { __typename: 'ConsistencyGroupNotFoundError', code: string }
        | { __typename: 'ConsistencyGroupSnapshotNotFoundError', code: string }
        | { __typename: 'CoordinationUnavailableError', code: string }
        | { __typename: 'DiskNotInSnapshotError', code: string }
        | { __typename: 'DiskNotRestorableError', code: string }
        | { __typename: 'GatewayStoppingError', code: string }
        | { __typename: 'InvalidIdError', code: string }
        | { __typename: 'InvalidInputError', code: string }
        | { __typename: 'InvalidNameError', code: string }
        | { __typename: 'LeaseNotSetError', code: string }
        | { __typename: 'LeaseOfAnotherOwnerError', code: string }
        | { __typename: 'LeaseUnchangedError', code: string }
        | { __typename: 'OperationNotSupportedError', code: string }
        | { __typename: 'PermissionDeniedError', code: string }
        | { __typename: 'ReadinessUnknownError', code: string }
        | { __typename: 'RepeatedIdError', code: string }
        | { __typename: 'ResourceLockedError', code: string }
        | { __typename: 'RestoreIncompleteError', code: string }
        | { __typename: 'RestoreStepFailedError', code: string }
        | { __typename: 'SlotTakenError', code: string }
        | { __typename: 'SnapshotFailedError', code: string }
        | { __typename: 'SnapshotKeptError', code: string }
        | { __typename: 'SnapshotNameTakenError', code: string }
        | { __typename: 'SnapshotNotFoundError', code: string }
        | { __typename: 'SnapshotNotLeasedError', code: string }
        | { __typename: 'SnapshotNotReadyError', code: string }
        | { __typename: 'SnapshotOfAnotherConsistencyGroupError', code: string }
        | { __typename: 'SnapshotOfAnotherVmError', code: string }
        | { __typename: 'SnapshotUnmatchedError', code: string }
        | { __typename: 'TaskNotFoundError', code: string }
        | { __typename: 'UnreadableError', code: string }
        | { __typename: 'UpstreamFailedError', code: string }
        | { __typename: 'UpstreamRejectedError', code: string }
        | { __typename: 'VmInAnotherClusterError', code: string }
        | { __typename: 'VmInRecycleBinError', code: string }
        | { __typename: 'VmNotFoundError', code: string }
        | { __typename: 'VmPowerStateError', code: string }
        | { __typename: 'VmToolsNotRunningError', code: string }
        | { __typename: 'VolumeInUseError', code: string }
        | { __typename: 'VolumeNameTakenError', code: string }
        | { __typename: 'VolumeNotAttachedError', code: string }
        | { __typename: 'WriteNotSentError', code: string }
        | { __typename: 'WriteOutcomeUnknownError', code: string }
        | { __typename: 'WriteQueuedError', code: string }
      > }>, errors: Array<
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
    > } | null };

export type EndedTasksQueryVariables = Exact<{
  after: string;
  first?: number | null | undefined;
}>;


export type EndedTasksQuery = { taskEvents: { endCursor: string, hasNextPage: boolean, nodes: Array<{ id: string, kind: TaskEventKind, at: string | null, taskId: string | null, task: { status: TaskStatus, error: { code: string | null, message: string | null } | null } | null }> } };

export type NowCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type NowCursorQuery = { eventCursor: string };

export type FollowSnapshotsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FollowSnapshotsSubscription = { vmSnapshotEvents: { id: string, cursor: string, kind: VmSnapshotEventKind, at: string | null, snapshotId: string | null, errors: Array<
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
    >, snapshot: { id: string, name: string, disks: Array<{ lunSnapshot: { storageVolume: { zbsId: string } | null } | null }> | null } | null } };

export type PageOfVmsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: VmFilter | null | undefined;
  orderBy?: Array<VmOrder> | VmOrder | null | undefined;
}>;


export type PageOfVmsQuery = { vms: { totalCount: number | null, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, name: string, memoryBytes: number | null } }> } | null };

export type RestoreDiskMutationVariables = Exact<{
  input: RestoreDiskInput;
}>;


export type RestoreDiskMutation = { restoreDisk: { state: DiskRestoreState | null, done: boolean, volume: { id: string, name: string } | null, replacedVolume: { id: string } | null, duplicates: Array<{ id: string }>, task: { id: string, status: TaskStatus, progress: number } | null, errors: Array<
      | { __typename: 'ConsistencyGroupEmptyError', code: string, message: string }
      | { __typename: 'ConsistencyGroupInUseError', code: string, message: string }
      | { __typename: 'ConsistencyGroupNotFoundError', code: string, message: string }
      | { __typename: 'ConsistencyGroupSnapshotNotFoundError', code: string, message: string }
      | { __typename: 'CoordinationUnavailableError', code: string, message: string }
      | { __typename: 'DiskNotInSnapshotError', code: string, message: string }
      | { __typename: 'DiskNotRestorableError', code: string, message: string }
      | { __typename: 'GatewayStoppingError', code: string, message: string }
      | { __typename: 'InvalidIdError', code: string, message: string }
      | { __typename: 'InvalidInputError', code: string, message: string }
      | { __typename: 'InvalidNameError', code: string, message: string }
      | { __typename: 'LeaseNotSetError', code: string, message: string }
      | { __typename: 'LeaseOfAnotherOwnerError', code: string, message: string }
      | { __typename: 'LeaseUnchangedError', code: string, message: string }
      | { __typename: 'OperationNotSupportedError', code: string, message: string }
      | { __typename: 'PermissionDeniedError', code: string, message: string }
      | { __typename: 'ReadinessUnknownError', code: string, message: string }
      | { __typename: 'RepeatedIdError', code: string, message: string }
      | { __typename: 'ResourceLockedError', code: string, message: string }
      | { __typename: 'RestoreIncompleteError', code: string, message: string }
      | { __typename: 'RestoreStepFailedError', code: string, message: string }
      | { __typename: 'SlotTakenError', code: string, message: string }
      | { __typename: 'SnapshotFailedError', code: string, message: string }
      | { __typename: 'SnapshotKeptError', code: string, message: string }
      | { __typename: 'SnapshotNameTakenError', code: string, message: string }
      | { __typename: 'SnapshotNotFoundError', code: string, message: string }
      | { __typename: 'SnapshotNotLeasedError', code: string, message: string }
      | { __typename: 'SnapshotNotReadyError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherConsistencyGroupError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherVmError', code: string, message: string }
      | { __typename: 'SnapshotUnmatchedError', code: string, message: string }
      | { __typename: 'TaskNotFoundError', code: string, message: string }
      | { __typename: 'UnreadableError', code: string, message: string }
      | { __typename: 'UpstreamFailedError', code: string, message: string }
      | { __typename: 'UpstreamRejectedError', code: string, message: string }
      | { __typename: 'VmInAnotherClusterError', code: string, message: string }
      | { __typename: 'VmInRecycleBinError', code: string, message: string }
      | { __typename: 'VmNotFoundError', code: string, message: string }
      | { __typename: 'VmPowerStateError', vmStatus: VmStatus, code: string, message: string }
      | { __typename: 'VmToolsNotRunningError', code: string, message: string }
      | { __typename: 'VolumeInUseError', code: string, message: string }
      | { __typename: 'VolumeNameTakenError', code: string, message: string }
      | { __typename: 'VolumeNotAttachedError', code: string, message: string }
      | { __typename: 'WriteNotSentError', code: string, message: string }
      | { __typename: 'WriteOutcomeUnknownError', code: string, message: string }
      | { __typename: 'WriteQueuedError', code: string, message: string }
    > } | null };

export type SnapshotReadySubscriptionVariables = Exact<{
  snapshotId: string;
}>;


export type SnapshotReadySubscription = { vmSnapshotReady: { ready: boolean, snapshot: { id: string, disks: Array<{ sizeBytes: number | null, lunSnapshot: { storageVolume: { zbsId: string } | null } | null }> | null } | null, errors: Array<
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
      | { code: string, message: string }
    > } | null };

export type SnapshotZbsVolumesQueryVariables = Exact<{
  snapshotId: string;
}>;


export type SnapshotZbsVolumesQuery = { vmSnapshot: { id: string, name: string, vm: { id: string, name: string } | null, task: { id: string, status: TaskStatus } | null, disks: Array<{ index: number | null, sizeBytes: number | null, volumeLocalId: string | null, lunSnapshot: { id: string, name: string, storageVolume: { zbsId: string, kind: StorageVolumeKind, lun: { id: string } | null } | null } | null }> | null } | null };

export type TakeGroupSnapshotMutationVariables = Exact<{
  input: CreateConsistencyGroupSnapshotInput;
}>;


export type TakeGroupSnapshotMutation = { createConsistencyGroupSnapshot: { created: boolean, ready: boolean | null, missing: Array<string>, snapshot: { id: string, name: string, lunSnapshots: Array<{ lun: { name: string } | null, storageVolume: { zbsId: string } | null }> | null, namespaceSnapshots: Array<{ namespace: { name: string } | null, storageVolume: { zbsId: string } | null }> | null } | null, task: { id: string, status: TaskStatus } | null, errors: Array<
      | { __typename: 'ConsistencyGroupEmptyError', code: string, message: string }
      | { __typename: 'ConsistencyGroupInUseError', code: string, message: string }
      | { __typename: 'ConsistencyGroupNotFoundError', code: string, message: string }
      | { __typename: 'ConsistencyGroupSnapshotNotFoundError', code: string, message: string }
      | { __typename: 'CoordinationUnavailableError', code: string, message: string }
      | { __typename: 'DiskNotInSnapshotError', code: string, message: string }
      | { __typename: 'DiskNotRestorableError', code: string, message: string }
      | { __typename: 'GatewayStoppingError', code: string, message: string }
      | { __typename: 'InvalidIdError', code: string, message: string }
      | { __typename: 'InvalidInputError', code: string, message: string }
      | { __typename: 'InvalidNameError', code: string, message: string }
      | { __typename: 'LeaseNotSetError', code: string, message: string }
      | { __typename: 'LeaseOfAnotherOwnerError', code: string, message: string }
      | { __typename: 'LeaseUnchangedError', code: string, message: string }
      | { __typename: 'OperationNotSupportedError', code: string, message: string }
      | { __typename: 'PermissionDeniedError', code: string, message: string }
      | { __typename: 'ReadinessUnknownError', code: string, message: string }
      | { __typename: 'RepeatedIdError', code: string, message: string }
      | { __typename: 'ResourceLockedError', code: string, message: string }
      | { __typename: 'RestoreIncompleteError', code: string, message: string }
      | { __typename: 'RestoreStepFailedError', code: string, message: string }
      | { __typename: 'SlotTakenError', code: string, message: string }
      | { __typename: 'SnapshotFailedError', code: string, message: string }
      | { __typename: 'SnapshotKeptError', code: string, message: string }
      | { __typename: 'SnapshotNameTakenError', code: string, message: string }
      | { __typename: 'SnapshotNotFoundError', code: string, message: string }
      | { __typename: 'SnapshotNotLeasedError', code: string, message: string }
      | { __typename: 'SnapshotNotReadyError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherConsistencyGroupError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherVmError', code: string, message: string }
      | { __typename: 'SnapshotUnmatchedError', code: string, message: string }
      | { __typename: 'TaskNotFoundError', code: string, message: string }
      | { __typename: 'UnreadableError', code: string, message: string }
      | { __typename: 'UpstreamFailedError', code: string, message: string }
      | { __typename: 'UpstreamRejectedError', code: string, message: string }
      | { __typename: 'VmInAnotherClusterError', code: string, message: string }
      | { __typename: 'VmInRecycleBinError', code: string, message: string }
      | { __typename: 'VmNotFoundError', code: string, message: string }
      | { __typename: 'VmPowerStateError', code: string, message: string }
      | { __typename: 'VmToolsNotRunningError', code: string, message: string }
      | { __typename: 'VolumeInUseError', code: string, message: string }
      | { __typename: 'VolumeNameTakenError', code: string, message: string }
      | { __typename: 'VolumeNotAttachedError', code: string, message: string }
      | { __typename: 'WriteNotSentError', code: string, message: string }
      | { __typename: 'WriteOutcomeUnknownError', code: string, message: string }
      | { __typename: 'WriteQueuedError', code: string, message: string }
    > } | null };

export type TakeSnapshotMutationVariables = Exact<{
  input: CreateVmSnapshotInput;
}>;


export type TakeSnapshotMutation = { createVmSnapshot: { created: boolean, snapshot: { id: string, name: string, consistency: SnapshotConsistency } | null, task: { id: string, status: TaskStatus, progress: number } | null, errors: Array<
      | { __typename: 'ConsistencyGroupEmptyError', code: string, message: string }
      | { __typename: 'ConsistencyGroupInUseError', code: string, message: string }
      | { __typename: 'ConsistencyGroupNotFoundError', code: string, message: string }
      | { __typename: 'ConsistencyGroupSnapshotNotFoundError', code: string, message: string }
      | { __typename: 'CoordinationUnavailableError', code: string, message: string }
      | { __typename: 'DiskNotInSnapshotError', code: string, message: string }
      | { __typename: 'DiskNotRestorableError', code: string, message: string }
      | { __typename: 'GatewayStoppingError', code: string, message: string }
      | { __typename: 'InvalidIdError', code: string, message: string }
      | { __typename: 'InvalidInputError', code: string, message: string }
      | { __typename: 'InvalidNameError', code: string, message: string }
      | { __typename: 'LeaseNotSetError', code: string, message: string }
      | { __typename: 'LeaseOfAnotherOwnerError', code: string, message: string }
      | { __typename: 'LeaseUnchangedError', code: string, message: string }
      | { __typename: 'OperationNotSupportedError', code: string, message: string }
      | { __typename: 'PermissionDeniedError', code: string, message: string }
      | { __typename: 'ReadinessUnknownError', code: string, message: string }
      | { __typename: 'RepeatedIdError', code: string, message: string }
      | { __typename: 'ResourceLockedError', code: string, message: string, lockedResources: Array<{ cloudTowerId: string, type: string }>, blockingTask: { id: string } | null }
      | { __typename: 'RestoreIncompleteError', code: string, message: string }
      | { __typename: 'RestoreStepFailedError', code: string, message: string }
      | { __typename: 'SlotTakenError', code: string, message: string }
      | { __typename: 'SnapshotFailedError', code: string, message: string }
      | { __typename: 'SnapshotKeptError', code: string, message: string }
      | { __typename: 'SnapshotNameTakenError', code: string, message: string }
      | { __typename: 'SnapshotNotFoundError', code: string, message: string }
      | { __typename: 'SnapshotNotLeasedError', code: string, message: string }
      | { __typename: 'SnapshotNotReadyError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherConsistencyGroupError', code: string, message: string }
      | { __typename: 'SnapshotOfAnotherVmError', code: string, message: string }
      | { __typename: 'SnapshotUnmatchedError', code: string, message: string }
      | { __typename: 'TaskNotFoundError', code: string, message: string }
      | { __typename: 'UnreadableError', code: string, message: string }
      | { __typename: 'UpstreamFailedError', code: string, message: string }
      | { __typename: 'UpstreamRejectedError', code: string, message: string }
      | { __typename: 'VmInAnotherClusterError', code: string, message: string }
      | { __typename: 'VmInRecycleBinError', code: string, message: string }
      | { __typename: 'VmNotFoundError', code: string, message: string }
      | { __typename: 'VmPowerStateError', code: string, message: string }
      | { __typename: 'VmToolsNotRunningError', code: string, message: string }
      | { __typename: 'VolumeInUseError', code: string, message: string }
      | { __typename: 'VolumeNameTakenError', code: string, message: string }
      | { __typename: 'VolumeNotAttachedError', code: string, message: string }
      | { __typename: 'WriteNotSentError', code: string, message: string }
      | { __typename: 'WriteOutcomeUnknownError', code: string, message: string }
      | { __typename: 'WriteQueuedError', code: string, message: string }
    > } | null };

export type VmsOfZbsVolumeQueryVariables = Exact<{
  zbsId: string;
}>;


export type VmsOfZbsVolumeQuery = { storageVolume: { id: string, zbsId: string, kind: StorageVolumeKind, sizeBytes: number | null, lun: { id: string, name: string, volume: { id: string, name: string, vms: Array<{ id: string, name: string }> | null } | null } | null } | null };

export type WatchTaskSubscriptionVariables = Exact<{
  taskId: string;
}>;


export type WatchTaskSubscription = { taskProgress: { id: string, status: TaskStatus, progress: number, steps: Array<{ key: string | null, current: number | null, total: number | null, unit: TaskStepUnit | null }>, error: { code: string | null, message: string | null } | null } | null };

export type WholeGraphQueryVariables = Exact<{
  first?: number | null | undefined;
  filter?: VmFilter | null | undefined;
}>;


export type WholeGraphQuery = { vms: { totalCount: number | null, nodes: Array<{ id: string, cloudTowerId: string, name: string, status: VmStatus, memoryBytes: number | null, disks: Array<{ id: string, boot: number | null, bus: Bus, volume: { id: string, name: string, sizeBytes: number | null, lun: { id: string, name: string, storageVolume: { zbsId: string } | null } | null } | null }> | null }> } | null };


export const DeleteSnapshotsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteSnapshots"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteVmSnapshotsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteVmSnapshots"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inputId"}},{"kind":"Field","name":{"kind":"Name","value":"snapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DeleteSnapshotsMutation, DeleteSnapshotsMutationVariables>;
export const EndedTasksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EndedTasks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EventCursor"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taskEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"taskId"}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]} as unknown as DocumentNode<EndedTasksQuery, EndedTasksQueryVariables>;
export const NowCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NowCursor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventCursor"}}]}}]} as unknown as DocumentNode<NowCursorQuery, NowCursorQueryVariables>;
export const FollowSnapshotsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowSnapshots"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"EventCursor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vmSnapshotEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"kind"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"in"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"READY"},{"kind":"EnumValue","value":"FAILED"},{"kind":"EnumValue","value":"DELETED"}]}}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"snapshotId"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"snapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"disks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"DISK"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lunSnapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<FollowSnapshotsSubscription, FollowSnapshotsSubscriptionVariables>;
export const PageOfVmsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PageOfVms"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"VmFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"VmOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vms"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"memoryBytes"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PageOfVmsQuery, PageOfVmsQueryVariables>;
export const RestoreDiskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RestoreDisk"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RestoreDiskInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"restoreDisk"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"volume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"replacedVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"duplicates"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"VmPowerStateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vmStatus"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RestoreDiskMutation, RestoreDiskMutationVariables>;
export const SnapshotReadyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SnapshotReady"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"snapshotId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vmSnapshotReady"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"snapshotId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"snapshotId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ready"}},{"kind":"Field","name":{"kind":"Name","value":"snapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"disks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"DISK"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"lunSnapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SnapshotReadySubscription, SnapshotReadySubscriptionVariables>;
export const SnapshotZbsVolumesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SnapshotZbsVolumes"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"snapshotId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vmSnapshot"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"snapshotId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"vm"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"DISK"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"volumeLocalId"}},{"kind":"Field","name":{"kind":"Name","value":"lunSnapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"lun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<SnapshotZbsVolumesQuery, SnapshotZbsVolumesQueryVariables>;
export const TakeGroupSnapshotDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TakeGroupSnapshot"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateConsistencyGroupSnapshotInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createConsistencyGroupSnapshot"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"ready"}},{"kind":"Field","name":{"kind":"Name","value":"missing"}},{"kind":"Field","name":{"kind":"Name","value":"snapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"lunSnapshots"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"namespaceSnapshots"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"namespace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TakeGroupSnapshotMutation, TakeGroupSnapshotMutationVariables>;
export const TakeSnapshotDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TakeSnapshot"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateVmSnapshotInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createVmSnapshot"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"snapshot"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"consistency"}}]}},{"kind":"Field","name":{"kind":"Name","value":"task"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ResourceLockedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lockedResources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cloudTowerId"}},{"kind":"Field","name":{"kind":"Name","value":"type"}}]}},{"kind":"Field","name":{"kind":"Name","value":"blockingTask"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<TakeSnapshotMutation, TakeSnapshotMutationVariables>;
export const VmsOfZbsVolumeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"VmsOfZbsVolume"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"zbsId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"zbsId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"zbsId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"zbsId"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"lun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"volume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"vms"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<VmsOfZbsVolumeQuery, VmsOfZbsVolumeQueryVariables>;
export const WatchTaskDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"WatchTask"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"taskId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taskProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"taskId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"taskId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"progress"}},{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"current"}},{"kind":"Field","name":{"kind":"Name","value":"total"}},{"kind":"Field","name":{"kind":"Name","value":"unit"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<WatchTaskSubscription, WatchTaskSubscriptionVariables>;
export const WholeGraphDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WholeGraph"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"VmFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"vms"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cloudTowerId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"memoryBytes"}},{"kind":"Field","name":{"kind":"Name","value":"disks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"DISK"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"boot"}},{"kind":"Field","name":{"kind":"Name","value":"bus"}},{"kind":"Field","name":{"kind":"Name","value":"volume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"lun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"storageVolume"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"zbsId"}}]}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<WholeGraphQuery, WholeGraphQueryVariables>;