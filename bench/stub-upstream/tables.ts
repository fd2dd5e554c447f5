import { createHash } from "node:crypto";
import { contractVersion, entities } from "../../src/upstream/wire/contract.js";
import type { Entity, Row } from "../../src/upstream/wire/types.js";

/** One object for filters, and its JSON. */
export interface StoredRow {
  readonly row: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly json: string;
}

/** All objects of one entity, ordered by id. */
export interface Table {
  readonly rows: readonly StoredRow[];
  readonly byId: ReadonlyMap<string, StoredRow>;
}

/** Tables by entity. Entities that the benchmark does not need are missing. */
export type Tables = ReadonlyMap<Entity, Table>;

const GiB = 2 ** 30;
const CREATED_AT = "2026-03-01T08:00:00.000Z";
const CLUSTER = { id: cuid("cluster", 0), name: "cluster-production-01" };
const HOST = { id: cuid("host", 0), name: "node-01-production", management_ip: "192.0.2.11" };
const TARGET = { id: cuid("target", 0), name: "zbs-iscsi-datastore-1577156853720n" };

/**
 * Creates `vmCount` VMs, each with a CD-ROM and two data disks with a volume and a LUN each, and `snapshotCount` snapshots of two disks
 * with their LUN snapshots: full-size objects with all fields of the contract, serialized once. Ids look random, so the order of rows is
 * unrelated to that of their parents.
 */
export function createTables(vmCount: number, snapshotCount: number): Tables {
  const vms: Row<"Vm">[] = [];
  const disks: Row<"VmDisk">[] = [];
  const volumes: Row<"VmVolume">[] = [];
  const luns: Row<"IscsiLun">[] = [];
  const snapshots: Row<"VmSnapshot">[] = [];
  const lunSnapshots: Row<"IscsiLunSnapshot">[] = [];

  for (let vmIndex = 0; vmIndex < vmCount; vmIndex++) {
    const vm = { id: cuid("vm", vmIndex), name: `vm-production-${String(vmIndex).padStart(5, "0")}` };
    const cdRom = makeCdRom(vm, vmIndex);
    const vmDisks = [cdRom];
    for (const slot of [1, 2]) {
      const lun = makeLun(`${vm.name}-${slot}`, vmIndex * 2 + slot);
      const diskId = cuid("disk", vmIndex * 3 + slot);
      const volume = makeVolume(`${vm.name}-${slot}`, vmIndex * 2 + slot, lun, diskId);
      luns.push(lun);
      volumes.push(volume);
      vmDisks.push(makeDisk(diskId, vm, slot, volume));
    }
    disks.push(...vmDisks);
    vms.push(makeVm(vm, vmIndex, vmDisks));

    if (vmIndex < snapshotCount) {
      const ownVolumes = volumes.slice(-2);
      const ownLunSnapshots = luns.slice(-2).map((lun) => makeLunSnapshot(lun));
      lunSnapshots.push(...ownLunSnapshots);
      snapshots.push(makeSnapshot(vm, vmIndex, ownVolumes, ownLunSnapshots));
    }
  }

  // Not whole: LUN snapshots are only filtered by the cluster of their target.
  const target = { ...TARGET, cluster: CLUSTER };
  return new Map<Entity, Table>([
    ["Vm", makeTable(vms)],
    ["VmDisk", makeTable(disks)],
    ["VmVolume", makeTable(volumes)],
    ["IscsiLun", makeTable(luns)],
    ["VmSnapshot", makeTable(snapshots)],
    ["IscsiLunSnapshot", makeTable(lunSnapshots)],
    ["IscsiTarget", makeTable([target])],
    ["Deploy", makeTable([filled("Deploy", { id: cuid("deploy", 0), version: contractVersion })])],
  ]);
}

