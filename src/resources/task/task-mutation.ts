import type { Row } from "../../upstream/wire/types.js";

/** What a task does to the object that it is named after. */
export type TaskKind = "create" | "delete" | "rollback" | "rebuild";

/**
 * What a task does to the data of volumes that exist already:
 * - `keeps`: nothing but what the guest writes itself.
 * - `changes`: resizes, moves, attaches or removes volumes that it names, in `resource_id` or `args`.
 * - `replaces`: puts back the data of a snapshot; the volumes are those of the snapshot, and need not be named.
 * - `unknown`: the name is not in the table, or there is none.
 */
export type DataEffect = "keeps" | "changes" | "replaces" | "unknown";

interface Rule {
  readonly kind?: TaskKind;
  readonly data: Exclude<DataEffect, "unknown">;
  /** Creates a snapshot of a VM, perhaps under another name than its own. */
  readonly createsVmSnapshot?: boolean;
  /** Creates a snapshot of a consistency group. */
  readonly createsGroupSnapshot?: boolean;
  /** Removes devices of a VM that hold no data: NICs and CD-ROM drives. */
  readonly removesDevices?: boolean;
  /** Edits a VM: its arguments say whether that concerns its disks. */
  readonly editsVm?: boolean;
  readonly names: string;
}

/**
 * The names in `resource_mutation` that are known, by what they mean. CloudTower does not publish the list: the names are those of its
 * API. A name counts as harmless only if it is here; spelling (case, `_`, `-`) does not matter.
 */
