import { enums } from "../upstream/wire/contract.js";
import { kindAt, sampleRow } from "../upstream/wire/sample-row.js";
import type { Entity } from "../upstream/wire/types.js";

/** Something that is done with a row. */
export type Use = (row: never) => unknown;

/**
 * The columns of an entity's rows that the uses read, found by letting them use a sample: with every field set, with none, and with
 * each field that a use reads, those inside others too, at each of its values. Undefined where one cannot cope with that.
 */
export function columnsRead(entity: Entity, uses: Iterable<Use>): ReadonlySet<string> | undefined {
  const columns = new Set(["id"]);
  let paths = new Set<string>();
  let given: (key: string) => unknown;
  const sample = sampleRow(
    entity,
    (path) => paths.add(path),
    (key) => given(key),
  ) as never;
  try {
    for (const use of uses) {
      paths = new Set();
      given = () => undefined;
      use(sample);
      given = (key) => (key === "id" ? undefined : null);
      use(sample);
      // What one of them leads to is tried in turn: the set grows meanwhile.
      for (const path of paths) {
        const key = path.slice(entity.length + 1);
        for (const value of key === "id" ? [] : valuesOf(kindAt(path))) {
          given = (asked) => (asked === key ? value : undefined);
          use(sample);
        }
        columns.add(path.split(".")[1] as string);
      }
    }
  } catch {
    return undefined;
  }
  return columns;
}

/** What a field may hold besides its sample. */
function valuesOf(kind: string): readonly unknown[] {
  const [word = "", of = ""] = kind.replace("!", "").split(" ");
  switch (word) {
    case "enum":
      return [null, ...((enums as Record<string, readonly string[]>)[of] ?? [])];
    case "boolean":
      return [null, false];
    case "string":
      return [null, ""];
    case "list":
    case "many":
      return [null, []];
    case "int32":
    case "int64":
    case "double":
      return [null, 0];
    default:
      return [null];
  }
}
