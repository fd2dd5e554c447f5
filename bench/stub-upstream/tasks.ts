import type { Row } from "../../src/upstream/wire/types.js";
import { cuid, filled, type StoredRow, type Table } from "./tables.js";

/**
 * When tasks succeed: the first at `fromMs`, the last at `toMs`, the others evenly distributed. From `announcedMs` on, their progress
 * is interpolated to that end. All in milliseconds since 1970.
 */
export interface TaskEnds {
  readonly announcedMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Number of tasks in the stub. */
export const TASK_COUNT = 1000;

const PROGRESS_STEP = 0.01;
const PROGRESS_STEP_MS = 1000;
const MAX_OPEN_PROGRESS = 0.99;

/** Id of one of the tasks. */
export function taskId(index: number): string {
  return cuid("task", index);
}

/** When a task succeeds. */
export function endOfTask(index: number, { fromMs, toMs }: TaskEnds): number {
  return fromMs + ((toMs - fromMs) * index) / TASK_COUNT;
}

/** Tasks at a given time. Open ones progress by a hundredth per second, at staggered times, and stay open until `ends` are given. */
export function tasksAt(nowMs: number, startMs: number, ends: TaskEnds | undefined): Table {
  const rows = Array.from({ length: TASK_COUNT }, (_, index) => {
    const progress = progressAt(index, nowMs, startMs, ends);
    const row = makeTask(index, startMs, progress, progress === 1);
    // Serialized on demand: a poll reads only some of the tasks.
    const stored: StoredRow = {
      row: { ...row },
      get json() {
        return JSON.stringify(row);
      },
    };
    return stored;
  }).sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  return { rows, byId: new Map(rows.map((stored) => [stored.row.id, stored])) };
}

function progressAt(index: number, nowMs: number, startMs: number, ends: TaskEnds | undefined): number {
  const ageMs = (ends?.announcedMs ?? nowMs) - startMs + (PROGRESS_STEP_MS * index) / TASK_COUNT;
  const steady = PROGRESS_STEP * Math.floor(ageMs / PROGRESS_STEP_MS);
  if (ends === undefined) return Math.min(MAX_OPEN_PROGRESS, steady);
  const endMs = endOfTask(index, ends);
  if (nowMs >= endMs) return 1;
  const fraction = (nowMs - ends.announcedMs) / (endMs - ends.announcedMs);
  return Math.min(MAX_OPEN_PROGRESS, steady + (1 - steady) * fraction);
}

function makeTask(index: number, startMs: number, progress: number, ended: boolean): Row<"Task"> {
  const startedAt = new Date(startMs).toISOString();
  return filled("Task", {
    id: taskId(index),
    args: { data: { name: `backup-${index}`, vm_id: cuid("vm", index) } },
    description: `Create snapshot of the virtual machine vm-production-${index}`,
    finished_at: ended ? new Date().toISOString() : null,
    local_created_at: startedAt,
    progress,
    resource_id: cuid("snapshot", index),
    resource_mutation: "createVmSnapshot",
    resource_type: "VmSnapshot",
    snapshot: "{}",
    started_at: startedAt,
    status: ended ? "SUCCESSED" : "EXECUTING",
    steps: [
      { key: "createSnapshot", current: progress * 100, finished: ended, per_second: 1, total: 100, unit: "PERCENT" },
    ],
  });
}
