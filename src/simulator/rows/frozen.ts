/** What a snapshot freezes of a VM: configuration, disks and NICs, each with everything that is needed to rebuild it. */
import type { Store, Stored, Values } from "../store/store.js";
import { disksOf, nicsOf } from "./device.js";
import type { Builder } from "./volume.js";

/** A VM frozen at one moment. */
export interface Frozen {
  readonly disks: readonly Values[];
  readonly nics: readonly Values[];
  readonly parts: readonly Part[];
}

/** The data of one frozen disk. */
export interface Part {
  readonly volume: Stored;
  /** Name of the LUN snapshot; null for a volume without a LUN, which has no LUN snapshot. */
  readonly lunSnapshotName: string | null;
  /** Identifier of the snapshot in ZBS. */
  readonly zbsId: string;
  /** `local_id` of the volume snapshot. */
  readonly volumeSnapshotUuid: string;
}

/** Freezes disks and NICs. Names are chosen here; rows come into being with `addParts`. */
export function freeze({ store, random }: Builder, vm: Stored): Frozen {
  const parts: Part[] = [];
  const disks = disksOf(store, vm).map((disk, index) => {
    const volume = store.get("VmVolume", disk.values.vm_volume);
    if (volume === undefined) return frozenDisk(store, disk, index, undefined, undefined);
    const named = store.get("IscsiLun", volume.values.lun) !== undefined;
    const part: Part = {
      volume,
      lunSnapshotName: named ? random.uuid() : null,
      zbsId: random.uuid(),
      volumeSnapshotUuid: random.uuid(),
    };
    parts.push(part);
    return frozenDisk(store, disk, index, volume, part);
  });
  return { disks, nics: nicsOf(store, vm).map((nic, index) => frozenNic(store, nic, index)), parts };
}

/** What all frozen data disks hold together. */
export function sizeOf(frozen: Frozen): number {
  return frozen.parts.reduce((sum, { volume }) => sum + Math.floor(Number(volume.values.unique_size) * 0.1), 0);
}

/** The configuration that a snapshot keeps of its VM, under the same names. */
export function frozenConfiguration(vm: Stored): Values {
  return Object.fromEntries(copied.map((field) => [field, vm.values[field]]));
}

const copied = [
  "clock_offset",
  "cluster",
  "cpu",
  "cpu_model",
  "firmware",
  "ha",
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
  disk: Stored,
  index: number,
  volume: Stored | undefined,
  part: Part | undefined,
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
    path: volume?.values.path ?? image?.values.path ?? "",
    size: volume?.values.size ?? image?.values.size ?? 0,
    snapshot_local_id: part?.lunSnapshotName ?? (volume ? null : ""),
    storage_policy_uuid: volume ? policyUuid(store, volume) : "",
    svt_image_local_id: "",
    type: disk.values.type,
    vm_volume_local_id: volume?.values.local_id ?? "",
    vm_volume_snapshot_uuid: part?.volumeSnapshotUuid ?? null,
    vm_volume_template_uuid: null,
  };
}

function policyUuid(store: Store, { values }: Stored): unknown {
  const policies = [...store.referrers("ElfStoragePolicy", "cluster", String(values.cluster))];
  const replicas = String(values.elf_storage_policy).includes("_3_") ? 3 : 2;
  return policies.find((policy) => policy.values.replica_num === replicas)?.values.local_id ?? "";
}

function frozenNic(store: Store, { values }: Stored, index: number): Values {
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
