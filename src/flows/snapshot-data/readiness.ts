import { objectList } from "../../kernel/odd-values.js";
import { quote } from "../../kernel/text/global-id.js";
import { shorten } from "../../kernel/text/shorten.js";
import { zonedMs } from "../../kernel/zoned-time.js";
import { NotReadyReason } from "../../resources/vm-snapshot/not-ready-reason.type.js";
import type { Embedded, Row } from "../../upstream/wire/types.js";
import { CLOCK_TOLERANCE_MS } from "./clock-tolerance.js";

/** The data of one frozen disk. */
export interface DiskData {
  /** The LUN snapshot that holds it; an Error if its name is not unique; undefined for a CD-ROM drive, or if there is none. */
  readonly lunSnapshot: Row<"IscsiLunSnapshot"> | Error | undefined;
  /** The volume snapshot, a second path to the same data; undefined if there is none. */
  readonly volumeSnapshot: Row<"VmVolumeSnapshot"> | undefined;
  /** The live volume of a disk that names no LUN snapshot; undefined if it is not known. @default undefined */
  readonly volume?: Row<"VmVolume"> | undefined;
}

/**
 * Why a snapshot with this row is not usable, apart from its tasks and LUN snapshots; empty if nothing is missing. Covers everything that
 * a manifest reads: what CloudTower always has of a complete snapshot must be there.
 */
export function reasonsInRow(row: Row<"VmSnapshot">): NotReadyReason[] {
  const reasons: NotReadyReason[] = [];
  if (row.entityAsyncStatus) reasons.push(new NotReadyReason("CHANGING", `it is ${shown(row.entityAsyncStatus)}`));
  const unknown = unknownIn(row, CONFIGURATION).map((column) => NAMES[column] ?? column);
  if (!row.cluster?.id) unknown.push("cluster");
  if (!isRealId(row.local_id)) unknown.push("local id");
  if (unknown.length > 0) {
    reasons.push(new NotReadyReason("CONFIGURATION_UNKNOWN", `not known yet: ${unknown.join(", ")}`));
  }
  const disks = objectList(row.vm_disks);
  if (disks === null) reasons.push(new NotReadyReason("DISKS_UNKNOWN", "its disks are not known yet"));
  const nics = objectList(row.vm_nics);
  if (nics === null || nics.some((nic) => unknownIn(nic, NIC).length > 0)) {
    reasons.push(new NotReadyReason("NICS_UNKNOWN", "its NICs are not known yet"));
  }
  return reasons;
}

/** Why a snapshot whose row is complete is not usable; empty if the data of each disk can be reached. */
export function reasonsInData(row: Row<"VmSnapshot">, data: readonly DiskData[]): NotReadyReason[] {
  return (row.vm_disks ?? []).flatMap((disk, position) => reasonsOfDisk(row, disk, position, data[position]));
}

/** Why a snapshot with this row cannot be restored, if its row says so. */
export function incompleteRow(row: Row<"VmSnapshot">): NotReadyReason | undefined {
  return reasonsInRow(row).find(({ code }) => code === "CHANGING" || code === "DISKS_UNKNOWN");
}

/** Whether two ids in ZBS are known and differ. */
export function differInZbs(one: string | null | undefined, other: string | null | undefined): boolean {
  return isRealId(one) && isRealId(other) && one.toLowerCase() !== other.toLowerCase();
}

/** A LUN snapshot is taken together with its VM snapshot: one made this much later, in ms, was made anew under the same name. */
const RECREATED_MS = 3_600_000;

/** Whether a LUN snapshot was made long after the VM snapshot whose data it should hold. False if a time is not known. */
export function isRecreated(lunSnapshot: Row<"IscsiLunSnapshot">, snapshot: Row<"VmSnapshot">): boolean {
  const laterMs = zonedMs(lunSnapshot.local_created_at) - zonedMs(snapshot.local_created_at);
  return laterMs > RECREATED_MS;
}

