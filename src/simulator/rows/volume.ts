import type { StoredRow } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Builder } from "./builder.js";

/** Redundancy of block storage with replicas. */
export const replicated = { resiliency_type: "REPLICA", ec_k: 0, ec_m: 0 };

/** Block storage with replicas, neither encrypted nor prioritized. */
export const plainStorage = {
  ...replicated,
  configuration_method: "MANUAL",
  encrypt_method: "PLAIN_TEXT",
  prioritized: false,
};

/** A new volume. */
export interface VolumePlan {
  readonly cluster: string;
  readonly name: string;
  readonly size: number;
  readonly at: number;
  readonly sharing?: boolean;
  /** True if a disk for the volume is added next. @default false */
  readonly mounted?: boolean;
  /** False for a volume without a LUN. @default true */
  readonly lun?: boolean;
  readonly policy?: string;
}

/** Adds a volume, and its LUN in one of the cluster's internal targets. */
export function addVolume(builder: Builder, plan: VolumePlan): StoredRow {
  const { store, random } = builder;
  const { cluster, name, size, at, policy = "REPLICA_2_THIN_PROVISION" } = plan;
  const localId = random.uuid();
  const used = Math.floor((size * random.int(5, 80)) / 100);
  const lun = plan.lun === false ? undefined : addLun(builder, { cluster, name: localId, size, used, at, policy });
  const target = lun && store.get("IscsiTarget", lun.values.iscsi_target);
  const path = lun ? `iscsi://${target?.values.iqn_name}/${lun.values.lun_id}` : `/usr/share/smartx/volumes/${localId}`;
  return store.insert(
    "VmVolume",
    {
      id: random.id(),
      cluster,
      description: "",
      elf_storage_policy: policy,
      elf_storage_policy_ec_k: 0,
      elf_storage_policy_ec_m: 0,
      elf_storage_policy_replica_num: policy.includes("_3_") ? 3 : 2,
      elf_storage_policy_stripe_num: 8,
      elf_storage_policy_thin_provision: policy.endsWith("THIN_PROVISION"),
      guest_size_usage: random.int(1, 90) / 100,
      guest_used_size: used,
      local_created_at: iso(at),
      local_id: localId,
      lun: lun?.id ?? null,
      mounting: plan.mounted ?? false,
      resident_in_cache: false,
      name,
      path,
      sharing: plan.sharing ?? false,
      size,
      type: lun ? "KVM_VOLUME_ISCSI" : "KVM_VOLUME",
      unique_logical_size: used,
      unique_size: used * 2,
      used_size: used,
      used_size_usage: used / size,
    },
    cluster,
  );
}

/** A new LUN. */
export interface LunPlan {
  readonly cluster: string;
  readonly name: string;
  readonly size: number;
  readonly used: number;
  readonly at: number;
  readonly policy: string;
  /** @default an internal target of the cluster that is not full */
  readonly target?: StoredRow;
}

/** Adds a LUN with a ZBS volume of its own. */
export function addLun(builder: Builder, plan: LunPlan): StoredRow {
  const { store, random } = builder;
  const target = plan.target ?? targetWithRoom(builder, plan.cluster);
  return store.insert(
    "IscsiLun",
    {
      id: random.id(),
      allowed_initiators: "*/*",
      assigned_size: plan.size,
      io_size: 8192,
      iscsi_target: target.id,
      local_created_at: iso(plan.at),
      local_id: random.uuid(),
      lun_id: store.referrers("IscsiLun", "iscsi_target", target.id).length + 1,
      name: plan.name,
      ...plainStorage,
      replica_num: plan.policy.includes("_3_") ? 3 : 2,
      shared_size: 0,
      stripe_num: 8,
      stripe_size: 256 * 1024,
      thin_provision: plan.policy.endsWith("THIN_PROVISION"),
      unique_logical_size: plan.used,
      unique_size: plan.used * 2,
      zbs_volume_id: random.uuid(),
    },
    plan.cluster,
  );
}

/** A new iSCSI target. */
export interface TargetPlan {
  readonly cluster: string;
  readonly name: string;
  readonly internal: boolean;
}

/** Adds a target. An external one has CHAP secrets, so that tests can check that the gateway does not expose them. */
export function addTarget({ store, random }: Builder, { cluster, name, internal }: TargetPlan): StoredRow {
  const chap = { chap_name: "backup", chap_secret: "chap-secret-of-the-simulator" };
  return store.insert(
    "IscsiTarget",
    {
      id: random.id(),
      ...(internal ? { chap_name: null, chap_secret: null } : chap),
      chap_enabled: !internal,
      cluster,
      description: internal ? "" : "LUNs for physical servers",
      external_use: !internal,
      initiator_chaps: internal ? [] : [{ ...chap, initiator_iqn: "iqn.1994-05.com.redhat:backup-01" }],
      ...plainStorage,
      internal,
      io_size: 8192,
      ip_whitelist: "*/*",
      iqn_name: `iqn.2016-02.com.smartx:system:${name}`,
      iqn_whitelist: "*/*",
      local_id: random.uuid(),
      name,
      replica_num: 2,
      stripe_num: 8,
      stripe_size: 256 * 1024,
      thin_provision: true,
    },
    cluster,
  );
}

/** The last internal target, or a new one if that has its maximum of 255 LUNs. */
function targetWithRoom(builder: Builder, cluster: string): StoredRow {
  const targets = [...builder.store.referrers("IscsiTarget", "cluster", cluster)].filter(
    ({ values }) => values.internal,
  );
  const last = targets.at(-1);
  if (last && builder.store.referrers("IscsiLun", "iscsi_target", last.id).length < 255) return last;
  const name = `zbs-iscsi-datastore-${builder.random.int(1_538_000_000_000, 1_738_000_000_000)}t`;
  return addTarget(builder, { cluster, name, internal: true });
}
