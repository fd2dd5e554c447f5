import { embedded, entities, enums, stubs } from "../../../src/upstream/wire/contract.js";
import type { Entity } from "../../../src/upstream/wire/types.js";

type Fields = Readonly<Record<string, string>>;
/** A value to use instead at a path such as `name` or `vm_disks.boot`; undefined for the sample value. */
type Override = (path: string) => unknown;

/** Called for every field that is read, with a path such as `Vm.name` or `VmSnapshot.vm_disks.boot`. */
export type OnRead = (path: string) => void;

/**
 * A row of CloudTower in which every field has a value, and which reports what is read.
 *
 * @param override called each time that a field is read.
 */
export function sampleRow(entity: Entity, onRead: OnRead, override: Override = () => undefined): object {
  return watched(entities[entity].fields, entity, onRead, override);
}

/** The kind of the field at a path such as `VmSnapshot.vm_disks.boot`. */
export function kindAt(path: string): string {
  const [entity, ...names] = path.split(".");
  let fields: Fields | undefined = entities[entity as Entity].fields;
  let kind = "";
  for (const name of names) {
    kind = fields?.[name] ?? "";
    fields = embeddedIn(kind);
  }
  return kind;
}

/** The fields of the objects embedded in a JSON field. */
export function embeddedIn(kind: string): Fields | undefined {
  const name = /^json \[?(\w+)\]?!?$/.exec(kind)?.[1];
  return name === undefined ? undefined : (embedded as Record<string, Fields>)[name];
}

function watched(fields: Fields, path: string, onRead: OnRead, override: Override): object {
  const row: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    const own = `${path}.${name}`;
    const value = sampleValue(kind.replace("!", ""), own, onRead, override);
    const key = own.slice(own.indexOf(".") + 1);
    Object.defineProperty(row, name, {
      enumerable: true,
      get() {
        onRead(own);
        const replacement = override(key);
        return replacement === undefined ? value : replacement;
      },
    });
  }
  return row;
}

function sampleValue(kind: string, path: string, onRead: OnRead, override: Override): unknown {
  const [word = "", of = ""] = kind.split(" ");
  switch (word) {
    case "string":
      return "text";
    case "date":
      return "2026-01-01T00:00:00.000Z";
    case "boolean":
      return true;
    case "enum":
      return (enums as Record<string, readonly string[]>)[of]?.[0];
    case "list":
      return [of === "string" || of === "enum" ? sampleValue(kind.slice("list ".length), path, onRead, override) : 7];
    case "one":
      return stub(of);
    case "many":
      return [stub(of)];
    case "json": {
      const inner = embeddedIn(kind);
      const value = inner === undefined ? "{}" : watched(inner, path, onRead, override);
      return of.startsWith("[") ? [value] : value;
    }
    default:
      return 7;
  }
}

function stub(name: string): object {
  const fields = (stubs as unknown as Record<string, Fields>)[name] ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([field, kind]) => [
      field,
      sampleValue(
        kind.replace("!", ""),
        field,
        () => {},
        () => undefined,
      ),
    ]),
  );
}
