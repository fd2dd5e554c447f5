import { oldestFirst } from "../../../resources/shared/oldest-first.js";
import { isTaskOf, mayCreateGroupSnapshot } from "../../../resources/task/task-mutation.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row } from "../../../upstream/wire/types.js";
import { readAll } from "../../writes/object-rows.js";
import { argumentsName } from "../../writes/own-tasks.js";
import type { GroupSnapshotRequest } from "../group-calls.js";

/** The snapshots of the group with the name, and those with an id, oldest first. */
export async function findGroupSnapshots(
  session: UpstreamSession,
  { groupId, name }: GroupSnapshotRequest,
  ids: readonly string[],
): Promise<Row<"ConsistencyGroupSnapshot">[]> {
  const byName = { consistency_group: { id: groupId }, name };
  const where = ids.length === 0 ? byName : { OR: [byName, { id_in: ids }] };
  return oldestFirst(await readAll(session, "ConsistencyGroupSnapshot", where));
}

/** Whether a snapshot has the identity. */
export function isNamesake(
  { consistency_group, name }: Row<"ConsistencyGroupSnapshot">,
  request: GroupSnapshotRequest,
): boolean {
  return consistency_group?.id === request.groupId && name === request.name;
}

/** Whether an open task may be creating the snapshot, though it does not show yet. Its arguments are free JSON, and may name nothing. */
export function mayCreate(task: Row<"Task">, { groupId, name }: GroupSnapshotRequest): boolean {
  if (!mayCreateGroupSnapshot(task)) return false;
  if (task.resource_id !== groupId && !argumentsName(task, [groupId])) return false;
  const namesOne = /name\\*":/i.test(JSON.stringify(task.args ?? {}));
  return argumentsName(task, [name]) || (isTaskOf("create", task) && !namesOne);
}