function makeVm(stub: { id: string; name: string }, index: number, disks: readonly Row<"VmDisk">[]): Row<"Vm"> {
  return filled("Vm", {
    ...stub,
    bios_uuid: uuid("bios", index),
    clock_offset: "UTC",
    cluster: CLUSTER,
    cpu: { cores: 4, sockets: 1 },
    cpu_model: "cluster_default",
    cpu_usage: (index % 97) + 0.123456789,
    firmware: "BIOS",
    guest_os_type: "LINUX",
    guest_size_usage: 41.234567,
    guest_used_size: 12 * GiB + index,
    host: HOST,
    hostname: `${stub.name}.example.internal`,
    io_policy: "RESTRICT_EACH_DISK",
    ips: `192.0.2.${index % 250},198.51.100.${index % 250}`,
    kernel_info: "5.14.0-427.13.1.el9_4.x86_64",
    labels: [{ id: cuid("label", index % 10), key: "department", value: "finance" }],
    local_id: uuid("vm", index),
    logical_size_bytes: 80 * GiB,
    memory: (4 + (index % 4) * 4) * GiB,
    memory_usage: 37.5432,
    node_ip: HOST.management_ip,
    os: "Rocky Linux 9.4 (Blue Onyx)",
    provisioned_size: 80 * GiB,
    size: 80 * GiB,
    status: index % 5 === 4 ? "STOPPED" : "RUNNING",
    unique_logical_size: 20 * GiB,
    unique_size: 40 * GiB,
    used_size: 24 * GiB,
    used_size_usage: 30.123,
    video_type: "VGA",
    vm_disks: disks.map((disk) => ({ id: disk.id })),
    vm_nics: [{ id: cuid("nic", index) }],
    vm_tools_status: "RUNNING",
    vm_tools_version: "4.1.0",
  });
}

function makeDisk(id: string, vm: { id: string; name: string }, slot: number, volume: Row<"VmVolume">): Row<"VmDisk"> {
  return filled("VmDisk", {
    id,
    boot: slot,
    bus: "VIRTIO",
    device: `vd${"xab"[slot]}`,
    disabled: false,
    key: slot,
    serial: id.slice(0, 20),
    type: "DISK",
    vm,
    vm_volume: { id: volume.id, name: volume.name ?? "" },
  });
}

function makeCdRom(vm: { id: string; name: string }, vmIndex: number): Row<"VmDisk"> {
  return filled("VmDisk", {
    id: cuid("disk", vmIndex * 3),
    boot: 0,
    bus: "IDE",
    device: "hda",
    disabled: false,
    elf_image: { id: cuid("image", 0), name: "Rocky-9.4-x86_64-dvd.iso" },
    key: 0,
    type: "CD_ROM",
    vm,
  });
}

function makeVolume(name: string, index: number, lun: Row<"IscsiLun">, diskId: string): Row<"VmVolume"> {
  return filled("VmVolume", {
    id: cuid("volume", index),
    cluster: CLUSTER,
    elf_storage_policy: "REPLICA_2_THIN_PROVISION",
    guest_size_usage: 41.234567,
    guest_used_size: 6 * GiB,
    local_id: uuid("volume", index),
    lun: { id: lun.id, name: lun.name ?? "" },
    mounting: true,
    name,
    path: `iscsi://iqn.2016-02.com.smartx:system:${TARGET.name}/${index % 255}`,
    size: 40 * GiB,
    type: "KVM_VOLUME",
    unique_logical_size: 10 * GiB,
    unique_size: 20 * GiB,
    used_size: 12 * GiB,
    used_size_usage: 30.123,
    vm_disks: [{ id: diskId }],
  });
}

function makeLun(name: string, index: number): Row<"IscsiLun"> {
  return filled("IscsiLun", {
    id: cuid("lun", index),
    allowed_initiators: "*/*",
    assigned_size: 40 * GiB,
    iscsi_target: TARGET,
    local_id: uuid("lun", index),
    lun_id: index % 255,
    name,
    replica_num: 2,
    stripe_num: 4,
    stripe_size: 262144,
    thin_provision: true,
    unique_logical_size: 10 * GiB,
    unique_size: 20 * GiB,
    zbs_volume_id: uuid("zbs-volume", index),
  });
}

