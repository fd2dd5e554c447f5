import { emptyToNull } from "../../graph/model/codec.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { FrozenDisk } from "../snapshot-data/snapshot-data.js";
import { MAX_NAME_LENGTH } from "../writes/check-name.js";

/**
 * The hashed document of a manifest.
 *
 * It has only what CloudTower never changes after the snapshot: no sizes of shared data, no labels, no names of VM or cluster, and no
 * links to VM or LUN, which become null once those are gone.
 */
export const manifestDocument = { version: 1, build: buildDocument } as const;

function buildDocument(snapshot: VmSnapshot, disks: readonly FrozenDisk[]): object {
  const { row } = snapshot;
  return {
    version: manifestDocument.version,
    snapshot: {
      id: row.id,
      localId: emptyToNull(row.local_id),
      name: snapshot.name,
      consistency: snapshot.consistency,
      createdAt: snapshot.createdAt,
      clusterId: row.cluster?.id ?? null,
    },
    vm: {
      vcpuCount: snapshot.vcpuCount,
      cpu: { cores: row.cpu?.cores ?? null, sockets: row.cpu?.sockets ?? null },
      cpuModel: emptyToNull(row.cpu_model),
      memoryBytes: snapshot.memoryBytes,
      firmware: snapshot.firmware,
      highAvailability: snapshot.highAvailability,
      clockOffset: row.clock_offset ?? null,
      windowsOptimized: row.win_opt ?? null,
      ioPolicy: row.io_policy ?? null,
      maxBandwidthBytesPerSecond: row.max_bandwidth ?? null,
      maxBandwidthPolicy: row.max_bandwidth_policy ?? null,
      maxIops: row.max_iops ?? null,
      maxIopsPolicy: row.max_iops_policy ?? null,
    },
    disks: disks.map(diskOf).toSorted(byIndex),
    nics: (row.vm_nics ?? []).map(nicOf).toSorted(byIndex),
    rebuildInput: rebuildInput(snapshot),
  };
}

function diskOf({ disk, lunSnapshot }: FrozenDisk) {
  const { row } = disk;
  return {
    index: row.index ?? null,
    type: row.type ?? null,
    bus: row.bus ?? null,
    boot: row.boot ?? null,
    key: row.key ?? null,
    name: emptyToNull(row.disk_name),
    sizeBytes: row.size ?? null,
    disabled: row.disabled ?? null,
    path: emptyToNull(row.path),
    imageLocalId: emptyToNull(row.elf_image_local_id),
    imageName: emptyToNull(row.image_name),
    svtImageLocalId: emptyToNull(row.svt_image_local_id),
    storagePolicyUuid: emptyToNull(row.storage_policy_uuid),
    maxBandwidthBytesPerSecond: row.max_bandwidth ?? null,
    maxBandwidthPolicy: row.max_bandwidth_policy ?? null,
    maxIops: row.max_iops ?? null,
    maxIopsPolicy: row.max_iops_policy ?? null,
    volumeLocalId: emptyToNull(row.vm_volume_local_id),
    volumeSnapshotUuid: emptyToNull(row.vm_volume_snapshot_uuid),
    volumeTemplateUuid: emptyToNull(row.vm_volume_template_uuid),
    lunSnapshot:
      lunSnapshot === null
        ? null
        : { id: lunSnapshot.row.id, name: lunSnapshot.row.name ?? null, zbsId: emptyToNull(lunSnapshot.row.local_id) },
  };
}

type FrozenNic = NonNullable<VmSnapshot["row"]["vm_nics"]>[number];

function nicOf(nic: FrozenNic) {
  return {
    index: nic.index ?? null,
    macAddress: emptyToNull(nic.mac_address),
    model: nic.model ?? null,
    enabled: nic.enabled ?? null,
    mirror: nic.mirror ?? null,
    ipAddress: emptyToNull(nic.ip_address),
    subnetMask: emptyToNull(nic.subnet_mask),
    gateway: emptyToNull(nic.gateway),
    vlan: {
      name: emptyToNull(nic.vlan?.name),
      vlanId: nic.vlan?.vlan_id ?? null,
      vlanLocalId: emptyToNull(nic.vlan?.vlan_local_id),
      networkIds: nic.vlan?.network_ids ?? null,
      vdsOvs: emptyToNull(nic.vlan?.vds_ovs),
    },
  };
}

/** The input of `rebuildVmFromSnapshot` that creates a VM like the frozen one. */
function rebuildInput(snapshot: VmSnapshot): object {
  return {
    snapshotId: snapshot.id,
    name: `${snapshot.name}-rebuilt`.slice(-MAX_NAME_LENGTH),
    vcpuCount: snapshot.vcpuCount,
    cpuCores: snapshot.row.cpu?.cores ?? null,
    cpuSockets: snapshot.row.cpu?.sockets ?? null,
    memoryBytes: snapshot.memoryBytes,
    firmware: snapshot.firmware === "UNKNOWN" ? null : snapshot.firmware,
    highAvailability: snapshot.highAvailability,
  };
}

/** A stable order: CloudTower may list them in a different order on each read. */
function byIndex(a: { index: number | null }, b: { index: number | null }): number {
  return (a.index ?? -1) - (b.index ?? -1) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
