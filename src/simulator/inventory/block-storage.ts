import type { Builder } from "../rows/builder.js";
import { addGroupSnapshot, addNamespaceSnapshot } from "../rows/group-snapshots.js";
import { addLun, addVolume, plainStorage } from "../rows/volume.js";
import type { StoredRow } from "../store/store.js";
import { iso } from "../tasks/clock.js";
import type { Site } from "./sites.js";
import { inventoryTime } from "./vms.js";

const policy = "REPLICA_2_THIN_PROVISION";

/**
 * Adds block storage for physical servers to the storage-only cluster: LUNs, NVMe namespaces and a consistency group of both, with
 * snapshots. Adds two detached volumes to another cluster.
 */
export function addBlockStorage(builder: Builder, storage: Site, other: Site): void {
  const { store, random } = builder;
  const cluster = storage.cluster.id;
  const target = [...store.referrers("IscsiTarget", "cluster", cluster)][0] as StoredRow;
  const luns = ["ora-data-01", "ora-data-02", "ora-日志"].map((name, index) =>
    addLun(builder, { cluster, name, size: (index + 4) * 2 ** 40, used: 2 ** 40, at: inventoryTime, policy, target }),
  );
  const subsystem = { id: random.id(), name: "nvme-subsystem-01" };
  const namespaces = [1, 2, 3].map((number) => addNamespace(builder, cluster, subsystem, number));
  const erasureCoded = { resiliency_type: "EC", ec_k: 4, ec_m: 1, encrypt_method: "AES256_CTR", prioritized: true };
  for (const member of [luns[1], namespaces[1]]) if (member) store.patch(member, erasureCoded);
  const group = store.insert(
    "ConsistencyGroup",
    {
      id: random.id(),
      cluster,
      description: "data and log of one database",
      local_created_at: iso(inventoryTime),
      local_id: random.uuid(),
      name: "ora-group",
      unique_size: 6 * 2 ** 40,
    },
    cluster,
  );
  for (const member of [...luns, ...namespaces.slice(0, 1)]) store.patch(member, { consistency_group: group.id });
  addGroupSnapshot(builder, group, "ora-group-monday", inventoryTime - 2 * 86_400_000);
  addGroupSnapshot(builder, group, "ora-group-tuesday", inventoryTime - 86_400_000);
  const free = { cluster: other.cluster.id, size: 300 * 2 ** 30, at: inventoryTime };
  addVolume(builder, { ...free, name: "detached-01" });
  addVolume(builder, { ...free, name: "being-made-02", lun: false });
}

function addNamespace(builder: Builder, cluster: string, subsystem: object, number: number): StoredRow {
  const { store, random } = builder;
  const namespace = store.insert(
    "NvmfNamespace",
    {
      id: random.id(),
      assigned_size: number * 2 ** 41,
      io_size: 8192,
      local_created_at: iso(inventoryTime),
      local_id: random.uuid(),
      name: `nvme-ns-0${number}`,
      namespace_group: null,
      namespace_id: number,
      nqn_whitelist: "*/*",
      nvmf_subsystem: subsystem,
      ...plainStorage,
      replica_num: 2,
      stripe_num: 8,
      stripe_size: 256 * 1024,
      thin_provision: true,
      unique_logical_size: number * 2 ** 38,
      unique_size: number * 2 ** 39,
      zbs_volume_id: random.uuid(),
    },
    cluster,
  );
  addNamespaceSnapshot(builder, namespace, `${namespace.values.name}-manual`, inventoryTime - 86_400_000, null);
  return namespace;
}