const rules: readonly Rule[] = [
  { kind: "create", data: "keeps", createsVmSnapshot: true, names: "createVmSnapshot" },
  { data: "keeps", createsVmSnapshot: true, names: "executeSnapshotPlan executeBackupPlan" },
  {
    kind: "create",
    data: "keeps",
    createsGroupSnapshot: true,
    names: "createConsistencyGroupSnapshot createConsistencySnapshotGroup",
  },
  {
    kind: "create",
    data: "keeps",
    names: `createVmVolumeSnapshot createIscsiLunSnapshot createNvmfNamespaceSnapshot createVm createVmFromTemplate
      createVmFromContentLibraryTemplate createVmVolume createIscsiLun createNvmfNamespace createIscsiTarget createSnapshotPlan`,
  },
  {
    kind: "delete",
    data: "keeps",
    names: `deleteVmSnapshot deleteVmVolumeSnapshot deleteIscsiLunSnapshot deleteNvmfNamespaceSnapshot
      deleteConsistencyGroupSnapshot deleteConsistencySnapshotGroup deleteSnapshotGroup deleteSnapshotPlan`,
  },
  {
    kind: "rebuild",
    data: "keeps",
    names: "rebuildVmFromSnapshot",
  },
  {
    data: "keeps",
    names: "rebuildVmVolume",
  },
  {
    data: "keeps",
    names: `cloneVm cloneVmVolume cloneIscsiLunFromSnapshot cloneNvmfNamespaceFromSnapshot cloneSnapshotGroup copyIscsiLun
      cloneVmTemplateFromVm cloneContentLibraryVmTemplateFromVm exportVm exportVmVolume keepSnapshotGroup updateSnapshotPlan
      suspendSnapshotPlan resumeSnapshotPlan`,
  },
  {
    data: "keeps",
    names: `startVm poweroffVm shutdownVm restartVm forceRestartVm suspendVm resumeVm migrateVm installVmtools
      resetVmGuestOsPassword mountUsbDevice unmountUsbDevice`,
  },
  {
    data: "keeps",
    names: `updateVmBasicInfo updateVmAdvancedOptions updateVmHostOptions updateVmIoPolicy updateVmOwner addVmNic updateVmNic
      updateVmNicBasicInfo updateVmNicAdvanceInfo updateVmNicQosOption updateVmVpcNic addVmCdRom toggleVmCdRomDisable
      ejectIsoFromVmCdRom addVmToFolder removeVmFromFolder addLabelsToResources removeLabelsFromResources`,
  },
  { data: "keeps", removesDevices: true, names: "removeVmNic removeVmNicByWhere removeVmCdRom" },
  {
    data: "keeps",
    names: `updateCluster updateClusterLicense updateClusterNetworkSetting updateClusterHaSetting updateClusterVirtualizationSetting
      updateClusterEnableIscsiSetting updateManagementVlan updateMigrationVlan createHost updateHost operateHostPower
      enterMaintenanceMode enterMaintenanceModePrecheck exitMaintenanceMode enterMaintanceMode exitMaintanceMode triggerDiskBlink
      createVds createVdsWithAccessVlan createVdsWithMigrateVlan updateVds deleteVds createVmVlan updateVmVlan deleteVmVlan
      updateNic createVmFolder updateVmFolder deleteVmFolder createVmPlacementGroup updateVmPlacementGroup deleteVmPlacementGroup`,
  },
  {
    data: "keeps",
    names: `createLabel updateLabel deleteLabel createUser updateUser deleteUser createRole updateRole deleteRole updateLicense
      createAlertNotifier updateAlertNotifier deleteAlertNotifier resolveAlert updateGlobalAlertRule updateCustomizeAlertRule
      createLogCollection deleteLogCollection createReportTemplate updateReportTemplate deleteReportTemplate createView updateView
      deleteView createGraph updateGraph deleteGraph createSecurityPolicy updateSecurityPolicy deleteSecurityPolicy
      createIsolationPolicy updateIsolationPolicy deleteIsolationPolicy createSecurityGroup updateSecurityGroup deleteSecurityGroup
      uploadElfImage updateElfImage deleteElfImage uploadSvtImage importContentLibraryImage uploadContentLibraryImage
      updateContentLibraryImage deleteContentLibraryImage createNfsExport updateNfsExport deleteNfsExport login`,
  },
  {
    kind: "delete",
    data: "changes",
    names: "deleteVm deleteVmVolume deleteIscsiLun deleteNvmfNamespace deleteIscsiTarget deleteConsistencyGroup",
  },
  {
    kind: "create",
    data: "changes",
    names: "createConsistencyGroup",
  },
  {
    data: "changes",
    editsVm: true,
    names: "updateVm",
  },
  {
    data: "changes",
    names: `updateVmDisk expandVmDisk addVmDisk removeVmDisk setVmDiskResidentInCache updateVmVolume updateIscsiLun
      updateIscsiTarget updateConsistencyGroup moveVmToRecycle recoverVmFromRecycle migrateVmAcrossCluster
      abortMigrateVmAcrossCluster stopVmInCutoverMigration convertVmTemplateFromVm convertVmTemplateToVm`,
  },
  // A namespace of NVMe over Fabrics never holds the data of a VM's volume.
  { kind: "rollback", data: "changes", names: "rollbackNvmfNamespaceFromSnapshot" },
  {
    kind: "rollback",
    data: "replaces",
    // The contract calls the rollback of a consistency group an update of its snapshot, and has no other update of it.
    names: `rollbackVm rollbackVmVolume rollbackIscsiLunFromSnapshot rollbackIscsiLun rollbackConsistencyGroupSnapshot
      rollbackConsistencySnapshotGroup rollbackConsistencyGroup updateConsistencyGroupSnapshot rollbackSnapshotGroup
      backupRestoreVmInPlace`,
  },
];

const table: ReadonlyMap<string, Rule> = new Map(
  rules.flatMap((rule) => rule.names.split(/\s+/).map((name) => [spellingFree(name), rule] as const)),
);

/** The names of tasks that keep the data of all volumes, as CloudTower's API writes them. A filter leaves these out. */
export const harmlessMutations: readonly string[] = rules.flatMap(({ data, names }) =>
  data === "keeps" ? names.split(/\s+/) : [],
);

