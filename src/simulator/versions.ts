import { contractVersion, type entities } from "../upstream/wire/contract.js";
import type { Entity } from "../upstream/wire/types.js";

/** A version as a comparable number: 4.6.0 is 4_006_000. Throws a RangeError unless it is `major.minor[.patch]`. */
export function versionNumber(version: string): number {
  const parts = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/.exec(version);
  if (parts === null) throw new RangeError(`apiVersion must look like "4.6.0", got "${version}"`);
  return Number(parts[1]) * 1_000_000 + Number(parts[2]) * 1000 + Number(parts[3] ?? 0);
}

/** True if the version has the field. Fields that are not in the table below have always existed. */
export function hasField(version: string, entity: string, field: string): boolean {
  const since = arrivals[`${entity}.${field}`] ?? arrivals[`*.${field}`];
  return since === undefined || versionNumber(version) >= versionNumber(since);
}

/** True if the version can list this entity. */
export function hasEntity(version: string, entity: Entity): boolean {
  return hasField(version, entity, "*");
}

/** First version whose errors have a `code`. */
export const errorCodeSince = "3.3.0";

/** First version with directories that users log in by. */
export const directoriesSince = "3.0.0";

/** First version with `content-language: *`. */
export const anyLanguageSince = "4.4.0";

/** First version in which clients can create tasks. */
export const clientTasksSince = "4.0.0";

/** First version with the log of changes. */
export const resourceChangesSince = "4.6.0";

/** First version in which `source` is optional at login. */
export const optionalSourceSince = "3.1.0";

/** Fields that a version newer than the contract adds to a row. Readers must ignore unknown fields. */
export function additions(version: string, entity: Entity): Readonly<Record<string, unknown>> {
  return versionNumber(version) > versionNumber(contractVersion) ? (newer[entity] ?? {}) : {};
}

/**
 * The first two groups are documented by the vendor. The third is a guess: it exposes readers that rely on these fields being
 * present.
 */
const arrivals: Readonly<Record<string, string>> = {
  "Vm.backup_plans": "4.6.0",
  "Vm.used_size": "4.6.0",

  "*.unique_logical_size": "4.3.0",
  "Vm.bios_uuid": "4.3.0",

  "Vm.used_size_usage": "4.6.0",
  "VmVolume.used_size": "4.6.0",
  "VmVolume.used_size_usage": "4.6.0",
  "SnapshotGroup.*": "3.0.0",
  "VmSnapshot.snapshot_group": "3.0.0",
  "Vm.entity_filter_results": "3.0.0",
  "Vm.logical_size_bytes": "3.0.0",
  "Vm.vm_placement_group": "3.0.0",
  "VmNic.vpc_nic": "4.0.0",
  "VmNic.type": "4.0.0",
  "VmVolumeSnapshot.volume_sharing": "3.0.0",
  "VmVolume.guest_size_usage": "3.0.0",
  "VmVolume.guest_used_size": "3.0.0",
};

const newer: Partial<Record<keyof typeof entities, Readonly<Record<string, unknown>>>> = {
  IscsiLun: {
    resiliency_type: "REPLICATION",
    ec_k: 0,
    ec_m: 0,
    encrypt_method: "ENCRYPT_PLAIN_TEXT",
    prioritized: false,
  },
  NvmfNamespace: { resiliency_type: "REPLICATION", ec_k: 0, ec_m: 0, encrypt_method: "ENCRYPT_PLAIN_TEXT" },
  Vm: { encrypted: false },
};
