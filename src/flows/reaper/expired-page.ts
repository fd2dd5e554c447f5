import { objectsIn } from "../../kernel/odd-values.js";
import { expired } from "../../resources/vm-snapshot/lease-condition.js";
import { OWNER_KEY } from "../../resources/vm-snapshot/lease-labels.js";
import { readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row, Where } from "../../upstream/wire/types.js";

/** Snapshots by id. */
export interface SnapshotPage {
  readonly rows: readonly Row<"VmSnapshot">[];
  /** Id to go on after; undefined at the end of the list. */
  readonly next: string | undefined;
}

/** A part of a list of snapshots. */
export interface PageRequest {
  /** Snapshots with greater ids. */
  readonly after: string | undefined;
  /** Maximum number of snapshots. */
  readonly first: number;
}

/** One page of the snapshots that match all conditions. It may have fewer than `first`, also if it is not the last. */
export async function snapshotPage(
  session: UpstreamSession,
  conditions: readonly object[],
  { after, first: wanted }: PageRequest,
): Promise<SnapshotPage> {
  const where = { AND: [...conditions, ...(after === undefined ? [] : [{ id_gt: after }])] } as Where<"VmSnapshot">;
  const { rows, first } = await readFittingPage(session, "VmSnapshot", { where, orderBy: "id_ASC", first: wanted });
  const objects = objectsIn<Row<"VmSnapshot">>(rows);
  return { rows: objects, next: rows.length < first ? undefined : objects.at(-1)?.id };
}

/** CloudTower's conditions for snapshots whose leases have expired by now. */
export function expiredConditions({ owner, namePrefix }: { owner?: string; namePrefix?: string }): object[] {
  return [
    ...expired(Date.now()),
    ...(owner === undefined ? [] : [{ labels_some: { key: OWNER_KEY, value: owner } }]),
    ...(namePrefix ? [{ name_starts_with: namePrefix }] : []),
  ];
}