function makeLunSnapshot(lun: Row<"IscsiLun">): Row<"IscsiLunSnapshot"> {
  return filled("IscsiLunSnapshot", {
    id: cuid("lun-snapshot", lun.id),
    iscsi_lun: { id: lun.id, name: lun.name ?? "" },
    iscsi_target: TARGET,
    local_id: uuid("zbs-snapshot", lun.id),
    name: uuid("lun-snapshot", lun.id),
    unique_size: GiB,
  });
}

function makeSnapshot(
  vm: { id: string; name: string },
  index: number,
  volumes: readonly Row<"VmVolume">[],
  lunSnapshots: readonly Row<"IscsiLunSnapshot">[],
): Row<"VmSnapshot"> {
  return filled("VmSnapshot", {
    id: cuid("snapshot", index),
    clock_offset: "UTC",
    cluster: CLUSTER,
    consistent_type: "CRASH_CONSISTENT",
    cpu: { cores: 4, sockets: 1 },
    cpu_model: "cluster_default",
    firmware: "BIOS",
    local_id: uuid("snapshot", index),
    memory: 4 * GiB,
    name: `backup-${vm.name}`,
    size: 80 * GiB,
    vm,
    vm_disks: volumes.map((volume, slot) => ({
      boot: slot + 1,
      bus: "VIRTIO",
      disabled: false,
      disk_name: null,
      elf_image_local_id: "",
      image_name: null,
      index: slot,
      key: slot + 1,
      max_bandwidth: null,
      max_bandwidth_policy: null,
      max_iops: null,
      max_iops_policy: null,
      path: volume.path ?? "",
      size: volume.size ?? 0,
      snapshot_local_id: lunSnapshots[slot]?.name ?? null,
      storage_policy_uuid: uuid("policy", 0),
      svt_image_local_id: "",
      type: "DISK",
      vm_volume_local_id: volume.local_id ?? "",
      vm_volume_snapshot_uuid: uuid("volume-snapshot", volume.id),
      vm_volume_template_uuid: null,
    })),
    vm_nics: [],
  });
}

/** A row with all fields of the contract. Missing ones are null if the contract allows it, or else an empty value. */
export function filled<E extends Entity>(entity: E, given: Row<E>): Row<E> {
  const row: Record<string, unknown> = {};
  const known: Readonly<Record<string, unknown>> = { ...given };
  for (const [field, kind] of Object.entries(entities[entity].fields)) {
    row[field] = known[field] ?? plainValue(`${entity}.${field}`, kind);
  }
  return { ...row, id: given.id } as Row<E>;
}

function plainValue(name: string, kind: string): unknown {
  if (kind.startsWith("many") || kind.startsWith("list") || kind.startsWith("json [")) return [];
  if (!kind.endsWith("!")) return null;
  switch (kind.slice(0, -1)) {
    case "string":
      return "";
    case "date":
      return CREATED_AT;
    case "boolean":
      return false;
    case "int32":
    case "int64":
    case "double":
      return 0;
    default:
      throw new Error(`${name} is required (${kind}), but the stub has no value for it`);
  }
}

function makeTable(rows: readonly { readonly id: string }[]): Table {
  const stored = rows
    .map((row): StoredRow => ({ row: { ...row }, json: JSON.stringify(row) }))
    .sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  return { rows: stored, byId: new Map(stored.map((entry) => [entry.row.id, entry])) };
}

/** An id of 25 characters like CloudTower's, the same in every run. */
export function cuid(kind: string, key: number | string): string {
  return `cl${digest(kind, key).slice(0, 23)}`;
}

function uuid(kind: string, key: number | string): string {
  return digest(`${kind} uuid`, key).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

function digest(kind: string, key: number | string): string {
  return createHash("sha1").update(`${kind}/${key}`).digest("hex");
}
