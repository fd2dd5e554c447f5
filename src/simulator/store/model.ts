import { embedded, entities, enums, stubs } from "../../upstream/wire/contract.js";
import type { Entity } from "../../upstream/wire/types.js";
import type { ApiVersion } from "../versions.js";

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
  /** An object or a list of objects, with the fields of this version; undefined if the contract does not describe them. */
  | { readonly is: "json"; readonly fields: readonly Field[] | undefined; readonly list: boolean };

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
  /** Fields of any version: what an older one does not show is stored as well. */
  readonly stored: readonly Field[];
  /** Fields stored as ids of other rows, in any version. */
  readonly references: readonly Field[];
}

/** The contract table, parsed for one version of CloudTower. Lives as long as the simulator. */
export class Model {
  private readonly entities = new Map<Entity, EntityModel>();
  private readonly stubs: ReadonlyMap<string, readonly Field[]>;
  private readonly pointers = new Map<string, { readonly entity: Entity; readonly field: string }[]>();

  constructor(readonly version: ApiVersion) {
    for (const name of entityNames) {
      const stored = this.fieldsOf(name, entities[name].fields);
      const references = stored.filter(isReference);
      const fields = new Map(this.shown(name, stored).map((field) => [field.name, field]));
      this.entities.set(name, { name, path: entities[name].path, fields, stored, references });
      for (const field of references) {
        const target = (field.kind as { target: string }).target;
        this.pointers.set(target, [...(this.pointers.get(target) ?? []), { entity: name, field: field.name }]);
      }
    }
    this.stubs = new Map(
      Object.entries(stubs).map(([name, fields]) => {
        const type = `Nested${name}`;
        return [name, this.shown(type, this.fieldsOf(type, fields))];
      }),
    );
  }

  entity(name: Entity): EntityModel {
    return this.entities.get(name) as EntityModel;
  }

  /** The entity of `get-<path>`; undefined if this version cannot list it. */
  byPath(path: string): EntityModel | undefined {
    const found = [...this.entities.values()].find((entity) => entity.path === path);
    return found && this.version.has(found.name) ? found : undefined;
  }

  /** Fields of an object's stub in this version, such as id and name. */
  stubFields(name: string): readonly Field[] {
    return this.stubs.get(name) ?? [];
  }

  /** Stored references to rows of this entity. */
  pointersTo(name: Entity): readonly { readonly entity: Entity; readonly field: string }[] {
    return this.pointers.get(name) ?? [];
  }

  /** Those of a type's fields that this version has. */
  private shown(type: string, fields: readonly Field[]): readonly Field[] {
    return fields.filter(({ name }) => this.version.has(`${type}.${name}`));
  }

  private fieldsOf(type: string, fields: Readonly<Record<string, string>>): readonly Field[] {
    return Object.entries(fields).map(([name, text]) => {
      const required = text.endsWith("!");
      return { name, required, kind: this.kindOf(type, required ? text.slice(0, -1) : text) };
    });
  }

  private kindOf(type: string, text: string): Kind {
    const [word = "", rest = ""] = text.split(" ");
    switch (word) {
      case "enum":
        return { is: "enum", name: rest, values: this.valuesOf(rest) };
      case "one":
        return { is: "one", target: rest };
      case "many":
        return { is: "many", target: rest, by: inverseField(type, rest) };
      case "list":
        return { is: "list" };
      case "json": {
        const list = rest.startsWith("[");
        return { is: "json", list, fields: this.embeddedFields(list ? rest.slice(1, -1) : rest) };
      }
      default:
        return { is: "scalar", type: word as ScalarType };
    }
  }

  private valuesOf(name: string): readonly string[] {
    const values = (enums as Readonly<Record<string, readonly string[]>>)[name] ?? [];
    return values.filter((value) => this.version.has(`${name}.${value}`));
  }

  private embeddedFields(type: string): readonly Field[] | undefined {
    const fields = (embedded as Readonly<Record<string, Readonly<Record<string, string>>>>)[type];
    return fields && this.shown(type, this.fieldsOf(type, fields));
  }
}

/** All entities. */
export const entityNames = Object.keys(entities) as readonly Entity[];

/** True for objects that CloudTower can list, whose rows the simulator stores. */
export function isEntity(name: string): name is Entity {
  return Object.hasOwn(entities, name);
}

/** For many-to-many relations only one end is stored: label ids in the labeled rows, datacenter ids in clusters, plans in what they cover. */
const neverStores: ReadonlySet<string> = new Set(["Label", "Datacenter", "BackupPlan", "ReplicationPlan"]);

function inverseField(entity: string, target: string): string | null {
  if (!isEntity(target)) return null;
  const fields = Object.entries(entities[target].fields);
  const fieldOfKind = (kind: string) => fields.find(([, text]) => text.replace("!", "") === `${kind} ${entity}`)?.[0];
  return fieldOfKind("one") ?? (neverStores.has(entity) ? fieldOfKind("many") : undefined) ?? null;
}

function isReference({ kind }: Field): boolean {
  return (kind.is === "one" || (kind.is === "many" && kind.by === null)) && isEntity(kind.target);
}
