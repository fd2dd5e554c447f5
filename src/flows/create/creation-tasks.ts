import { groupByKey } from "../../kernel/group.js";
import { oldestFirst } from "../../resources/shared/oldest-first.js";
import { isTaskOf } from "../../resources/task/task-mutation.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row } from "../../upstream/wire/types.js";
import { readByKeys } from "../writes/object-rows.js";

/** The task that created each of the snapshots, by snapshot id, if CloudTower still has it; empty if it cannot be read. */
export async function creationsOf(
  session: UpstreamSession,
  snapshotIds: readonly string[],
): Promise<ReadonlyMap<string, Row<"Task">>> {
  const rows = await readByKeys(session, "Task", snapshotIds, (resource_id_in) => ({ resource_id_in })).catch(() => []);
  const creations = rows.filter((task) => isTaskOf("create", task));
  const bySnapshot = groupByKey(creations, (task) => task.resource_id);
  return new Map([...bySnapshot].map(([id, tasks]) => [id, oldestFirst(tasks)[0] as Row<"Task">]));
}

/** Those of the snapshots that were deleted, as their tasks tell; none if they cannot be read. */
export async function deletedOf(session: UpstreamSession, snapshotIds: readonly string[]): Promise<Set<string>> {
  if (snapshotIds.length === 0) return new Set();
  const rows = await readByKeys(session, "Task", snapshotIds, (resource_id_in) => ({ resource_id_in })).catch(() => []);
  const deletions = rows.filter((task) => isTaskOf("delete", task) && task.status === "SUCCESSED");
  return new Set(deletions.flatMap(({ resource_id }) => resource_id ?? []));
}
