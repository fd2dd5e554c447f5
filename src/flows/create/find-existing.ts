import { groupByKey } from "../../kernel/group.js";
import { creating } from "../../resources/task/creating-task.js";
import { Task } from "../../resources/task/task.type.js";
import { readAll, readByKeys } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";

/** VM and name: what a snapshot is known by. */
export interface SnapshotIdentity {
  readonly vmId: string;
  readonly name: string;
}

/** The identity as one text. */
export function identityKey({ vmId, name }: SnapshotIdentity): string {
  return `${vmId} ${name}`;
}

/** The snapshots that there are, by identity; of several with the same one the first that was made. */
export async function findSnapshots(
  session: UpstreamSession,
  wanted: readonly SnapshotIdentity[],
): Promise<Map<string, Row<"VmSnapshot">>> {
  const vmIds = [...new Set(wanted.map(({ vmId }) => vmId))];
  const names = [...new Set(wanted.map(({ name }) => name))];
  const rows = await readByKeys(session, "VmSnapshot", vmIds, (ids) => ({ vm: { id_in: ids }, name_in: names }));
  const found = new Map<string, Row<"VmSnapshot">>();
  for (const row of rows) {
    const key = identityKey({ vmId: row.vm?.id ?? "", name: row.name ?? "" });
    const known = found.get(key);
    if (known === undefined || (row.local_created_at ?? "") < (known.local_created_at ?? "")) found.set(key, row);
  }
  return found;
}

/** The tasks that created snapshots, by the snapshots' ids. */
export async function creationTasks(
  session: UpstreamSession,
  snapshotIds: readonly string[],
): Promise<Map<string, Task>> {
  const rows = await readByKeys(session, "Task", snapshotIds, (ids) => ({ resource_id_in: ids }));
  const bySnapshot = groupByKey(rows, (row) => row.resource_id);
  return new Map([...bySnapshot].map(([id, tasks]) => [id, new Task(creating(tasks))]));
}

/** The open tasks that could be the creation of one of the snapshots, though no snapshot is to be seen yet. */
export async function openCreations(
  session: UpstreamSession,
  wanted: readonly SnapshotIdentity[],
): Promise<Row<"Task">[]> {
  const open = await readAll(session, "Task", { status_in: ["PENDING", "EXECUTING", "PAUSED"] });
  return open.filter((task) => mayCreateSnapshot(task) && wanted.some((snapshot) => mayMean(task, snapshot)));
}

/** CloudTower's names for mutations are no closed list: what is unnamed could be anything. */
function mayCreateSnapshot({ resource_mutation: mutation }: Row<"Task">): boolean {
  if (mutation === null || mutation === undefined || mutation === "") return true;
  return /snapshot/i.test(mutation) && !/delete|remove|rollback|rebuild|clone|update/i.test(mutation);
}

/** A task's arguments are free JSON: where they name VM and name of another snapshot the task is not meant, else it may be. */
function mayMean({ args, resource_id: resourceId }: Row<"Task">, { vmId, name }: SnapshotIdentity): boolean {
  const text = JSON.stringify(args ?? {});
  if (text.includes(JSON.stringify(vmId))) return text.includes(JSON.stringify(name)) || !text.includes('"name"');
  return resourceId === vmId || text === "{}" || text === "[]" || text === '""';
}
