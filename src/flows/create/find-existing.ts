import { groupByKey } from "../../kernel/group.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { createsVmSnapshot, mayCreateSnapshot } from "../../resources/task/task-mutation.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { readByKeys } from "../writes/object-rows.js";
import { openTasks } from "../writes/open-tasks.js";
import { argumentsName } from "../writes/own-tasks.js";

/** VM and name: what identifies a snapshot. */
export interface SnapshotIdentity {
  readonly vmId: string;
  readonly name: string;
}

/** The identity as one text. */
export function identityKey({ vmId, name }: SnapshotIdentity): string {
  return `snapshot ${vmId} ${name}`;
}

/** The existing snapshots by identity, oldest first; others of the same VMs and names may be among them. */
export async function findSnapshots(
  session: UpstreamSession,
  identities: readonly SnapshotIdentity[],
): Promise<Map<string, Row<"VmSnapshot">[]>> {
  const vmIds = [...new Set(identities.map(({ vmId }) => vmId))];
  const names = [...new Set(identities.map(({ name }) => name))];
  const rows = await readByKeys(session, "VmSnapshot", vmIds, (ids) => ({ vm: { id_in: ids }, name_in: names }));
  return groupByKey(oldestFirst(rows), (row) => identityKey({ vmId: row.vm?.id ?? "", name: row.name ?? "" }));
}

/**
 * The identities that open tasks may be creating, though the snapshots do not show yet. None if the caller may not see tasks.
 *
 * @throws UpstreamError if they cannot be read for another reason.
 */
export async function pendingIdentities(
  session: UpstreamSession,
  identities: readonly SnapshotIdentity[],
): Promise<Set<string>> {
  const creations = (await openTasks(session)).filter(mayCreateSnapshot);
  return new Set(identities.filter((one) => creations.some((task) => mayCreate(task, one))).map(identityKey));
}

/** A task's arguments are free JSON. One that creates a snapshot of the VM and names none may create this one. */
function mayCreate(task: Row<"Task">, { vmId, name }: SnapshotIdentity): boolean {
  if (task.resource_id !== vmId && !argumentsName(task, [vmId])) return false;
  const namesOne = /name\\*":/i.test(JSON.stringify(task.args ?? {}));
  return argumentsName(task, [name]) || (createsVmSnapshot(task) && !namesOne);
}
