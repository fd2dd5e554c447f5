import type { LoadedRelation } from "../graph/relations/relation.js";
import type { ResultsByKey } from "../graph/relations/results-by-key.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { ElfStoragePolicy } from "../resources/elf-storage-policy/elf-storage-policy.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { readByKeys } from "../upstream/sound-rows.js";
import { endpointOf } from "../upstream/wire/endpoints.js";
import { clusterKey, parseClusterKey } from "./lookups/cluster-key.js";
import { ambiguousLocalId } from "./snapshot-disk-by-local-id.js";

const relation: LoadedRelation<VmSnapshotDisk, ElfStoragePolicy> = {
  kind: "loaded",
  from: VmSnapshotDisk,
  field: "storagePolicy",
  to: ElfStoragePolicy,
  description: "The storage policy that the disk had; null for a CD-ROM drive, or if the policy is gone.",
  many: false,
  endpoints: [endpointOf("ElfStoragePolicy")],
  key(disk) {
    const cluster = disk.snapshot.cluster?.id;
    const id = disk.row.storage_policy_uuid;
    return cluster && id ? clusterKey(cluster, id) : null;
  },
  keyIsId: false,
  parentColumns: ["cluster"],
  rowColumns: ["cluster", "local_id"],
  async load(session, keys) {
    const wanted = keys.map((key) => ({ key, ...parseClusterKey(key) }));
    const clusters = [...new Set(wanted.map(({ cluster }) => cluster))];
    const ids = [...new Set(wanted.map(({ name }) => name))];
    const rows = await readByKeys(session, "ElfStoragePolicy", ids, (batch) => ({
      cluster: { id_in: clusters },
      OR: batch.map((id) => ({ local_id_ends_with: id })),
    }));
    const byCluster = groupByKey(rows, (row) => row.cluster?.id);
    const found: ResultsByKey<ElfStoragePolicy> = new Map();
    for (const { key, cluster, name } of wanted) {
      const matches = new Map(
        (byCluster.get(cluster) ?? [])
          .filter((row) => endsWithId(row.local_id ?? "", name))
          .map((row) => [row.id, row]),
      );
      const [only] = matches.values();
      if (matches.size > 1) found.set(key, ambiguousLocalId(ElfStoragePolicy.typename, name));
      else if (only !== undefined) found.set(key, new ElfStoragePolicy(only));
    }
    return found;
  },
};

/**
 * VmSnapshotDisk → the storage policy that it had.
 *
 * A disk has the policy's id in the storage system. A policy's `local_id` ends with it: `<prefix><separator><id>`.
 */
export const snapshotDiskStoragePolicy = declareRelation(relation);

/**
 * Whether a text is the id, or ends with it after a separator. The separator is not documented: anything but a letter or a digit; a
 * hyphen only before a whole UUID, because UUIDs contain hyphens themselves.
 */
function endsWithId(text: string, id: string): boolean {
  if (!text.endsWith(id)) return false;
  const before = text.at(-id.length - 1);
  return before === undefined || (before === "-" ? UUID.test(id) : !/[\p{L}\p{N}]/u.test(before));
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
