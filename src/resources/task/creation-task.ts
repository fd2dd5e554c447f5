import type { Row } from "../../upstream/wire/types.js";
import { oldestFirst } from "../shared/oldest-first.js";
import { isTaskOf } from "./task-mutation.js";
import { isFinal, isOpen } from "./task-status.js";

/**
 * The task that created an object, out of all tasks on it: one whose mutation says so, rather one that has not failed, else the last.
 * Undefined if CloudTower has none, for instance because it has forgotten it: another task on the object, such as a failed deletion,
 * says nothing about its creation.
 */
export function creationTaskOf(tasks: readonly Row<"Task">[]): Row<"Task"> | undefined {
  const creations = oldestFirst(tasks).filter((task) => isTaskOf("create", task) && !isOfAnotherProduct(task));
  return creations.find((task) => task.status !== "FAILED") ?? creations.at(-1);
}

/**
 * A task on an object that has not ended, out of all tasks on it: the oldest. Undefined if there is none. A task whose status this
 * version does not know has ended if it has a time of its end.
 */
export function openTaskOf(tasks: readonly Row<"Task">[]): Row<"Task"> | undefined {
  return oldestFirst(tasks.filter((task) => !isOfAnotherProduct(task))).find(
    (task) => isOpen(task) || (!isFinal(task) && !task.finished_at),
  );
}

/** Types of tasks that CloudTower does not run itself: a backup product, for instance, names what it works on, and changes nothing of it. */
const OF_OTHERS: ReadonlySet<string> = new Set(["APPLICATION", "BACKUP", "HOST_PLUGIN", "REPLICATION", "SFS"]);

function isOfAnotherProduct({ type }: Row<"Task">): boolean {
  return OF_OTHERS.has(type ?? "");
}
