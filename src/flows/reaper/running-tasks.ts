import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { readAll } from "../writes/object-rows.js";
import { textsIn } from "../writes/own-tasks.js";

/** What tasks that have not ended name: the object that they act on, and all texts in their arguments. */
export type BusyIds = ReadonlySet<string>;

/** @throws UpstreamError if the tasks cannot be read, also if the caller may not see them: then nothing is known of them. */
export async function busyIds(session: UpstreamSession): Promise<BusyIds> {
  const tasks = await readAll(session, "Task", { status_in: OPEN_STATUSES });
  return new Set(tasks.flatMap((task) => [...textsIn(task), ...(task.resource_id ? [task.resource_id] : [])]));
}

/** Whether a task names one of the ids. */
export function namesAny(busy: BusyIds, ids: readonly string[]): boolean {
  return ids.some((id) => busy.has(id));
}
