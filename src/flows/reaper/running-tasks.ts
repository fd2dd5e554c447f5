import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Row, Where } from "../../upstream/wire/types.js";
import { readAll } from "../writes/object-rows.js";
import { textsIn } from "../writes/own-tasks.js";

/** What tasks that have not ended name: the object that they act on, and all texts in their arguments. */
export type BusyIds = ReadonlySet<string>;

/** @throws UpstreamError if the tasks cannot be read, also if the caller may not see them: then nothing is known of them. */
export async function busyIds(session: UpstreamSession): Promise<BusyIds> {
  const tasks = await readAll(session, "Task", NOT_ENDED, true);
  return new Set(tasks.flatMap((task) => [...textsIn(task), ...textsBeside(task)]));
}

/** Also those whose status says nothing, as long as they have no end. */
const NOT_ENDED: Where<"Task"> = {
  OR: [
    { status_in: OPEN_STATUSES },
    { AND: [{ status_not_in: ["SUCCESSED", "FAILED"] }, { finished_at: null }] },
    { AND: [{ status: null }, { finished_at: null }] },
  ],
};

/** Texts that name an object in other places than the values of the arguments. */
function textsBeside({ resource_id, snapshot, args, description }: Row<"Task">): string[] {
  const texts = [snapshot, description, JSON.stringify(args)].filter((text) => typeof text === "string");
  return [...(resource_id ? [resource_id] : []), ...texts.flatMap((text) => text.match(/[\w-]+/g) ?? [])];
}

/** Whether a task names one of the ids. */
export function namesAny(busy: BusyIds, ids: readonly string[]): boolean {
  return ids.some((id) => busy.has(id));
}
