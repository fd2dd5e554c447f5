import type { ResultsByKey } from "../../graph/relations/results-by-key.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { groupByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { clusterKey, parseClusterKey } from "./cluster-key.js";

/**
 * LUN snapshots by name or by local id, for keys made of a cluster and a name. One call for all keys.
 *
 * Neither field is known to be unique, and a LUN snapshot does not name its cluster. A name with several matches is looked up again
 * within the cluster; if there are still several, its result is an error, never a guess.
 */
export async function findLunSnapshots(
  session: UpstreamSession,
  keys: readonly string[],
  field: "name" | "local_id",
): Promise<ResultsByKey<IscsiLunSnapshot>> {
  const wanted = keys.map((key) => [key, parseClusterKey(key)] as const);
  const names = [...new Set(wanted.map(([, { name }]) => name))];
  const byName = groupByKey(
    await readByKeys(session, "IscsiLunSnapshot", names, (list) => ({ [`${field}_in`]: list })),
    (row) => row[field],
  );
  const found: ResultsByKey<IscsiLunSnapshot> = new Map();
  const ambiguous = new Map<string, string[]>();
  for (const [key, { cluster, name }] of wanted) {
    const rows = byName.get(name) ?? [];
    if (rows.length === 1) found.set(key, new IscsiLunSnapshot(rows[0] as Row<"IscsiLunSnapshot">));
    if (rows.length > 1) ambiguous.set(cluster, [...(ambiguous.get(cluster) ?? []), name]);
  }
  await Promise.all([...ambiguous].map((entry) => resolveWithinCluster(session, ...entry, field, found)));
  return found;
}

async function resolveWithinCluster(
  session: UpstreamSession,
  cluster: string,
  names: readonly string[],
  field: "name" | "local_id",
  found: ResultsByKey<IscsiLunSnapshot>,
): Promise<void> {
  const within = { iscsi_target: { cluster: { id: cluster } } };
  const rows =
    cluster === ""
      ? []
      : await readByKeys(session, "IscsiLunSnapshot", names, (list) => ({ [`${field}_in`]: list, ...within }));
  const byName = groupByKey(rows, (row) => row[field]);
  for (const name of names) {
    const candidates = byName.get(name) ?? [];
    const only = candidates[0];
    const key = clusterKey(cluster, name);
    if (candidates.length === 1 && only !== undefined) found.set(key, new IscsiLunSnapshot(only));
    else if (candidates.length > 1 || cluster === "") found.set(key, ambiguousName(field, name));
  }
}

function ambiguousName(field: string, name: string): TowerError {
  const named = field === "name" ? "named" : "with the local id";
  const message = `Several LUN snapshots ${named} ${quote(name)} exist in the snapshot's cluster.`;
  return new TowerError(ErrorCode.AmbiguousName, message);
}
