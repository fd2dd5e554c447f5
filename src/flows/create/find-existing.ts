import { indexByKey } from "../../kernel/group.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { mayCreateSnapshot } from "../../resources/task/task-mutation.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import { readAll, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";

/** VM and name: what identifies a snapshot. */
export interface SnapshotIdentity {
  readonly vmId: string;
  readonly name: string;
}

/** The identity as one text. */
export function identityKey({ vmId, name }: SnapshotIdentity): string {
  return `${vmId} ${name}`;
}

/**
 * The existing snapshots by identity; of several with the same identity the oldest. Other identities of the same VMs and names may be
 * among them.
 */
export async function findSnapshots(
  session: UpstreamSession,
  identities: readonly SnapshotIdentity[],
): Promise<Map<string, Row<"VmSnapshot">>> {
  const vmIds = [...new Set(identities.map(({ vmId }) => vmId))];
  const names = [...new Set(identities.map(({ name }) => name))];
  const rows = await readByKeys(session, "VmSnapshot", vmIds, (ids) => ({ vm: { id_in: ids }, name_in: names }));
  return indexByKey(oldestFirst(rows), (row) => identityKey({ vmId: row.vm?.id ?? "", name: row.name ?? "" }));
}

/** The open tasks that could be creating one of the snapshots, though the snapshot does not show yet. */
export async function openCreations(
  session: UpstreamSession,
  identities: readonly SnapshotIdentity[],
): Promise<Row<"Task">[]> {
  const open = await readAll(session, "Task", { status_in: OPEN_STATUSES });
  return open.filter((task) => mayCreateSnapshot(task) && identities.some((identity) => mayConcern(task, identity)));
}

/** A task's arguments are free JSON: unless they name another VM, or another snapshot of this one, the task may be the one. */
function mayConcern({ args, resource_id: resourceId }: Row<"Task">, { vmId, name }: SnapshotIdentity): boolean {
  const text = JSON.stringify(args ?? {});
  if (text.includes(JSON.stringify(vmId))) return text.includes(JSON.stringify(name)) || !text.includes('"name"');
  return resourceId === vmId || text === "{}" || text === "[]" || text === '""';
}
