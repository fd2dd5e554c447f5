import type { Row } from "../../upstream/wire/types.js";
import { oldestFirst } from "../shared/oldest-first.js";
import { isTaskOf } from "./task-mutation.js";

/** Of the tasks on an object, the one that created it: the first whose mutation says so, else the first. */
export function creatingTask(tasks: readonly Row<"Task">[]): Row<"Task"> {
  const rows = oldestFirst(tasks);
  return rows.find((task) => isTaskOf("create", task)) ?? (rows[0] as Row<"Task">);
}
