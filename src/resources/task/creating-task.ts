import type { Row } from "../../upstream/wire/types.js";

/** Of the tasks on one object, the one that created it. */
export function creating(tasks: readonly Row<"Task">[]): Row<"Task"> {
  const oldestFirst = tasks.toSorted((a, b) => ((a.local_created_at ?? "") < (b.local_created_at ?? "") ? -1 : 1));
  const created = oldestFirst.find((task) => /create/i.test(task.resource_mutation ?? ""));
  return created ?? (oldestFirst[0] as Row<"Task">);
}
