import type { Row, Where } from "../../upstream/wire/types.js";

/** What a task does, as far as its `resource_mutation` says. */
export type TaskKind = "create" | "delete" | "rollback" | "rebuild";

/** CloudTower's names for mutations, such as `createVmSnapshot`, are not a closed list: a word in them gives the kind. */
const WORDS: Readonly<Record<TaskKind, RegExp>> = {
  create: /create/i,
  delete: /delete/i,
  rollback: /rollback/i,
  rebuild: /rebuild/i,
};

/** Words of mutations on a snapshot, or from one, that create no snapshot. */
const CREATES_NO_SNAPSHOT = /delete|remove|rollback|rebuild|clone|update/i;

/** Whether a task is of the kind. False for a task without a mutation. */
export function isTaskOf(kind: TaskKind, { resource_mutation: mutation }: Row<"Task">): boolean {
  return WORDS[kind].test(mutation ?? "");
}

/** Whether a task could be the creation of a VM snapshot. True for a task without a mutation, which could be anything. */
export function mayCreateSnapshot({ resource_mutation: mutation }: Row<"Task">): boolean {
  if (mutation === null || mutation === undefined || mutation === "") return true;
  return /snapshot/i.test(mutation) && !CREATES_NO_SNAPSHOT.test(mutation);
}

/** Upstream filter for rollbacks. CloudTower compares letter by letter, so it has both usual spellings. */
export const rollbackFilter: Where<"Task"> = {
  OR: [{ resource_mutation_contains: "ollback" }, { resource_mutation_contains: "OLLBACK" }],
};
