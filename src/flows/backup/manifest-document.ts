import { emptyToNull } from "../../graph/model/codec.js";
import type { VmSnapshot } from "../../resources/vm-snapshot/vm-snapshot.type.js";
import type { FrozenDisk } from "../snapshot-data/snapshot-data.js";
import { usableZbsId } from "./usable-data.js";

/**
 * The hashed document of a manifest: the same bytes for a snapshot on each read, and in each later version of this program.
 *
 * It has only what CloudTower never changes after the snapshot was complete: no sizes of shared data, no labels, no names of VM or
 * cluster, no time of creation, which CloudTower may never have or add later, and no links to VM or LUN, which become null once those are gone. Its values are CloudTower's own: a value that this version
 * does not know, such as a new firmware, is not UNKNOWN here, as a later version would know it. Fields that CloudTower has added since
 * 2.7 are left out: they are absent before an upgrade and there after it (`network_ids` of a VLAN, `resident_in_cache`,
 * `ha_priority`). What is built here must not change unless `version` does.
 */
export const manifestDocument = { version: 1, build: buildDocument } as const;

function buildDocument({ row, id }: VmSnapshot, disks: readonly FrozenDisk[]): unknown {
  return wellFormed({
    version: manifestDocument.version,
    snapshot: {
      id: row.id,
      localId: emptyToNull(row.local_id),
      name: row.name ?? "",
      consistency: row.consistent_type ?? null,
      clusterId: row.cluster?.id ?? null,
    },
    vm: {
      vcpuCount: row.vcpu ?? null,
      cpu: { cores: row.cpu?.cores ?? null, sockets: row.cpu?.sockets ?? null },
      cpuModel: emptyToNull(row.cpu_model),
      memoryBytes: row.memory ?? null,
      firmware: row.firmware ?? null,
      highAvailability: row.ha ?? null,
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
    rebuildInput: {
      snapshotId: id,
      name: rebuiltName(row.name ?? ""),
      vcpuCount: row.vcpu ?? null,
      cpuCores: row.cpu?.cores ?? null,
      cpuSockets: row.cpu?.sockets ?? null,
      memoryBytes: row.memory ?? null,
      highAvailability: row.ha ?? null,
    },
  });
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
    volumeTemplateUuid: emptyToNull(row.vm_volume_template_uuid),
    // CD-ROM drives have none, whatever CloudTower finds under their name.
    lunSnapshot: row.type === "DISK" ? { name: row.snapshot_local_id ?? null, zbsId: usableZbsId(lunSnapshot) } : null,
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
      vdsOvs: emptyToNull(nic.vlan?.vds_ovs),
    },
  };
}

/** Maximum length of the suggested name. Part of the document: it does not follow the limit of `rebuildVmFromSnapshot`. */
const REBUILT_NAME_LENGTH = 255;

/** The end of a long name, without half of a surrogate pair at its beginning. */
function rebuiltName(name: string): string {
  const cut = `${name}-rebuilt`.slice(-REBUILT_NAME_LENGTH);
  return /^[\uDC00-\uDFFF]/.test(cut) ? cut.slice(1) : cut;
}

/** Other tools cut names within a character. Such a half is no Unicode text, which canonical JSON requires: it becomes U+FFFD. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\p{Surrogate}/gu, "\uFFFD");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wellFormed(item)]));
}

/** A stable order: CloudTower may list them in a different order on each read. */
function byIndex(a: { index: number | null }, b: { index: number | null }): number {
  return (a.index ?? -1) - (b.index ?? -1) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
