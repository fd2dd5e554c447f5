import { harmlessMutations, inAllSpellings } from "../../../resources/task/task-mutation.js";
import { readAll, readCount } from "../../../upstream/reads.js";
import type { UpstreamSession } from "../../../upstream/session.js";
import type { Row, Where } from "../../../upstream/wire/types.js";
import { mayBeWithin, type PlanWindow } from "./plan-window.js";

/** Maximum number of tasks that are judged for one plan. */
const MAX_TASKS = 5000;
/** With more tasks than this, CloudTower probably spells harmless ones in another way than its API. */
const MANY_TASKS = 500;

const dayMs = 86_400_000;

/** Where to look for tasks. */
export interface TaskScope {
  readonly window: PlanWindow;
  /** Tasks in these clusters or in none are read. */
  readonly clusterIds: readonly string[];
  /** Ids of objects whose tasks are read wherever they ran. */
  readonly objectIds: readonly string[];
  /** Ids of the snapshots themselves: an open task on one of them counts whenever it began. */
  readonly snapshotIds: readonly string[];
}

/**
 * The tasks that may have run between two snapshots, other than harmless ones that succeeded; or why they are not known. Usually
 * one call: most of the time there are none.
 *
 * The filter leaves out only what is certainly harmless, as CloudTower compares texts exactly and drops rows with null: a few hundred names,
 * and their other spellings only if there is much left. What is left then is judged by the reader.
 */
export async function tasksBetween(session: UpstreamSession, scope: TaskScope): Promise<Row<"Task">[] | string> {
  let where = suspicious(scope, harmlessMutations);
  let count = await readCount(session, "Task", where);
  if (count > MANY_TASKS) {
    where = suspicious(scope, inAllSpellings(harmlessMutations));
    count = await readCount(session, "Task", where);
  }
  if (count === 0) return [];
  if (count > MAX_TASKS) return `More than ${MAX_TASKS} tasks between the two snapshots would have to be judged.`;
  let rows = await readAll(session, "Task", where);
  // CloudTower may cut lists shorter than requested.
  if (rows.length < count) rows = await readAll(session, "Task", where, true);
  if (rows.length < count) return "CloudTower's list of tasks between the two snapshots is not complete.";
  return rows.filter((task) => mayBeWithin(task, scope.window) || isOpenOn(scope.snapshotIds, task));
}

function isOpenOn(ids: readonly string[], { status, resource_id: id }: Row<"Task">): boolean {
  return status !== "SUCCESSED" && status !== "FAILED" && ids.includes(id ?? "");
}

function suspicious(
  { window, clusterIds, objectIds, snapshotIds }: TaskScope,
  harmless: readonly string[],
): Where<"Task"> {
  const [from, until] = [iso(window.fromMs), iso(window.untilMs)];
  const mayBeHarmful: Where<"Task"> = {
    OR: [{ status_not: "SUCCESSED" }, { resource_mutation: null }, { resource_mutation_not_in: harmless }],
  };
  // A task without a readable end is judged by when it began.
  const mayBeWithinWindow: Where<"Task"> = {
    local_created_at_lte: until,
    OR: [
      { finished_at_gte: from },
      { finished_at: null },
      { status_not_in: ["SUCCESSED", "FAILED"] },
      { local_created_at_gte: iso(window.fromMs - dayMs) },
    ],
  };
  const inClusters: Where<"Task"> = { OR: [{ cluster: { id_in: clusterIds } }, { cluster: null }] };
  const onObjects: Where<"Task"> = { resource_id_in: [...new Set([...objectIds, ...snapshotIds])] };
  return { AND: [mayBeHarmful, { OR: [{ AND: [mayBeWithinWindow, inClusters] }, onObjects] }] };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
