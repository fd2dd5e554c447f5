import type { Row, Where } from "../../upstream/wire/types.js";

/** Kind of change that a task makes, derived from its `resource_mutation`. */
export type TaskKind = "create" | "delete" | "rollback" | "rebuild";

/** CloudTower's mutation names, such as `createVmSnapshot`, are not a closed list: the kind is found by a word in the name. */
const WORDS: Readonly<Record<TaskKind, RegExp>> = {
  create: /create/i,
  delete: /delete/i,
  rollback: /rollback/i,
  rebuild: /rebuild/i,
};

/** Words in the names of mutations that involve a snapshot but do not create one. */
const CREATES_NO_SNAPSHOT = /delete|remove|rollback|rebuild|clone|update/i;

/** Whether a task is of the kind. False for a task without a mutation. */
export function isTaskOf(kind: TaskKind, { resource_mutation: mutation }: Row<"Task">): boolean {
  return WORDS[kind].test(mutation ?? "");
}

/** Whether a task may be creating a VM snapshot. True for a task without a mutation, which could be anything. */
export function mayCreateSnapshot({ resource_mutation: mutation }: Row<"Task">): boolean {
  if (mutation === null || mutation === undefined || mutation === "") return true;
  return /snapshot/i.test(mutation) && !CREATES_NO_SNAPSHOT.test(mutation);
}

/** Upstream filter for rollbacks. CloudTower's filters are case-sensitive, so it has both usual spellings. */
export const rollbackFilter: Where<"Task"> = {
  OR: [{ resource_mutation_contains: "ollback" }, { resource_mutation_contains: "OLLBACK" }],
};