function reasonsOfDisk(
  snapshot: Row<"VmSnapshot">,
  disk: Embedded<"NestedFrozenDisks">,
  position: number,
  data: DiskData | undefined,
): NotReadyReason[] {
  const index = typeof disk.index === "number" && Number.isInteger(disk.index) ? disk.index : position;
  const reason = (code: ConstructorParameters<typeof NotReadyReason>[0], message: string) => [
    new NotReadyReason(code, message, index),
  ];
  const final = (code: ConstructorParameters<typeof NotReadyReason>[0], message: string) => [
    new NotReadyReason(code, message, index, true),
  ];
  const absent = unknownIn(disk, DISK);
  if (absent.length > 0) return reason("DISK_INCOMPLETE", `not known yet of disk ${index}: ${absent.join(", ")}`);
  const type: unknown = disk.type;
  if (type === "CD_ROM") return [];
  if (type !== "DISK") return final("DISK_INCOMPLETE", `disk ${index} is of an unknown type, ${shown(type)}`);
  const { lunSnapshot, volumeSnapshot, volume } = data ?? {};
  if (!disk.snapshot_local_id) {
    return isWithoutLun(volume, snapshot)
      ? final("DISK_WITHOUT_LUN", `the volume of disk ${index} has no LUN, so that the disk cannot be read through ZBS`)
      : reason("DISK_WITHOUT_LUN", `disk ${index} names no LUN snapshot`);
  }
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
  if (isRecreated(lunSnapshot, snapshot)) {
    const message = `the LUN snapshot of disk ${index} was created long after it, under the same name`;
    return reason("LUN_SNAPSHOT_MISMATCH", message);
  }
  return [];
}

/** Whether a volume has no LUN, for instance because it is on NFS. One that is as new as the snapshot may still get its link to it. */
function isWithoutLun(volume: Row<"VmVolume"> | undefined, snapshot: Row<"VmSnapshot">): boolean {
  if (volume === undefined || volume.lun || volume.entityAsyncStatus) return false;
  const ageMs = zonedMs(snapshot.local_created_at) - zonedMs(volume.local_created_at);
  return ageMs > CLOCK_TOLERANCE_MS;
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

/** Tells whether a value is known. */
type Check = (value: unknown) => boolean;

/** A text, which may be empty. */
const isText: Check = (value) => typeof value === "string";
const isName: Check = (value) => typeof value === "string" && value !== "";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isBoolean: Check = (value) => typeof value === "boolean";
const isObject: Check = (value) => typeof value === "object" && value !== null;
const isTopology: Check = (value) => {
  const { cores, sockets } = (value ?? {}) as Record<string, unknown>;
  return isNumber(cores) && isNumber(sockets);
};

/** Columns that CloudTower always has of a complete snapshot, of its disks and of its NICs. */
const CONFIGURATION = {
  name: isText,
  consistent_type: isName,
  vcpu: isNumber,
  cpu: isTopology,
  cpu_model: isText,
  memory: isNumber,
  firmware: isName,
  ha: isBoolean,
  clock_offset: isName,
  win_opt: isBoolean,
} satisfies Partial<Record<keyof Row<"VmSnapshot">, Check>>;
const NAMES: Readonly<Record<string, string>> = {
  consistent_type: "consistency",
  vcpu: "number of CPUs",
  cpu: "CPU topology",
  cpu_model: "CPU model",
  ha: "high availability",
  clock_offset: "clock offset",
  win_opt: "Windows optimization",
};
const DISK = {
  type: isName,
  index: isNumber,
  size: isNumber,
  bus: isName,
  boot: isNumber,
  path: isText,
  vm_volume_local_id: isText,
  storage_policy_uuid: isText,
  elf_image_local_id: isText,
  svt_image_local_id: isText,
} satisfies Partial<Record<keyof Embedded<"NestedFrozenDisks">, Check>>;
const NIC = {
  index: isNumber,
  mac_address: isText,
  ip_address: isText,
  subnet_mask: isText,
  gateway: isText,
  vlan: isObject,
} satisfies Partial<Record<keyof Embedded<"NestedFrozenNic">, Check>>;

/** The columns whose values are not known. */
function unknownIn(row: object, checks: Readonly<Record<string, Check>>): string[] {
  const values = row as Readonly<Record<string, unknown>>;
  return Object.entries(checks).flatMap(([column, isKnown]) => (isKnown(values[column]) ? [] : [column]));
}

/** Whether this is an object's own id: that of one which is being made arrives as null (`upstream/placeholders.ts`). */
export function isRealId(id: unknown): id is string {
  return typeof id === "string" && id !== "";
}

function shown(value: unknown): string {
  return typeof value === "string" && /^[A-Z_]{1,40}$/.test(value) ? value : quote(shorten(String(value), 40));
}
