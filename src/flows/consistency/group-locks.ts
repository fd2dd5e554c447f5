import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { readAll } from "../writes/object-rows.js";
import { lockedErrors } from "../writes/resource-locks.js";
import { LockedResource, type ResourceLockedError } from "../writes/write-errors.js";

/** What a task may be changing, as far as its rows say so. */
export interface ShownRows {
  readonly group: Row<"ConsistencyGroup">;
  readonly snapshots?: readonly Row<"ConsistencyGroupSnapshot">[];
  readonly vms?: readonly Row<"Vm">[];
}

/**
 * The error of a write on rows that a task is changing, with that task if it can be found; undefined if their rows show none.
 *
 * CloudTower documents locks of VMs and volumes alone: whether it would refuse the write of a consistency group that is being changed is
 * not known, so it is not sent.
 */
export async function shownLock(session: UpstreamSession, rows: ShownRows): Promise<ResourceLockedError | undefined> {
  const { group, snapshots = [], vms = [] } = rows;
  const locked = [
    ...lockedOf("CONSISTENCY_GROUP", [group]),
    ...lockedOf("CONSISTENCY_GROUP_SNAPSHOT", snapshots),
    ...lockedOf("VM", vms),
  ];
  if (locked.length === 0) return undefined;
  // The task that locks a group acts on one of its snapshots.
  const changing = { consistency_group: { id: group.id }, entityAsyncStatus_not: null };
  const under = await readAll(session, "ConsistencyGroupSnapshot", changing).catch(() => []);
  const ids = [...locked.map(({ cloudTowerId }) => cloudTowerId), group.id, ...under.map(({ id }) => id)];
  const errors = await lockedErrors({ session, locked, items: [group], targetsOf: () => ids });
  return errors.get(group);
}

function lockedOf(
  type: string,
  rows: readonly { readonly id: string; readonly entityAsyncStatus?: string | null | undefined }[],
): LockedResource[] {
  return rows.flatMap(({ id, entityAsyncStatus }) => (entityAsyncStatus ? [new LockedResource(id, type)] : []));
}
