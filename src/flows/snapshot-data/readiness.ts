import { objectList } from "../../kernel/odd-values.js";
import { quote } from "../../kernel/text/global-id.js";
import { shorten } from "../../kernel/text/shorten.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";

/** The data of one frozen disk. */
export interface DiskData {
  /** The LUN snapshot that holds it; an Error if its name is not unique; undefined for a CD-ROM drive, or if there is none. */
  readonly lunSnapshot: Row<"IscsiLunSnapshot"> | Error | undefined;
  /** The volume snapshot, a second path to the same data; undefined if there is none. */
  readonly volumeSnapshot: Row<"VmVolumeSnapshot"> | undefined;
}

/**
 * Why a snapshot with this row is not usable, apart from its tasks and LUN snapshots; empty if nothing is missing. Covers everything that
 * a manifest reads: what CloudTower always has of a complete snapshot must be there.
 */
export function reasonsInRow(row: Row<"VmSnapshot">): NotReadyReason[] {
  const reasons: NotReadyReason[] = [];
  if (row.entityAsyncStatus) reasons.push(new NotReadyReason("CHANGING", `it is ${shown(row.entityAsyncStatus)}`));
  const unknown = CONFIGURATION.filter((column) => isAbsent(row[column])).map((column) => NAMES[column] ?? column);
  if (!row.cluster?.id) unknown.push("cluster");
  if (!isRealId(row.local_id)) unknown.push("local id");
  if (!row.local_created_at) unknown.push("time of creation");
  if (unknown.length > 0) {
    reasons.push(new NotReadyReason("CONFIGURATION_UNKNOWN", `not known yet: ${unknown.join(", ")}`));
  }
  const disks = objectList(row.vm_disks);
  if (disks === null) reasons.push(new NotReadyReason("DISKS_UNKNOWN", "its disks are not known yet"));
  const nics = objectList(row.vm_nics);
  if (nics === null || nics.some((nic) => NIC.some((column) => isAbsent(nic[column])))) {
    reasons.push(new NotReadyReason("NICS_UNKNOWN", "its NICs are not known yet"));
  }
  return reasons;
}

/** Why a snapshot whose row is complete is not usable; empty if the data of each disk can be reached. */
export function reasonsInData(row: Row<"VmSnapshot">, data: readonly DiskData[]): NotReadyReason[] {
  return (row.vm_disks ?? []).flatMap((disk, position) => reasonsOfDisk(disk, position, data[position]));
}

/** Why a snapshot with this row cannot be restored, if its row says so. */
export function incompleteRow(row: Row<"VmSnapshot">): NotReadyReason | undefined {
  return reasonsInRow(row).find(({ code }) => code === "CHANGING" || code === "DISKS_UNKNOWN");
}

/** Whether two ids in ZBS are known and differ. */
export function differInZbs(one: string | null | undefined, other: string | null | undefined): boolean {
  return isRealId(one) && isRealId(other) && one.toLowerCase() !== other.toLowerCase();
}

function reasonsOfDisk(
  disk: Embedded<"NestedFrozenDisks">,
  position: number,
  data: DiskData | undefined,
): NotReadyReason[] {
  const index = typeof disk.index === "number" && Number.isInteger(disk.index) ? disk.index : position;
  const reason = (code: ConstructorParameters<typeof NotReadyReason>[0], message: string) => [
    new NotReadyReason(code, message, index),
  ];
  const absent = DISK.filter((column) => isAbsent(disk[column]));
  if (absent.length > 0) return reason("DISK_INCOMPLETE", `not known yet of disk ${index}: ${absent.join(", ")}`);
  const type: unknown = disk.type;
  if (type === "CD_ROM") return [];
  if (type !== "DISK") return reason("DISK_INCOMPLETE", `disk ${index} is of an unknown type, ${shown(type)}`);
  if (!disk.snapshot_local_id) return reason("DISK_WITHOUT_LUN", `disk ${index} names no LUN snapshot`);
  const { lunSnapshot, volumeSnapshot } = data ?? {};
  if (lunSnapshot instanceof Error) return reason("LUN_SNAPSHOT_AMBIGUOUS", `disk ${index}: ${lunSnapshot.message}`);
  if (lunSnapshot === undefined) {
    return reason("LUN_SNAPSHOT_MISSING", `the LUN snapshot of disk ${index} does not exist yet`);
  }
  if (lunSnapshot.entityAsyncStatus) {
    const message = `the LUN snapshot of disk ${index} is ${shown(lunSnapshot.entityAsyncStatus)}`;
    return reason("LUN_SNAPSHOT_INCOMPLETE", message);
  }
  if (!isRealId(lunSnapshot.local_id)) {
    return reason("LUN_SNAPSHOT_INCOMPLETE", `the LUN snapshot of disk ${index} has no ZBS id yet`);
  }
  if (differInZbs(lunSnapshot.local_id, volumeSnapshot?.zbs_snapshot_uuid)) {
    return reason("LUN_SNAPSHOT_MISMATCH", mismatch(index));
  }
  return [];
}

/** The reason for a snapshot whose row cannot be evaluated. */
export function unreadable(): NotReadyReason {
  const message = "CloudTower describes it in a way that this version cannot read";
  return new NotReadyReason("SNAPSHOT_UNREADABLE", message);
}

/** Message for a disk whose two paths lead to different data. */
export function mismatch(index: number | null): string {
  return `the LUN snapshot and the volume snapshot of disk ${index} name different snapshots in ZBS`;
}

/** Columns that CloudTower always has of a complete snapshot, of its disks and of its NICs. */
const CONFIGURATION = [
  "name",
  "consistent_type",
  "vcpu",
  "cpu",
  "cpu_model",
  "memory",
  "firmware",
  "ha",
  "clock_offset",
  "win_opt",
] as const satisfies (keyof Row<"VmSnapshot">)[];
const NAMES: Readonly<Record<string, string>> = {
  consistent_type: "consistency",
  vcpu: "number of CPUs",
  cpu: "CPU topology",
  cpu_model: "CPU model",
  ha: "high availability",
  clock_offset: "clock offset",
  win_opt: "Windows optimization",
};
const DISK = [
  "type",
  "index",
  "size",
  "bus",
  "boot",
  "path",
  "vm_volume_local_id",
  "storage_policy_uuid",
  "elf_image_local_id",
  "svt_image_local_id",
] as const satisfies (keyof Embedded<"NestedFrozenDisks">)[];
const NIC = [
  "index",
  "mac_address",
  "ip_address",
  "subnet_mask",
  "gateway",
  "vlan",
] as const satisfies (keyof Embedded<"NestedFrozenNic">)[];

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined;
}

/** Whether this is an object's own id: that of one which is being made arrives as null (`upstream/placeholders.ts`). */
export function isRealId(id: unknown): id is string {
  return typeof id === "string" && id !== "";
}

function shown(value: unknown): string {
  return typeof value === "string" && /^[A-Z_]{1,40}$/.test(value) ? value : quote(shorten(String(value), 40));
}