/** Whether a task is of the kind. False for a name that is not known. */
export function isTaskOf(kind: TaskKind, task: Row<"Task">): boolean {
  return ruleOf(task)?.kind === kind;
}

/** Whether a task may be creating a VM snapshot. True for a name that is not known, which could be anything. */
export function mayCreateSnapshot(task: Row<"Task">): boolean {
  const rule = ruleOf(task);
  return rule === undefined || rule.createsVmSnapshot === true;
}

/** Whether a task says that it creates VM snapshots. False for a name that is not known. */
export function createsVmSnapshot(task: Row<"Task">): boolean {
  return ruleOf(task)?.createsVmSnapshot === true;
}

/** Whether a task may be creating a snapshot of a consistency group. True for a name that is not known. */
export function mayCreateGroupSnapshot(task: Row<"Task">): boolean {
  const rule = ruleOf(task);
  return rule === undefined || rule.createsGroupSnapshot === true;
}

/** Whether a task says that it deletes VM snapshots. */
export function deletesVmSnapshot(task: Row<"Task">): boolean {
  return isMutation(task, "deleteVmSnapshot");
}

/** Whether a task says that it is one of these mutations, whatever its spelling. @param names as CloudTower's API writes them. */
export function isMutation({ resource_mutation: mutation }: Row<"Task">, ...names: readonly string[]): boolean {
  return typeof mutation === "string" && names.some((name) => spellingFree(name) === spellingFree(mutation));
}

/** Whether a task does not say what it does. */
export function isUnnamed({ resource_mutation: mutation }: Row<"Task">): boolean {
  return typeof mutation !== "string" || mutation === "";
}

/** Whether a type of resource is that of VM snapshots. */
export function isVmSnapshotType(type: unknown): boolean {
  return typeof type === "string" && spellingFree(type) === "vmsnapshot";
}

/** Whether a task may have removed disks, NICs or CD-ROM drives of the VM that it acts on. True for a name that is not known. */
export function mayRemoveDevices(task: Row<"Task">): boolean {
  const rule = ruleOf(task);
  return rule === undefined || rule.data !== "keeps" || rule.removesDevices === true;
}

/** What a task does to data, whether or not it succeeded. */
export function dataEffectOf(task: Row<"Task">): DataEffect {
  const rule = ruleOf(task);
  if (rule?.editsVm === true && editsOnlySettings(task.args)) return "keeps";
  return rule?.data ?? "unknown";
}

/** The names in every spelling that CloudTower may write. */
export function inAllSpellings(names: readonly string[]): string[] {
  const spellings = names.flatMap((name) => {
    const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    return [name, name.charAt(0).toUpperCase() + name.slice(1), snake, snake.toUpperCase(), snake.replaceAll("_", "-")];
  });
  return [...new Set(spellings)];
}

/** What an edit of a VM can set without touching a disk. */
const SETTINGS = new Set(
  "name description vcpu cpu cores sockets cpu_cores cpu_sockets memory memory_unit ha ha_priority".split(" "),
);

/** Whether the arguments of an edit say that it sets such settings, and nothing else. */
function editsOnlySettings(args: unknown): boolean {
  if (typeof args !== "object" || args === null) return false;
  const { where: _, data, ...others } = args as Record<string, unknown>;
  return Object.keys(others).length === 0 && hasOnlySettings(data);
}

function hasOnlySettings(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  const isSetting = ([key, item]: [string, unknown]) =>
    SETTINGS.has(key) && (typeof item !== "object" || item === null || hasOnlySettings(item));
  return entries.length > 0 && entries.every(isSetting);
}

function ruleOf({ resource_mutation: mutation }: Row<"Task">): Rule | undefined {
  return typeof mutation === "string" ? table.get(spellingFree(mutation)) : undefined;
}

/** `rollbackVm`, `ROLLBACK_VM` and `rollback-vm` are one name. */
function spellingFree(name: string): string {
  return name.replace(/[_\s-]/g, "").toLowerCase();
}
