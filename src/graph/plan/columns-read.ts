import { enums } from "../../upstream/wire/contract.js";
import { kindAt, sampleRow } from "../../upstream/wire/sample-row.js";
import type { Entity } from "../../upstream/wire/types.js";

/** Something that is done with the rows of an entity. */
export interface Use {
  /** Does it with one row. */
  read(row: object): unknown;
  /** What stands for it wherever it is done; without one it is tried again each time. */
  readonly key?: object | undefined;
}

/**
 * The columns of an entity's rows that the uses read, found by letting them use a sample: with every field set, with none, and with
 * each field that a use reads, those inside others too, at each of its values. Undefined where one cannot cope with that.
 */
export function columnsRead(entity: Entity, uses: Iterable<Use>): ReadonlySet<string> | undefined {
  const all = new Set(["id"]);
  for (const use of uses) {
    const columns = (use.key && remembered.get(use.key)) ?? tried(entity, use);
    if (use.key !== undefined) remembered.set(use.key, columns);
    if (columns === "unknown") return undefined;
    for (const column of columns) all.add(column);
  }
  return all;
}

type Read = ReadonlySet<string> | "unknown";
const remembered = new WeakMap<object, Read>();

function tried(entity: Entity, use: Use): Read {
  const { row, begin, give } = spyOn(entity);
  const paths = begin();
  try {
    give(() => undefined);
    use.read(row);
    give((path) => (path === "id" ? undefined : null));
    use.read(row);
    // What one of them leads to is tried in turn: the set grows meanwhile.
    for (const path of paths) {
      const own = path.slice(entity.length + 1);
      for (const value of own === "id" ? [] : valuesOf(kindAt(path))) {
        give((asked) => (asked === own ? value : undefined));
        use.read(row);
      }
    }
  } catch {
    return "unknown";
  }
  return new Set([...paths].map((path) => path.split(".")[1] as string));
}

/** A sample row that notes what is read of it. */
interface Spy {
  readonly row: object;
  /** Starts a new set of the paths that are read, such as `VmSnapshot.vm_disks.boot`. */
  begin(): ReadonlySet<string>;
  /** What fields are to hold instead. */
  give(instead: (path: string) => unknown): void;
}
const spies = new Map<Entity, Spy>();

function spyOn(entity: Entity): Spy {
  const known = spies.get(entity);
  if (known !== undefined) return known;
  let paths = new Set<string>();
  let given: (path: string) => unknown = () => undefined;
  const spy: Spy = {
    row: sampleRow(
      entity,
      (path) => paths.add(path),
      (path) => given(path),
    ),
    begin() {
      paths = new Set();
      return paths;
    },
    give(instead) {
      given = instead;
    },
  };
  spies.set(entity, spy);
  return spy;
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
