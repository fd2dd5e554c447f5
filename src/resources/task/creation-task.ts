import type { Row } from "../../upstream/wire/types.js";
import { oldestFirst } from "../shared/oldest-first.js";
import { isTaskOf } from "./task-mutation.js";

/** The task that created an object, out of all tasks on it: the oldest whose mutation says so, or else the oldest. */
export function creationTaskOf(tasks: readonly Row<"Task">[]): Row<"Task"> {
  const rows = oldestFirst(tasks);
  return rows.find((task) => isTaskOf("create", task)) ?? (rows[0] as Row<"Task">);
}
