import type { Row } from "../../../upstream/wire/types.js";

/** Maximum number of texts in a task's arguments, and maximum length of each, that are looked at. */
const MAX_TEXTS = 5000;
const MAX_TEXT_LENGTH = 100_000;

/** CloudTower's ids are much shorter: a longer text is not one. */
const MAX_ID_LENGTH = 100;

/** A UUID has five parts. */
const MAX_PARTS = 6;

/** What a task names: its object, and every text in its arguments. */
export interface TaskNames {
  /** Every text in lowercase, whole and in its parts, so that `VM-<id>` and an id within a sentence count as named. */
  readonly words: ReadonlySet<string>;
  /** The texts that may be ids of objects, in order, without parts. */
  readonly ids: readonly string[];
  /** Whether there was too much text to look at all of it. */
  readonly incomplete: boolean;
}

/** Collects what a task names. Its `args` are free JSON, and `snapshot` is a text that may hold JSON. */
export function namesOf({ resource_id: resourceId, args, snapshot }: Row<"Task">): TaskNames {
  const words = new Set<string>();
  const ids = new Set<string>();
  let left = MAX_TEXTS;
  let tooLong = false;
  const open: unknown[] = [resourceId, args, snapshot];
  while (open.length > 0 && left > 0) {
    const value = open.pop();
    if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) open.push(key, item);
    } else if (typeof value === "string" && value !== "") {
      left -= 1;
      if (value.length > MAX_TEXT_LENGTH) tooLong = true;
      else addWords(value.toLowerCase(), words);
      if (value.length <= MAX_ID_LENGTH) ids.add(value);
    }
  }
  return { words, ids: [...ids], incomplete: tooLong || open.length > 0 };
}

/** Adds a text, its words, and every run of the words' parts: of `vm-a1-b2` also `a1-b2` and `vm-a1`. */
function addWords(text: string, words: Set<string>): void {
  words.add(text);
  for (const word of text.split(/[^\w.-]+/)) {
    const parts = [...word.matchAll(/[^._-]+/g)];
    for (const [index, { index: start }] of parts.entries()) {
      for (const { index: last, 0: part } of parts.slice(index, index + MAX_PARTS)) {
        words.add(word.slice(start, last + part.length));
      }
    }
    words.add(word);
  }
}
