import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { creationTaskOf } from "../resources/task/creation-task.js";
import { Task } from "../resources/task/task.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import { readByKeys } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";

/**
 * VmSnapshot → the task that created it.
 *
 * CloudTower does not link them. The task that creates a snapshot has its id in `resource_id`, which is how the vendor's own
 * clients find it.
 */
const relation: LoadedRelation<VmSnapshot, Task> = {
  kind: "loaded",
  from: VmSnapshot,
  field: "task",
  to: Task,
  many: false,
  description: "The task that created the snapshot; null if CloudTower no longer has it.",
  endpoints: ["get-tasks"],
  key: (snapshot) => snapshot.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
  load: creationTasks,
};

/** The tasks that created the snapshots, by snapshot id. */
export async function creationTasks(
  session: UpstreamSession,
  snapshotIds: readonly string[],
): Promise<Map<string, Task>> {
  const rows = await readByKeys(session, "Task", snapshotIds, (ids) => ({ resource_id_in: ids }));
  const bySnapshot = groupByKey(rows, (row) => row.resource_id);
  return new Map([...bySnapshot].map(([id, tasks]) => [id, new Task(creationTaskOf(tasks))]));
}

export const snapshotTask = declareRelation(relation);
