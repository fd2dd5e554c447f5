import { embedded, entities, enums, stubs } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import { hasEntity, hasField } from "../versions.js";

/** Types of scalar fields. */
export type ScalarType = "string" | "date" | "int32" | "int64" | "double" | "boolean";

/** Kind of a field: decides how it is stored, filtered and rendered. */
export type Kind =
  | { readonly is: "scalar"; readonly type: ScalarType }
  | { readonly is: "enum"; readonly name: string; readonly values: readonly string[] }
  /** Stored as an id, or as a whole stub if CloudTower cannot list the target. */
  | { readonly is: "one"; readonly target: string }
  /** `by` is the inverse field of the target, which stores the relation; if null, the row stores ids (or stubs). */
  | { readonly is: "many"; readonly target: string; readonly by: string | null }
  | { readonly is: "list" }
  /** Fields of the object; undefined for a list of objects. */
  | { readonly is: "json"; readonly fields: readonly Field[] | undefined };

/** A field of an entity or of a stub. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly kind: Kind;
}

/** One entity in a given version of CloudTower. */
export interface EntityModel {
  readonly name: Entity;
  /** `vms` for `get-vms`. */
  readonly path: string;
  /** Fields of this version, in the order of the contract. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields stored as ids of other rows, in any version. */
  readonly references: readonly Field[];
}

/** The contract table, parsed for one version of CloudTower. Lives as long as the simulator. */
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

  /** The entity of `get-<path>`; undefined if this version cannot list it. */
  byPath(path: string): EntityModel | undefined {
    const found = [...this.entities.values()].find((entity) => entity.path === path);
    return found && hasEntity(this.version, found.name) ? found : undefined;
  }

  /** Stored references to rows of this entity. */
  pointersTo(name: Entity): readonly { readonly entity: Entity; readonly field: string }[] {
    return this.pointers.get(name) ?? [];
  }
}

/** All entities. */
export const entityNames = Object.keys(entities) as readonly Entity[];

/** True for objects that CloudTower can list, whose rows the simulator stores. */
export function isEntity(name: string): name is Entity {
  return Object.hasOwn(entities, name);
}

/** Fields of an object's stub, such as id and name. */
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

/** Fields of an object embedded in a row; none for free JSON. */
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
      return { is: "many", target: rest, by: inverseField(entity, rest) };
    case "list":
      return { is: "list" };
    case "json":
      return { is: "json", fields: rest.startsWith("[") ? undefined : embeddedFields(rest) };
    default:
      return { is: "scalar", type: word as ScalarType };
  }
}

/** For many-to-many relations only one end is stored: label ids in the labeled rows, datacenter ids in clusters. */
const neverStores: ReadonlySet<string> = new Set(["Label", "Datacenter"]);

function inverseField(entity: string, target: string): string | null {
  if (!isEntity(target)) return null;
  const fields = Object.entries(entities[target].fields);
  const fieldOfKind = (kind: string) => fields.find(([, text]) => text.replace("!", "") === `${kind} ${entity}`)?.[0];
  return fieldOfKind("one") ?? (neverStores.has(entity) ? fieldOfKind("many") : undefined) ?? null;
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
