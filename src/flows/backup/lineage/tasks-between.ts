import type { GraphContext } from "../../../graph/loading/graph-context.js";
import { asError } from "../../../kernel/errors.js";
import { zonedMs } from "../../../kernel/zoned-time.js";
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
export function tasksBetween(graph: GraphContext, scope: TaskScope): Promise<Row<"Task">[] | string> {
  return graph.loaders.batch("tasksBetween", (scopes) => tasksOfEach(graph.session, scopes), scope);
}

/** The same for several plans, with the calls of one as long as that is enough: each gets the tasks in its own scope. */
async function tasksOfEach(
  session: UpstreamSession,
  scopes: readonly TaskScope[],
): Promise<(Row<"Task">[] | string | Error)[]> {
  const groups = joined(scopes, session.options.idsPerCall);
  const found = new Map<TaskScope, Row<"Task">[] | string | Error>();
  await Promise.all(
    groups.map(async (group) => {
      const tasks = await read(session, union(group)).catch(asError);
      for (const scope of group) {
        // What is too much for all of them may be possible for each.
        const isTooMuch = typeof tasks === "string" && group.length > 1;
        const own = isTooMuch ? await read(session, scope).catch(asError) : tasks;
        found.set(scope, Array.isArray(own) ? own.filter((task) => isInScope(task, scope)) : own);
      }
    }),
  );
  return scopes.map((scope) => found.get(scope) ?? []);
}

async function read(session: UpstreamSession, scope: TaskScope): Promise<Row<"Task">[] | string> {
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
  return rows;
}

/** The scopes in groups, each of which names as many objects as fit into one call. */
function joined(scopes: readonly TaskScope[], maxIds: number): TaskScope[][] {
  const groups: TaskScope[][] = [];
  let ids = Number.POSITIVE_INFINITY;
  for (const scope of scopes) {
    const own = idsIn(scope).length;
    ids += own;
    if (ids > maxIds) {
      groups.push([scope]);
      ids = own;
    } else groups.at(-1)?.push(scope);
  }
  return groups;
}

/** A scope that has every task of the others. */
function union(scopes: readonly TaskScope[]): TaskScope {
  return {
    window: {
      fromMs: Math.min(...scopes.map(({ window }) => window.fromMs)),
      untilMs: Math.max(...scopes.map(({ window }) => window.untilMs)),
    },
    clusterIds: [...new Set(scopes.flatMap(({ clusterIds }) => clusterIds))],
    objectIds: [...new Set(scopes.flatMap(({ objectIds }) => objectIds))],
    snapshotIds: [...new Set(scopes.flatMap(({ snapshotIds }) => snapshotIds))],
  };
}

/** Whether a task counts for a plan: as `suspicious` says it to CloudTower, and more strictly for those on its objects. */
function isInScope(task: Row<"Task">, scope: TaskScope): boolean {
  if (isOpenOn(scope.snapshotIds, task)) return true;
  if (!mayBeWithin(task, scope.window)) return false;
  if (idsIn(scope).includes(task.resource_id ?? "")) return true;
  const isInClusters = !task.cluster || scope.clusterIds.includes(task.cluster.id);
  // A task without a readable end is judged by when it began.
  const endsMs = zonedMs(task.finished_at);
  const isOld =
    task.finished_at && Number.isNaN(endsMs) && zonedMs(task.local_created_at) < scope.window.fromMs - dayMs;
  return isInClusters && !isOld;
}

function idsIn({ objectIds, snapshotIds }: TaskScope): readonly string[] {
  return [...new Set([...objectIds, ...snapshotIds])];
}

function isOpenOn(ids: readonly string[], { status, resource_id: id }: Row<"Task">): boolean {
  return status !== "SUCCESSED" && status !== "FAILED" && ids.includes(id ?? "");
}

function suspicious(scope: TaskScope, harmless: readonly string[]): Where<"Task"> {
  const { window, clusterIds } = scope;
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
  const onObjects: Where<"Task"> = { resource_id_in: idsIn(scope) };
  return { AND: [mayBeHarmful, { OR: [{ AND: [mayBeWithinWindow, inClusters] }, onObjects] }] };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
