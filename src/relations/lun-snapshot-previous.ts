import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { zonedMs } from "../kernel/zoned-time.js";
import { IscsiLunSnapshot } from "../resources/iscsi-lun-snapshot/iscsi-lun-snapshot.type.js";
import { readByKeys } from "../upstream/sound-rows.js";
import type { Row } from "../upstream/wire/types.js";

/**
 * IscsiLunSnapshot → the previous snapshot of the same LUN: the base of an incremental backup.
 *
 * One call reads the snapshots of all requested LUNs. They are sorted by time and then by id, as lists are; snapshots without a time
 * are ignored.
 */
const relation: LoadedRelation<IscsiLunSnapshot, IscsiLunSnapshot> = {
  kind: "loaded",
  from: IscsiLunSnapshot,
  field: "previous",
  to: IscsiLunSnapshot,
  many: false,
  description:
    "The previous snapshot of the same LUN, by time and then by id: the base of an incremental backup. Null for the first snapshot, or if the LUN is gone.",
  endpoints: ["get-iscsi-lun-snapshots"],
  key: ({ row }) => (row.iscsi_lun && row.local_created_at ? `${row.iscsi_lun.id} ${row.id}` : null),
  keyIsId: false,
  parentColumns: ["iscsi_lun", "local_created_at"],
  rowColumns: ["iscsi_lun", "local_created_at"],
  async load(session, keys) {
    const wanted = new Set(keys);
    const lunIds = [...new Set(keys.map((key) => key.slice(0, key.indexOf(" "))))];
    const rows = await readByKeys(session, "IscsiLunSnapshot", lunIds, (ids) => ({ iscsi_lun: { id_in: ids } }));
    const byLun = groupByKey(
      rows.filter((row) => row.local_created_at),
      (row) => row.iscsi_lun?.id,
    );
    const found = new Map<string, IscsiLunSnapshot>();
    for (const [lunId, snapshots] of byLun) {
      const inOrder = snapshots.toSorted(byTimeThenId);
      for (const [index, row] of inOrder.entries()) {
        const before = inOrder[index - 1];
        const key = `${lunId} ${row.id}`;
        if (before !== undefined && wanted.has(key)) found.set(key, new IscsiLunSnapshot(before));
      }
    }
    return found;
  },
};

export const lunSnapshotPrevious = declareRelation(relation);

type Snapshot = Row<"IscsiLunSnapshot">;

function byTimeThenId(a: Snapshot, b: Snapshot): number {
  return compareTimes(a.local_created_at ?? "", b.local_created_at ?? "") || (a.id < b.id ? -1 : 1);
}

/** Compares moments if both texts are valid times (offsets may differ), else texts: the contract does not specify a format. */
function compareTimes(a: string, b: string): number {
  const moments = zonedMs(a) - zonedMs(b);
  if (!Number.isNaN(moments)) return moments;
  return a === b ? 0 : a < b ? -1 : 1;
}
