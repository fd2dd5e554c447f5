import type { Row } from "../../src/upstream/wire/types.js";
import { filled, type StoredRow, type Table } from "./tables.js";

/** Tasks whose ends are events. All times are in milliseconds since 1970. */
export interface EventPlan {
  /** Number of tasks that ended in the hour before `startMs`. */
  readonly past: number;
  readonly startMs: number;
  /** Ends of tasks that run from `startMs` on. */
  readonly running: readonly number[];
  /** Ends of tasks that are visible only once they have ended. */
  readonly sudden: readonly number[];
}

const HOUR_MS = 3_600_000;

/** Id of a task of a plan: those of the past come first, then the running ones, then the sudden ones. */
export function eventTaskId(index: number): string {
  return `cl${String(index).padStart(23, "0")}`;
}

/** When a task of the past has ended. */
export function endOfPastTask(index: number, { past, startMs }: EventPlan): number {
  return Math.floor(startMs - HOUR_MS + ((HOUR_MS - 1000) * index) / past);
}

/** The tasks of a plan, as a table at any time. */
export class EventTasks {
  /** Ordered by id and by end. */
  private readonly past: readonly StoredRow[];
  private readonly pastEnds: readonly number[];

  constructor(private readonly plan: EventPlan) {
    this.pastEnds = Array.from({ length: plan.past }, (_, index) => endOfPastTask(index, plan));
    this.past = this.pastEnds.map((endMs, index) => stored(makeTask(index, endMs - 4000, endMs, true)));
  }

  /** The rows that can match a filter at a time: of the past, those from its earliest `finished_at_gte` on. */
  tableAt(nowMs: number, where: unknown): Table {
    const { startMs, running, sudden } = this.plan;
    const fromMs = earliestEnd(where);
    const start = fromMs === undefined ? 0 : this.pastEnds.findIndex((endMs) => endMs >= fromMs);
    const rows = start < 0 ? [] : this.past.slice(start);
    const first = this.past.length;
    for (const [index, endMs] of running.entries()) {
      if (nowMs >= startMs) rows.push(stored(makeTask(first + index, startMs, endMs, nowMs >= endMs)));
    }
    for (const [index, endMs] of sudden.entries()) {
      if (nowMs >= endMs) rows.push(stored(makeTask(first + running.length + index, endMs - 50, endMs, true)));
    }
    return { rows, byId: new Map() };
  }
}

/** The earliest `finished_at_gte` in a filter; undefined if rows can match for another reason, such as their id. */
function earliestEnd(where: unknown): number | undefined {
  const text = JSON.stringify(where ?? {});
  if (/"id(_in)?":/.test(text)) return undefined;
  const times = [...text.matchAll(/"finished_at_gte":"([^"]+)"/g)].map(([, time]) => Date.parse(String(time)));
  return times.length === 0 ? undefined : Math.min(...times);
}

function stored(row: Row<"Task">): StoredRow {
  return { row: { ...row }, json: JSON.stringify(row) };
}

function makeTask(index: number, startMs: number, endMs: number, hasEnded: boolean): Row<"Task"> {
  const startedAt = new Date(startMs).toISOString();
  return filled("Task", {
    id: eventTaskId(index),
    args: { data: { name: `backup-${index}` } },
    description: `Create snapshot of the virtual machine vm-production-${index}`,
    finished_at: hasEnded ? new Date(endMs).toISOString() : null,
    local_created_at: startedAt,
    progress: hasEnded ? 1 : 0.5,
    resource_id: `snapshot-${index}`,
    resource_mutation: "createVmSnapshot",
    resource_type: "VmSnapshot",
    snapshot: "{}",
    started_at: startedAt,
    status: hasEnded ? "SUCCESSED" : "EXECUTING",
    steps: [{ key: "create", current: hasEnded ? 1 : 0, finished: hasEnded, per_second: 1, total: 1, unit: "COUNT" }],
  });
}
