import type { StoredRow, Values } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Builder } from "./builder.js";
import { type Frozen, frozenConfiguration, sizeOf } from "./freeze.js";
import { lineageOf } from "./lineage.js";

/** Adds a VM snapshot with the configuration of the VM. Without `frozen`, its disks and NICs are null. */
export function addSnapshot(
  { store, random }: Builder,
  plan: { vm: StoredRow; name: string; consistency: string; at: number; frozen?: Frozen; status?: string },
): StoredRow {
  const { vm, frozen } = plan;
  return store.insert(
    "VmSnapshot",
    {
      id: random.id(),
      ...frozenConfiguration(vm),
      consistent_type: plan.consistency,
      description: "",
      entityAsyncStatus: plan.status ?? null,
      local_created_at: iso(plan.at),
      local_id: random.uuid(),
      name: plan.name,
      size: frozen ? sizeOf(frozen) : 0,
      vm: vm.id,
      vm_disks: frozen?.disks ?? null,
      vm_nics: frozen?.nics ?? null,
    },
    vm.scope,
  );
}

/** Adds the LUN snapshots that hold the data of a VM snapshot. */
export function addLunSnapshots(builder: Builder, frozen: Frozen, at: number): void {
  for (const part of frozen.diskData) {
    const lun = builder.store.get("IscsiLun", part.volume.values.lun);
    if (!lun || part.lunSnapshotName === null) continue;
    const row = addLunSnapshot(builder, lun, part.lunSnapshotName, at, part.zbsId);
    builder.store.patch(row, { $lineage: part.lineage });
  }
}

/** The redundancy of a LUN or a namespace, which its snapshots have as well. */
export function redundancyOf({ values }: StoredRow): Values {
  return { resiliency_type: values.resiliency_type, ec_k: values.ec_k, ec_m: values.ec_m };
}

/** Adds one LUN snapshot. */
export function addLunSnapshot(builder: Builder, lun: StoredRow, name: string, at: number, zbsId?: string): StoredRow {
  const { store, random } = builder;
  return store.insert(
    "IscsiLunSnapshot",
    {
      id: random.id(),
      ...redundancyOf(lun),
      iscsi_lun: lun.id,
      iscsi_target: lun.values.iscsi_target,
      local_created_at: iso(at),
      local_id: zbsId ?? random.uuid(),
      name,
      unique_size: Math.floor(Number(lun.values.unique_size) * 0.1),
      $lineage: lineageOf(lun),
    },
    lun.scope,
  );
}

/** Adds the volume snapshots of a VM snapshot: the second path from a frozen disk to ZBS. */
export function addVolumeSnapshots(builder: Builder, frozen: Frozen, name: string, at: number): void {
  for (const { volume, lunSnapshotName, zbsId, volumeSnapshotUuid } of frozen.diskData) {
    const plan = { volume, name: `${name}-${volume.values.name}`, at, localId: volumeSnapshotUuid };
    addVolumeSnapshot(builder, { ...plan, zbsId: lunSnapshotName === null ? null : zbsId });
  }
}

/** Adds one volume snapshot. */
export function addVolumeSnapshot(
  { store, random }: Builder,
  plan: {
    volume: StoredRow;
    name: string;
    at: number;
    localId: string;
    zbsId: string | null;
    status?: string;
    description?: string;
  },
): StoredRow {
  const { values, scope } = plan.volume;
  const size = Number(values.unique_size) * 0.1;
  return store.insert(
    "VmVolumeSnapshot",
    {
      id: random.id(),
      cluster: values.cluster,
      createAt: iso(plan.at),
      description: plan.description ?? "",
      elf_storage_policy: values.elf_storage_policy,
      elf_storage_policy_ec_k: values.elf_storage_policy_ec_k,
      elf_storage_policy_ec_m: values.elf_storage_policy_ec_m,
      elf_storage_policy_replica_num: values.elf_storage_policy_replica_num,
      elf_storage_policy_stripe_num: values.elf_storage_policy_stripe_num,
      elf_storage_policy_thin_provision: values.elf_storage_policy_thin_provision,
      entityAsyncStatus: plan.status ?? null,
      local_created_at: iso(plan.at),
      local_id: plan.localId,
      name: plan.name,
      resident_in_cache: values.resident_in_cache,
      shared_size: 0,
      size,
      type: plan.zbsId === null ? "KVM_VOLUME_SNAPSHOT" : "KVM_VOLUME_ISCSI_SNAPSHOT",
      unique_size: size,
      vm_volume: plan.volume.id,
      volume_sharing: values.sharing,
      volume_size: values.size,
      zbs_snapshot_uuid: plan.zbsId,
    },
    scope,
  );
}
