import { entities, enums } from "../upstream/wire/contract.js";
import { kindAt, sampleRow } from "../upstream/wire/sample-row.js";
import type { Entity } from "../upstream/wire/types.js";

/**
 * The columns of an entity's rows that `use` reads, found by letting it use sample rows: with every field set, with none, and with
 * each field that it reads, those inside others too, at each of its values. Undefined where it cannot cope with them.
 */
export function columnsRead(entity: Entity, use: (row: object) => void): ReadonlySet<string> | undefined {
  const paths = new Set<string>();
  const values: Record<string, unknown> = {};
  const row = sampleRow(entity, (path) => paths.add(path), values);
  const names = Object.keys(entities[entity].fields).filter((name) => name !== "id");
  try {
    use(row);
    for (const name of names) values[name] = null;
    use(row);
    for (const name of names) delete values[name];
    // What one of them leads to is tried in turn: the set grows meanwhile.
    for (const path of paths) {
      const key = path.slice(entity.length + 1);
      if (key === "id") continue;
      for (const value of valuesOf(kindAt(path))) {
        values[key] = value;
        use(row);
      }
      delete values[key];
    }
  } catch {
    return undefined;
  }
  return new Set(["id", ...[...paths].map((path) => path.split(".")[1] as string)]);
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
