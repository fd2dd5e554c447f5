import type { Simulator, SimulatorOptions } from "../../../src/simulator/simulator.js";
import type { Entity } from "../../../src/upstream/wire/types.js";
import { startGateway, type TestGateway } from "../../support/gateway.js";

/**
 * A gateway over many small sites, each with one object of every type. Every relation leads to objects of the same site, so that a
 * wrong match is detected.
 *
 * An id consists of the type's name and the site's number, such as `AVm-0007`, and sorts before all other ids.
 */
export async function startManySites(
  sites: number,
  { simulator, env }: { readonly simulator?: SimulatorOptions; readonly env?: Record<string, string> } = {},
): Promise<TestGateway> {
  const gateway = await startGateway({
    simulator: { vms: 0, ...simulator },
    env: { UPSTREAM_ROWS_PER_CALL: "10000", ...env },
  });
  for (let site = 0; site < sites; site += 1) addSite(gateway.simulator, site);
  // The version is read before a filter by what not every CloudTower has: once, and not by the queries of the test.
  await gateway.data("{ gateway { upstreamVersion } }");
  gateway.simulator.calls.clear();
  return gateway;
}

/** The id of an object of a site. */
export function idIn(site: number, kind: string): string {
  return `A${kind}-${String(site).padStart(4, "0")}`;
}

/** The site that an id, a global id or an id in ZBS belongs to. */
export function siteOf(id: string): number {
  return Number(/-(\d{4})(?!\d)/.exec(id)?.[1] ?? Number.NaN);
}

function addSite({ control }: Simulator, site: number): void {
  const id = (kind: string) => idIn(site, kind);
  const label = id("Label");
  const add = (entity: Entity, values: Record<string, unknown>, kind: string = entity) =>
    control.insert(entity, { id: id(kind), ...values });
  const labels = [label];
  const local_created_at = "2026-01-01T00:00:00.000Z";
  const cluster = id("Cluster");
  const [vm, volume, lun, target] = [id("Vm"), id("VmVolume"), id("IscsiLun"), id("IscsiTarget")];
  const [group, groupSnapshot, namespace] = [id("Group"), id("GroupSnapshot"), id("Namespace")];

  add("Label", { key: "site", value: String(site), createdAt: local_created_at });
  add("Cluster", { name: cluster, labels });
  add("Host", { name: id("Host"), cluster, labels });
  add("User", { name: id("User"), username: id("User"), source: "LOCAL" });
  add("VmFolder", { name: id("VmFolder"), cluster });
  add("Vds", { name: id("Vds"), cluster });
  add("Vlan", { name: id("Vlan"), vds: id("Vds"), labels });
  add("ElfImage", { name: id("ElfImage"), cluster, local_id: id("image"), labels, local_created_at });
  add("ElfStoragePolicy", { name: id("ElfStoragePolicy"), cluster, local_id: `${cluster}:${id("policy")}` });
  const plans = { snapshot_plans: [id("SnapshotPlan")] };
  const planned = { snapshot_plan: id("SnapshotPlan"), backup_plans: [id("BackupPlan")] };
  add("Vm", { name: vm, cluster, host: id("Host"), folder: id("VmFolder"), labels, local_created_at, ...planned });
  add("ConsistencyGroup", { name: group, cluster, labels, local_created_at }, "Group");
  add("IscsiTarget", { name: target, cluster, labels });
  add("IscsiLun", {
    ...{ name: lun, iscsi_target: target, labels, local_created_at, consistency_group: group },
    ...{ zbs_volume_id: id("zbs"), ...plans, replication_plans: [id("ReplicationPlan")] },
  });
  add("VmVolume", { name: volume, cluster, lun, local_id: id("volume"), labels, local_created_at });
  add("VmDisk", { type: "DISK", vm, vm_volume: volume, elf_image: id("ElfImage") });
  add("VmNic", { vm, vlan: id("Vlan"), mac_address: mac(site), local_id: id("nic") });
  add(
    "NvmfNamespace",
    nvmf({ name: namespace, consistency_group: group, zbs_volume_id: id("nvmezbs"), ...plans }),
    "Namespace",
  );

  add(
    "ConsistencyGroupSnapshot",
    { name: groupSnapshot, consistency_group: group, labels, local_created_at },
    "GroupSnapshot",
  );
  const snapshot_group = id("SnapshotGroup");
  const lunSnapshot = {
    snapshot_group,
    iscsi_lun: lun,
    iscsi_target: target,
    labels,
    consistency_group_snapshot: groupSnapshot,
  };
  add("IscsiLunSnapshot", {
    ...{ ...lunSnapshot, name: id("frozen"), local_id: id("frozenzbs") },
    local_created_at: "2026-01-02T00:00:00.000Z",
  });
  add("IscsiLunSnapshot", { ...lunSnapshot, name: id("older"), local_id: id("olderzbs"), local_created_at }, "Older");
  add(
    "NvmfNamespaceSnapshot",
    nvmf({
      ...{ name: id("NamespaceSnapshot"), nvmf_namespace: namespace, consistency_group_snapshot: groupSnapshot },
      ...{ local_id: id("nvmefrozenzbs"), snapshot_group },
    }),
    "NamespaceSnapshot",
  );
  add("VmVolumeSnapshot", {
    ...{ name: id("VmVolumeSnapshot"), cluster, vm_volume: volume, labels, local_created_at },
    ...{ local_id: id("volumesnapshot"), zbs_snapshot_uuid: id("frozenzbs") },
  });
  add("VmSnapshot", {
    ...{ name: id("VmSnapshot"), cluster, vm, labels, local_created_at, vm_nics: [], snapshot_group },
    vm_disks: [
      {
        ...{
          boot: 0,
          bus: "VIRTIO",
          index: 0,
          path: "",
          size: 2 ** 40,
          storage_policy_uuid: id("policy"),
          svt_image_local_id: "",
        },
        ...{ type: "DISK", snapshot_local_id: id("frozen"), vm_volume_local_id: id("volume") },
        ...{ elf_image_local_id: id("image"), vm_volume_snapshot_uuid: id("volumesnapshot") },
      },
    ],
  });
  const task = { cluster, user: id("User"), local_created_at, status: "SUCCESSED" };
  add("Task", { ...task, resource_id: vm, resource_type: "VM", resource_mutation: "updateVm" }, "Task");
  const creation = { resource_type: "VM_SNAPSHOT", resource_mutation: "createVmSnapshot" };
  add("Task", { ...task, ...creation, resource_id: id("VmSnapshot") }, "Tasksnapshot");

  addPlans(add, id);

  function nvmf(values: Record<string, unknown>) {
    return { nvmf_subsystem: { id: id("subsystem"), name: "subsystem" }, labels, local_created_at, ...values };
  }
}

