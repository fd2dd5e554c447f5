import type { Store, StoredRow, Values } from "../store/store.js";
import type { Builder } from "./builder.js";
import { disksOf, nicsOf } from "./devices.js";
import { lineageOf } from "./lineage.js";

/** Disks and NICs of a VM at one moment, with everything that is needed to rebuild them. */
export interface Frozen {
  readonly disks: readonly Values[];
  readonly nics: readonly Values[];
  readonly diskData: readonly DiskData[];
}

/** Identifiers of the volume snapshot and the LUN snapshot that hold the data of one frozen disk. */
export interface DiskData {
  readonly volume: StoredRow;
  /** Name of the LUN snapshot; null if the volume has no LUN. */
  readonly lunSnapshotName: string | null;
  /** Id of the snapshot in ZBS. */
  readonly zbsId: string;
  /** `local_id` of the volume snapshot. */
  readonly volumeSnapshotUuid: string;
  /** Lineage of the frozen data; undefined if the volume has no LUN. */
  readonly lineage: string | undefined;
}

/** Freezes disks and NICs. Assigns identifiers; rows are added by `addLunSnapshots` and `addVolumeSnapshots`. */
export function freeze({ store, random }: Builder, vm: StoredRow): Frozen {
  const diskData: DiskData[] = [];
  const disks = disksOf(store, vm).map((disk, index) => {
    const volume = store.get("VmVolume", disk.values.vm_volume);
    if (volume === undefined) return frozenDisk(store, disk, index, undefined, undefined);
    const lun = store.get("IscsiLun", volume.values.lun);
    const data: DiskData = {
      volume,
      lunSnapshotName: lun ? random.uuid() : null,
      zbsId: random.uuid(),
      volumeSnapshotUuid: random.uuid(),
      lineage: lun && lineageOf(lun),
    };
    diskData.push(data);
    return frozenDisk(store, disk, index, volume, data);
  });
  return { disks, nics: nicsOf(store, vm).map((nic, index) => frozenNic(store, nic, index)), diskData };
}

/** Total size of the data of all frozen disks, in bytes. */
export function sizeOf(frozen: Frozen): number {
  return frozen.diskData.reduce((sum, { volume }) => sum + Math.floor(Number(volume.values.unique_size) * 0.1), 0);
}

/** The fields that a VM and its snapshot have in common. */
export function frozenConfiguration(vm: StoredRow): Values {
  return Object.fromEntries(configurationFields.map((field) => [field, vm.values[field]]));
}

const configurationFields = [
  "clock_offset",
  "cluster",
  "cpu",
  "cpu_model",
  "firmware",
  "ha",
  "ha_priority",
  "io_policy",
  "max_bandwidth",
  "max_bandwidth_policy",
  "max_iops",
  "max_iops_policy",
  "memory",
  "vcpu",
  "win_opt",
];

function frozenDisk(
  store: Store,
  disk: StoredRow,
  index: number,
  volume: StoredRow | undefined,
  data: DiskData | undefined,
): Values {
  const image = store.get("ElfImage", disk.values.elf_image);
  return {
    boot: disk.values.boot,
    bus: disk.values.bus,
    disabled: disk.values.disabled,
    disk_name: volume?.values.name ?? "",
    elf_image_local_id: image?.values.local_id ?? "",
    image_name: image?.values.name ?? null,
    index,
    key: disk.values.key,
    max_bandwidth: disk.values.max_bandwidth,
    max_bandwidth_policy: disk.values.max_bandwidth_policy,
    max_iops: disk.values.max_iops,
    max_iops_policy: disk.values.max_iops_policy,
    resident_in_cache: volume?.values.resident_in_cache ?? false,
    path: volume?.values.path ?? image?.values.path ?? "",
    size: volume?.values.size ?? image?.values.size ?? 0,
    snapshot_local_id: data?.lunSnapshotName ?? (volume ? null : ""),
    storage_policy_uuid: volume ? policyUuid(store, volume) : "",
    svt_image_local_id: "",
    type: disk.values.type,
    vm_volume_local_id: volume?.values.local_id ?? "",
    vm_volume_snapshot_uuid: data?.volumeSnapshotUuid ?? null,
    vm_volume_template_uuid: null,
  };
}

/** The end of the policy's `local_id`, after the id of its cluster. */
function policyUuid(store: Store, { values }: StoredRow): string {
  const policies = [...store.referrers("ElfStoragePolicy", "cluster", String(values.cluster))];
  const replicas = String(values.elf_storage_policy).includes("_3_") ? 3 : 2;
  const policy = policies.find((candidate) => candidate.values.replica_num === replicas);
  return String(policy?.values.local_id ?? "").replace(/^.*:/, "");
}

function frozenNic(store: Store, { values }: StoredRow, index: number): Values {
  const vlan = store.get("Vlan", values.vlan);
  const vds = store.get("Vds", vlan?.values.vds);
  return {
    enabled: values.enabled,
    gateway: values.gateway ?? "",
    index,
    ip_address: values.ip_address ?? "",
    mac_address: values.mac_address ?? "",
    mirror: values.mirror,
    model: values.model,
    subnet_mask: values.subnet_mask ?? "",
    vlan: {
      name: vlan?.values.name ?? "",
      network_ids: vlan?.values.network_ids ?? [],
      vds_ovs: vds?.values.ovsbr_name ?? "",
      vlan_id: vlan?.values.vlan_id ?? 0,
      vlan_local_id: vlan?.values.local_id ?? "",
    },
  };
}
