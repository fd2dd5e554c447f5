import type { LoadedRelation } from "../graph/relations/relation.js";
import { declareRelation } from "../graph/schema/declare.js";
import { groupByKey } from "../kernel/group.js";
import { creationTaskOf, openTaskOf } from "../resources/task/creation-task.js";
import { Task } from "../resources/task/task.type.js";
import { VmSnapshot } from "../resources/vm-snapshot/vm-snapshot.type.js";
import type { UpstreamSession } from "../upstream/session.js";
import { readByKeys } from "../upstream/sound-rows.js";
import type { Row } from "../upstream/wire/types.js";

const common = {
  kind: "loaded",
  from: VmSnapshot,
  to: Task,
  many: false,
  endpoints: ["get-tasks"],
  key: (snapshot: VmSnapshot) => snapshot.cloudTowerId,
  keyIsId: true,
  parentColumns: ["id"],
} as const;

/**
 * VmSnapshot → the task that created it.
 *
 * CloudTower does not link them. The task that creates a snapshot has its id in `resource_id`, which is how the vendor's own
 * clients find it.
 */
const relation: LoadedRelation<VmSnapshot, Task> = {
  ...common,
  field: "task",
  description: "The task that created the snapshot; null if CloudTower no longer has it.",
  load: creationTasks,
};

/** Not a relation of the schema: VmSnapshot → a task on it that has not ended, so that it is loaded for many at the same time. */
export const snapshotOpenTask: LoadedRelation<VmSnapshot, Task> = {
  ...common,
  field: "openTask",
  description: "A task on the snapshot that has not ended; null if there is none.",
  load: (session, snapshotIds) => tasksOn(session, snapshotIds, openTaskOf),
};

/** The tasks that created the snapshots, by snapshot id. A snapshot whose task CloudTower has forgotten has none. */
export function creationTasks(session: UpstreamSession, snapshotIds: readonly string[]): Promise<Map<string, Task>> {
  return tasksOn(session, snapshotIds, creationTaskOf);
}

async function tasksOn(
  session: UpstreamSession,
  snapshotIds: readonly string[],
  choose: (tasks: readonly Row<"Task">[]) => Row<"Task"> | undefined,
): Promise<Map<string, Task>> {
  const rows = await readByKeys(session, "Task", snapshotIds, (ids) => ({ resource_id_in: ids }));
  const found = new Map<string, Task>();
  for (const [id, tasks] of groupByKey(rows, (row) => row.resource_id)) {
    const task = choose(tasks);
    if (task !== undefined) found.set(id, new Task(task));
  }
  return found;
}

export const snapshotTask = declareRelation(relation);
