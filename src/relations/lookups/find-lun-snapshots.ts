import type { ResultsByKey } from "../../graph/relations/results-by-key.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { groupByKey, indexByKey } from "../../kernel/group.js";
import { quote } from "../../kernel/text/global-id.js";
import { IscsiLunSnapshot } from "../../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readByKeys } from "../../upstream/sound-rows.js";
import type { Row, Where } from "../../upstream/wire/types.js";
import { clusterKey, parseClusterKey } from "./cluster-key.js";

/**
 * LUN snapshots by name or by local id, for keys made of a cluster and a name, always within that cluster.
 *
 * Neither field is known to be unique, users can choose names, and a LUN snapshot does not name its cluster: one in another cluster may
 * have the name while the own one does not exist yet. So each call asks for each name in one cluster only; several matches are an error,
 * never a guess. One call for all keys, unless a name is wanted in several clusters. A key without a cluster has no result.
 */
export async function findLunSnapshots(
  session: UpstreamSession,
  keys: readonly string[],
  field: "name" | "local_id",
): Promise<ResultsByKey<IscsiLunSnapshot>> {
  const found: ResultsByKey<IscsiLunSnapshot> = new Map();
  await Promise.all(
    roundsOf(keys).map(async (clusterOf) => {
      const rows = await readByKeys(session, "IscsiLunSnapshot", [...clusterOf.keys()], (names) =>
        withinClusters(
          groupByKey(names, (name) => clusterOf.get(name)),
          field,
        ),
      );
      for (const [name, matches] of groupByKey(distinct(rows), (row) => row[field])) {
        const cluster = clusterOf.get(name);
        if (cluster === undefined) continue;
        const [only] = matches;
        const result = matches.length === 1 && only ? new IscsiLunSnapshot(only) : ambiguousName(field, name);
        found.set(clusterKey(cluster, name), result);
      }
    }),
  );
  return found;
}

/** The cluster of each name, in as few rounds as possible: a name occurs once in a round. */
function roundsOf(keys: readonly string[]): Map<string, string>[] {
  const rounds: Map<string, string>[] = [];
  for (const { cluster, name } of keys.map(parseClusterKey)) {
    if (cluster === "") continue;
    let round = rounds.find((names) => !names.has(name));
    if (round === undefined) {
      round = new Map();
      rounds.push(round);
    }
    round.set(name, cluster);
  }
  return rounds;
}

function withinClusters(
  namesByCluster: ReadonlyMap<string, readonly string[]>,
  field: "name" | "local_id",
): Where<"IscsiLunSnapshot"> {
  const branches = [...namesByCluster].map(([id, names]) => ({
    [`${field}_in`]: names,
    iscsi_target: { cluster: { id } },
  }));
  return branches.length === 1 ? (branches[0] as Where<"IscsiLunSnapshot">) : { OR: branches };
}

/** Each row once, even if CloudTower lists it twice. */
function distinct(rows: readonly Row<"IscsiLunSnapshot">[]): Row<"IscsiLunSnapshot">[] {
  return [...indexByKey(rows, (row) => row.id).values()];
}

function ambiguousName(field: string, name: string): TowerError {
  const named = field === "name" ? "named" : "with the local id";
  const message = `Several LUN snapshots ${named} ${quote(name)} exist in the snapshot's cluster.`;
  return new TowerError(ErrorCode.AmbiguousName, message);
}
