import { objectsIn } from "../../kernel/odd-values.js";
import { EXPIRES_KEY, OWNER_KEY } from "../../resources/vm-snapshot/lease-labels.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { readByIds, readByKeys } from "../writes/object-rows.js";
import { type LeaseLabel, type LeaseState, leaseOf } from "./lease.js";

/** A snapshot with the lease that its labels show. */
export interface LeasedRow {
  readonly row: Row<"VmSnapshot">;
  readonly lease: LeaseState;
}

/** The labels as the row itself shows them; undefined if this CloudTower's rows show only their ids (before 4.1). */
export function labelsInRow({ labels }: Row<"VmSnapshot">): LeaseLabel[] | undefined {
  const held = objectsIn<{ id: string; key?: unknown; value?: unknown }>(labels);
  if (held.some(({ key }) => typeof key !== "string")) return undefined;
  return held.map(({ id, key, value }) => ({ id, key: String(key), value: typeof value === "string" ? value : null }));
}

/** Snapshots by their ids, with their leases; unknown ids are omitted. One call, or two if rows show only the ids of labels. */
export async function leasedByIds(session: UpstreamSession, ids: readonly string[]): Promise<Map<string, LeasedRow>> {
  return readLeases(session, await readByIds(session, "VmSnapshot", ids));
}

/** The leases of rows that were read, by snapshot id. */
export async function readLeases(
  session: UpstreamSession,
  rows: readonly Row<"VmSnapshot">[],
): Promise<Map<string, LeasedRow>> {
  const bare = rows.filter((row) => labelsInRow(row) === undefined);
  const ids = [...new Set(bare.flatMap(({ labels }) => objectsIn<{ id: string }>(labels).map(({ id }) => id)))];
  const keys = { key_in: [OWNER_KEY, EXPIRES_KEY] };
  const found = await readByKeys(session, "Label", ids, (id_in) => ({ id_in, ...keys }));
  const byId = new Map(found.map(({ id, key, value }) => [id, { id, key: key ?? "", value: value ?? null }]));
  return new Map(
    rows.map((row) => {
      const labels = labelsInRow(row) ?? objectsIn<{ id: string }>(row.labels).flatMap(({ id }) => byId.get(id) ?? []);
      return [row.id, { row, lease: leaseOf(labels) }];
    }),
  );
}