/** Plans of a site, with what they have made. */
function addPlans(add: (entity: Entity, values: Record<string, unknown>) => void, id: (kind: string) => string): void {
  const [cluster, vm, lun] = [id("Cluster"), id("Vm"), id("IscsiLun")];
  const service = { id: id("service"), name: "service" };
  add("SnapshotPlan", { name: id("SnapshotPlan"), cluster });
  const [snapshotPlanTask, snapshotGroup] = [id("SnapshotPlanTask"), id("SnapshotGroup")];
  add("SnapshotPlanTask", { cluster, snapshotPlan: id("SnapshotPlan"), snapshotGroup });
  add("SnapshotGroup", { name: snapshotGroup, cluster, snapshotPlanTask });
  const sizes = { logical_size: 1, physical_size: 1, valid_size_of_backup_object: 1, valid_size_of_restore_point: 1 };
  add("BackupPlan", { name: id("BackupPlan"), backup_service: service, backup_store_repository: service, ...sizes });
  const [backup_target_execution, backup_restore_point] = [id("BackupTargetExecution"), id("BackupRestorePoint")];
  add("BackupTargetExecution", { vm, backup_restore_point });
  add("BackupRestorePoint", { vm, backup_target_execution, backup_plan: id("BackupPlan") });
  const replication_plan = id("ReplicationPlan");
  const target = { target_cluster: cluster, target_replication_service: { id: service.id } };
  add("ReplicationPlan", { name: replication_plan, vms: [vm], ...target });
  const ends = { origin_vm: vm, vm, failover_test_vm: vm, origin_iscsi_lun: lun, iscsi_lun: lun };
  add("ReplicaVm", { replication_plan, replication_service: { id: service.id }, ...ends });
}

function mac(site: number): string {
  return `52:54:00:00:${(site >> 8).toString(16).padStart(2, "0")}:${(site & 255).toString(16).padStart(2, "0")}`;
}
