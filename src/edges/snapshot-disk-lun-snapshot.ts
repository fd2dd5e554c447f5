import { declareEdge } from "../graph/declare.js";
import type { FetchedEdge } from "../graph/edge.js";
import type { Found } from "../graph/found.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { quote } from "../kernel/global-id.js";
import { groupByKey } from "../kernel/group.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { VmSnapshotDisk } from "../resources/vm-snapshot/vm-snapshot-disk.type.js";
import { readByKeys } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import type { Row } from "../upstream/wire/types.js";

/**
 * VmSnapshotDisk → the LUN snapshot with its data, by name: the frozen disk's `snapshot_local_id`.
 *
 * A name is not unique, and a LUN snapshot names no cluster. One that comes back twice is asked again within the cluster of the
 * VM snapshot; still twice is an error, never a guess. The key therefore holds cluster and name.
 */
const edge: FetchedEdge<VmSnapshotDisk, IscsiLunSnapshot> = {
  kind: "fetched",
  from: VmSnapshotDisk,
  field: "lunSnapshot",
  to: IscsiLunSnapshot,
  many: false,
  description: "The LUN snapshot that holds the frozen data; null for a CD-ROM drive, and while it is not there yet.",
  operations: ["get-iscsi-lun-snapshots"],
  key: ({ row, snapshot }) =>
    row.type === "DISK" && row.snapshot_local_id ? keyOf(snapshot.cluster?.id, row.snapshot_local_id) : null,
  keyIsId: false,
  async load(session, keys) {
    const wanted = keys.map(parseKey);
    const names = [...new Set(wanted.map(({ name }) => name))];
    const byName = groupByKey(
      await readByKeys(session, "IscsiLunSnapshot", names, (name_in) => ({ name_in })),
      (row) => row.name,
    );
    const found: Found<IscsiLunSnapshot> = new Map();
    const ambiguous = new Map<string, string[]>();
    for (const [index, { cluster, name }] of wanted.entries()) {
      const rows = byName.get(name) ?? [];
      if (rows.length === 1) found.set(keys[index] as string, new IscsiLunSnapshot(rows[0] as Row<"IscsiLunSnapshot">));
      if (rows.length > 1) ambiguous.set(cluster, [...(ambiguous.get(cluster) ?? []), name]);
    }
    await Promise.all([...ambiguous].map((entry) => resolveWithinCluster(session, ...entry, found)));
    return found;
  },
};

export const snapshotDiskLunSnapshot = declareEdge(edge);

async function resolveWithinCluster(
  session: UpstreamSession,
  cluster: string,
  names: readonly string[],
  found: Found<IscsiLunSnapshot>,
): Promise<void> {
  const rows =
    cluster === ""
      ? []
      : await readByKeys(session, "IscsiLunSnapshot", names, (name_in) => ({
          name_in,
          iscsi_target: { cluster: { id: cluster } },
        }));
  const byName = groupByKey(rows, (row) => row.name);
  for (const name of names) {
    const candidates = byName.get(name) ?? [];
    const only = candidates[0];
    const key = keyOf(cluster, name);
    if (candidates.length === 1 && only !== undefined) found.set(key, new IscsiLunSnapshot(only));
    else if (candidates.length > 1 || cluster === "") found.set(key, ambiguousName(name));
  }
}

function ambiguousName(name: string): TowerError {
  const message = `expected one LUN snapshot named ${quote(name)} in the snapshot's cluster, found several`;
  return new TowerError(ErrorCode.AmbiguousName, message);
}

function keyOf(cluster: string | null | undefined, name: string): string {
  return `${cluster ?? ""} ${name}`;
}

function parseKey(key: string): { cluster: string; name: string } {
  const space = key.indexOf(" ");
  return { cluster: key.slice(0, space), name: key.slice(space + 1) };
}
