import { ErrorCode } from "../../kernel/errors.js";
import { OPEN_STATUSES } from "../../resources/task/task-status.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { Row } from "../../upstream/wire/types.js";
import { readAll } from "./object-rows.js";

/** The tasks that have not ended; none if the caller may not see tasks. @throws UpstreamError if they cannot be read for another reason. */
export async function openTasks(session: UpstreamSession): Promise<Row<"Task">[]> {
  try {
    return await readAll(session, "Task", { status_in: OPEN_STATUSES }, true);
  } catch (error) {
    if (error instanceof UpstreamError && error.code === ErrorCode.Forbidden) return [];
    throw error;
  }
}
