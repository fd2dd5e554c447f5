import { followOne } from "../../../graph/loading/follow-relation.js";
import type { GraphContext } from "../../../graph/loading/graph-context.js";
import { zonedMs } from "../../../kernel/zoned-time.js";
import { snapshotTask } from "../../../relations/snapshot-task.js";
import { createsVmSnapshot } from "../../../resources/task/task-mutation.js";
import { isFinal } from "../../../resources/task/task-status.js";
import type { VmSnapshot } from "../../../resources/vm-snapshot/vm-snapshot.type.js";
import type { Row } from "../../../upstream/wire/types.js";
import { CLOCK_TOLERANCE_MS } from "../../snapshot-data/clock-tolerance.js";

/** The time in which a task may have come between two snapshots, on CloudTower's clock, in ms since 1970. */
export interface PlanWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The window between two snapshots, or why it is not known.
 *
 * Snapshots carry the cluster's time and tasks CloudTower's. So the window is that of the tasks that created the snapshots, joined with
 * that of the snapshots' own times as far as they are known, and widened by the tolerance. Both tasks must still be there: CloudTower forgets the oldest tasks
 * first, so that all later ones are there too.
 */
export async function planWindow(graph: GraphContext, since: VmSnapshot, to: VmSnapshot): Promise<PlanWindow | string> {
  const [first, second] = await Promise.all([creation(graph, since), creation(graph, to)]);
  if (first === undefined) return forgotten("earlier");
  if (second === undefined) return forgotten("later");
  const [firstStart, firstEnd, secondStart, secondEnd] = [first, second].flatMap((task) => [
    zonedMs(task.local_created_at),
    zonedMs(task.finished_at),
  ]) as [number, number, number, number];
  if ([firstStart, firstEnd, secondStart, secondEnd].some(Number.isNaN)) {
    return "The times of the tasks that created the two snapshots are not known.";
  }
  if (firstEnd > secondStart) return "The later snapshot was begun before the earlier one was complete.";
  const own = [since, to].map(({ createdAt }) => zonedMs(createdAt)).filter((time) => !Number.isNaN(time));
  const from = Math.min(firstStart, ...own);
  const until = Math.max(secondEnd, ...own);
  return { fromMs: from - CLOCK_TOLERANCE_MS, untilMs: until + CLOCK_TOLERANCE_MS };
}

/** Whether a task may have run in the window. A time that is not known, or cannot be read, counts as within. */
export function mayBeWithin(task: Row<"Task">, { fromMs, untilMs }: PlanWindow): boolean {
  const isBefore = isFinal(task) && zonedMs(task.finished_at) < fromMs;
  const isAfter = zonedMs(task.local_created_at) > untilMs;
  return !isBefore && !isAfter;
}

async function creation(graph: GraphContext, snapshot: VmSnapshot): Promise<Row<"Task"> | undefined> {
  const row = (await followOne(graph, snapshotTask, snapshot))?.row;
  return row?.status === "SUCCESSED" && createsVmSnapshot(row) ? row : undefined;
}

function forgotten(which: "earlier" | "later"): string {
  return `CloudTower does not list the task that created the ${which} snapshot, so tasks between the two may be missing as well.`;
}
