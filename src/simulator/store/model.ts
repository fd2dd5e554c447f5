/** The contract table as the simulator uses it: fields with parsed kinds, and which relation is the other end of which. */
import { embedded, entities, enums, stubs } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import { hasEntity, hasField } from "../versions.js";

/** The kinds of plain values. */
export type ScalarType = "string" | "date" | "int32" | "int64" | "double" | "boolean";

/** What a field holds, which decides how it is stored, filtered and sent. */
export type Kind =
  | { readonly is: "scalar"; readonly type: ScalarType }
  | { readonly is: "enum"; readonly name: string; readonly values: readonly string[] }
  /** Stored as the id of a listed object, or as a whole stub if its kind has no list operation. */
  | { readonly is: "one"; readonly target: string }
  /** `by` is the field of the target that points back, so that nothing is stored here; null means ids (or stubs) in the row. */
  | { readonly is: "many"; readonly target: string; readonly by: string | null }
  | { readonly is: "list" }
  /** Its own fields, where it is one object; undefined for a list of objects. */
  | { readonly is: "json"; readonly fields: readonly Field[] | undefined };

/** One field of an entity or of a stub. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly kind: Kind;
}

/** One entity as a given version of CloudTower knows it. */
export interface EntityModel {
  readonly name: Entity;
  /** `vms` of `get-vms`. */
  readonly path: string;
  /** What the version shows, in the order of the contract. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields stored as ids of other rows, whatever the version. */
  readonly references: readonly Field[];
}

/** Every entity of one version, and where its lists are. */
export class Model {
  private readonly entities = new Map<Entity, EntityModel>();
  private readonly pointers = new Map<string, { readonly entity: Entity; readonly field: string }[]>();

  constructor(readonly version: string) {
    for (const name of entityNames) {
      const all = fieldsOf(name);
      const references = all.filter(isReference);
      const shown = all.filter((field) => hasField(version, name, field.name));
      const path = entities[name].path;
      this.entities.set(name, { name, path, references, fields: new Map(shown.map((field) => [field.name, field])) });
      for (const field of references) {
        const target = (field.kind as { target: string }).target;
        this.pointers.set(target, [...(this.pointers.get(target) ?? []), { entity: name, field: field.name }]);
      }
    }
  }

  entity(name: Entity): EntityModel {
    return this.entities.get(name) as EntityModel;
  }

  /** The entity of `get-<path>`, unless the version is too old for it. */
  byPath(path: string): EntityModel | undefined {
    const found = [...this.entities.values()].find((entity) => entity.path === path);
    return found && hasEntity(this.version, found.name) ? found : undefined;
  }

  /** The stored references that point at rows of this entity. */
  pointersTo(name: Entity): readonly { readonly entity: Entity; readonly field: string }[] {
    return this.pointers.get(name) ?? [];
  }
}

/** Every kind that can be listed. */
export const entityNames = Object.keys(entities) as readonly Entity[];

/** True for kinds with a list operation, whose rows the simulator holds. */
export function isEntity(name: string): name is Entity {
  return Object.hasOwn(entities, name);
}

/** The fields of a kind's stub, such as id and name. */
export function stubFields(name: string): readonly Field[] {
  return stubTable.get(name) ?? [];
}

function fieldsOf(entity: Entity): Field[] {
  return Object.entries(entities[entity].fields).map(([name, text]) => parseField(entity, name, text));
}

function parseField(entity: string, name: string, text: string): Field {
  const required = text.endsWith("!");
  return { name, required, kind: parseKind(entity, required ? text.slice(0, -1) : text) };
}

/** The fields of an object that arrives whole inside a row; none for free JSON. */
function embeddedFields(name: string): readonly Field[] {
  const fields = (embedded as Readonly<Record<string, Readonly<Record<string, string>>>>)[name] ?? {};
  return Object.entries(fields).map(([field, text]) => parseField(name, field, text));
}

function parseKind(entity: string, text: string): Kind {
  const [word = "", rest = ""] = text.split(" ");
  switch (word) {
    case "enum":
      return { is: "enum", name: rest, values: (enums as Readonly<Record<string, readonly string[]>>)[rest] ?? [] };
    case "one":
      return { is: "one", target: rest };
    case "many":
      return { is: "many", target: rest, by: otherEnd(entity, rest) };
    case "list":
      return { is: "list" };
    case "json":
      return { is: "json", fields: rest.startsWith("[") ? undefined : embeddedFields(rest) };
    default:
      return { is: "scalar", type: word as ScalarType };
  }
}

/** Where both ends are lists, only one of them is stored: labels stand in what they label, datacenters in their clusters. */
const neverStores: ReadonlySet<string> = new Set(["Label", "Datacenter"]);

function otherEnd(entity: string, target: string): string | null {
  if (!isEntity(target)) return null;
  const fields = Object.entries(entities[target].fields);
  const find = (kind: string) => fields.find(([, text]) => text.replace("!", "") === `${kind} ${entity}`)?.[0];
  return find("one") ?? (neverStores.has(entity) ? find("many") : undefined) ?? null;
}

function isReference({ kind }: Field): boolean {
  return (kind.is === "one" || (kind.is === "many" && kind.by === null)) && isEntity(kind.target);
}

const stubTable: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(stubs).map(([name, fields]) => [
    name,
    Object.entries(fields).map(([field, text]) => parseField("", field, text as string)),
  ]),
);
