import type { Row } from "../../../upstream/wire/types.js";

/** Maximum number of texts that are looked at in a task's arguments. */
const MAX_TEXTS = 5000;

/** What a task names: its object, and every text in its arguments. */
export interface TaskNames {
  /** Every text, whole and in its parts, so that an id within a longer text counts as named. */
  readonly words: ReadonlySet<string>;
  /** The texts that may be ids of objects, in order, without parts. */
  readonly ids: readonly string[];
  /** Whether there were too many texts to look at all. */
  readonly incomplete: boolean;
}

/** CloudTower's ids are much shorter: a longer text is not one. */
const MAX_ID_LENGTH = 100;

/** Collects what a task names. Its `args` are free JSON, and `snapshot` is a text that may hold JSON. */
export function namesOf({ resource_id: resourceId, args, snapshot }: Row<"Task">): TaskNames {
  const words = new Set<string>();
  const ids = new Set<string>();
  let left = MAX_TEXTS;
  const open: unknown[] = [resourceId, args, snapshot];
  while (open.length > 0 && left > 0) {
    const value = open.pop();
    if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) open.push(key, item);
    } else if (typeof value === "string" && value !== "") {
      left -= 1;
      words.add(value);
      for (const word of value.split(/[^\w.-]+/)) words.add(word);
      if (value.length <= MAX_ID_LENGTH) ids.add(value);
    }
  }
  return { words, ids: [...ids], incomplete: open.length > 0 };
}
