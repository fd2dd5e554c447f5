/** The rows of the simulated CloudTower, with the indexes that keep both ends of every relation consistent. */
import type { Entity } from "../../upstream/wire/types.js";
import { entityNames, type Field, type Model, stubFields } from "./model.js";

/** Field values by name. */
export type Values = Record<string, unknown>;

/** One stored row. References stand in `values` as ids; lists at the other end of a reference are not stored at all. */
export interface Stored {
  readonly id: string;
  readonly entity: Entity;
  /** The cluster whose users may see the row; null for what everybody sees. */
  readonly scope: string | null;
  readonly values: Values;
  /** The row as JSON, kept until the row or something that it shows changes. */
  text: string | undefined;
}

/** Short lists, mostly of one row: a Set for each key would cost several times the memory. */
type Index = Map<unknown, Stored[]>;

const nothing: readonly Stored[] = [];

/** All tables. A change of one row forgets the JSON of every row that shows it. */
export class Store {
  private readonly tables = new Map<Entity, Map<string, Stored>>(entityNames.map((name) => [name, new Map()]));
  private readonly references = new Map<string, Index>();
  private readonly valueIndexes = new Map<Entity, Map<string, Index>>(entityNames.map((name) => [name, new Map()]));
  private readonly ghosts = new Map<string, Values>();
  private readonly blanks = new Map<Entity, Values>();

  constructor(readonly model: Model) {
    for (const entity of entityNames) {
      for (const field of model.entity(entity).references) this.references.set(`${entity}.${field.name}`, new Map());
    }
  }

  /** Rows of an entity by id, in the order of insertion. */
  table(entity: Entity): ReadonlyMap<string, Stored> {
    return this.tables.get(entity) as Map<string, Stored>;
  }

  get(entity: Entity, id: unknown): Stored | undefined {
    return typeof id === "string" ? this.tables.get(entity)?.get(id) : undefined;
  }

  /** Adds a row. Fields that are not given get the emptiest value that the contract allows. Throws if the id is taken. */
  insert(entity: Entity, values: Values & { readonly id: string }, scope: string | null): Stored {
    const table = this.tables.get(entity) as Map<string, Stored>;
    if (table.has(values.id)) throw new Error(`${entity} ${values.id} exists already`);
    // Inherited, not copied: most fields of most rows are empty, and a large inventory has millions of them.
    const row: Stored = {
      id: values.id,
      entity,
      scope,
      values: Object.assign(Object.create(this.blank(entity)), values),
      text: undefined,
    };
    table.set(row.id, row);
    this.link(row, this.model.entity(entity).references);
    for (const [field, index] of this.valueIndexes.get(entity) ?? []) add(index, row.values[field], row);
    this.forgetNeighbours(row);
    return row;
  }

  /** Changes fields of a row; nothing happens if the row is gone meanwhile. */
  patch(row: Stored, changes: Values): void {
    if (this.get(row.entity, row.id) !== row) return;
    const references = this.model.entity(row.entity).references.filter((field) => Object.hasOwn(changes, field.name));
    if (references.length > 0) this.forgetNeighbours(row);
    this.unlink(row, references);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) {
      if (Object.hasOwn(changes, field)) drop(index, row.values[field], row);
    }
    Object.assign(row.values, changes);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) {
      if (Object.hasOwn(changes, field)) add(index, row.values[field], row);
    }
    this.link(row, references);
    this.forgetNeighbours(row);
    row.text = undefined;
    if (stubFields(row.entity).some((field) => Object.hasOwn(changes, field.name))) this.forgetReferrers(row);
  }

  /** Removes a row. What pointed at it keeps a dangling stub, as in the real product. */
  remove(row: Stored): void {
    if (!this.tables.get(row.entity)?.delete(row.id)) return;
    if (
      this.model.pointersTo(row.entity).some(({ entity, field }) => this.referrers(entity, field, row.id).length > 0)
    ) {
      this.ghosts.set(row.id, row.values);
    }
    this.unlink(row, this.model.entity(row.entity).references);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) drop(index, row.values[field], row);
    this.forgetNeighbours(row);
    this.forgetReferrers(row);
  }

  /** The rows whose reference `field` holds this id. */
  referrers(entity: Entity, field: string, id: string): readonly Stored[] {
    return this.references.get(`${entity}.${field}`)?.get(id) ?? nothing;
  }

  /** The rows whose scalar `field` has this value. The index is built when it is first needed. */
  equal(entity: Entity, field: string, value: unknown): readonly Stored[] {
    const indexes = this.valueIndexes.get(entity) as Map<string, Index>;
    let index = indexes.get(field);
    if (index === undefined) {
      index = new Map();
      for (const row of this.table(entity).values()) add(index, row.values[field], row);
      indexes.set(field, index);
    }
    return index.get(value) ?? nothing;
  }

  /** The values that a stub shows: of the row, or of a row that is gone. */
  seen(entity: Entity, id: string): Values | undefined {
    return this.tables.get(entity)?.get(id)?.values ?? this.ghosts.get(id);
  }

  private blank(entity: Entity): Values {
    let blank = this.blanks.get(entity);
    if (blank === undefined) {
      blank = Object.fromEntries(
        [...this.model.entity(entity).fields.values()].map((field) => [field.name, empty(field)]),
      );
      this.blanks.set(entity, blank);
    }
    return blank;
  }

  private link(row: Stored, fields: readonly Field[]): void {
    for (const field of fields) {
      const index = this.references.get(`${row.entity}.${field.name}`) as Index;
      for (const id of idsIn(row.values[field.name])) add(index, id, row);
    }
  }

  private unlink(row: Stored, fields: readonly Field[]): void {
    for (const field of fields) {
      const index = this.references.get(`${row.entity}.${field.name}`) as Index;
      for (const id of idsIn(row.values[field.name])) drop(index, id, row);
    }
  }

  private forgetNeighbours(row: Stored): void {
    for (const field of this.model.entity(row.entity).references) {
      const target = (field.kind as { target: Entity }).target;
      for (const id of idsIn(row.values[field.name])) {
        const neighbour = this.tables.get(target)?.get(id);
        if (neighbour) neighbour.text = undefined;
      }
    }
  }

  private forgetReferrers(row: Stored): void {
    for (const { entity, field } of this.model.pointersTo(row.entity)) {
      for (const referrer of this.referrers(entity, field, row.id)) referrer.text = undefined;
    }
    // Lists at the other end of this row's own references show it too.
    this.forgetNeighbours(row);
  }
}

/** The ids that a reference holds: none, one or several. */
export function idsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value : [];
}

/** The emptiest value that the contract allows for a field. */
export function empty({ kind, required }: Field): unknown {
  if (kind.is === "many") return [];
  if (!required) return null;
  switch (kind.is) {
    case "enum":
      return kind.values[0] ?? "";
    case "list":
      return [];
    case "json":
      return kind.fields === undefined
        ? []
        : Object.fromEntries(kind.fields.map((field) => [field.name, empty(field)]));
    case "one":
      return null;
    case "scalar":
      return kind.type === "boolean" ? false : kind.type === "string" || kind.type === "date" ? "" : 0;
    default:
      return kind satisfies never;
  }
}

function add(index: Index, key: unknown, row: Stored): void {
  const rows = index.get(key);
  if (rows === undefined) index.set(key, [row]);
  else rows.push(row);
}

function drop(index: Index, key: unknown, row: Stored): void {
  const rows = index.get(key);
  const position = rows?.indexOf(row) ?? -1;
  if (rows === undefined || position === -1) return;
  if (rows.length === 1) index.delete(key);
  else rows.splice(position, 1);
}
