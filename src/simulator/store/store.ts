import type { Entity } from "../../upstream/wire/types.js";
import { entityNames, type Field, type Model } from "./model.js";

/** Field values by name. */
export type Values = Record<string, unknown>;

/** One row. In `values`, references are ids; inverse relations are not stored. */
export interface StoredRow {
  readonly id: string;
  readonly entity: Entity;
  /** Id of the cluster whose users may see the row; null if all users may. */
  readonly scope: string | null;
  readonly values: Values;
  /** Cached JSON of the row, valid until the row or a row that it shows changes. */
  text: string | undefined;
}

/** A change of a row. The values are those of the changed columns. */
export interface Change {
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly row: StoredRow;
  readonly before: Values | undefined;
  readonly after: Values | undefined;
}

/** Rows by key. Most keys have one row: a Set for each would take several times the memory. */
type Index = Map<unknown, StoredRow[]>;

const noRows: readonly StoredRow[] = [];

/**
 * All rows, with indexes that keep both ends of every relation consistent. Changing a row invalidates the cached JSON of all rows that
 * show it. Lives as long as the simulator.
 */
export class Store {
  private readonly tables = new Map<Entity, Map<string, StoredRow>>(entityNames.map((name) => [name, new Map()]));
  private readonly references = new Map<string, Index>();
  private readonly valueIndexes = new Map<Entity, Map<string, Index>>(entityNames.map((name) => [name, new Map()]));
  private readonly tombstones = new Map<string, Values>();
  private readonly emptyByEntity = new Map<Entity, Values>();
  /** Is notified of each change of a row. @default nothing */
  onChange: ((change: Change) => void) | undefined;

  constructor(readonly model: Model) {
    for (const entity of entityNames) {
      for (const field of model.entity(entity).references) this.references.set(`${entity}.${field.name}`, new Map());
    }
  }

  /** Rows of an entity by id, in insertion order. */
  table(entity: Entity): ReadonlyMap<string, StoredRow> {
    return this.tables.get(entity) as Map<string, StoredRow>;
  }

  get(entity: Entity, id: unknown): StoredRow | undefined {
    return typeof id === "string" ? this.tables.get(entity)?.get(id) : undefined;
  }

  /** Adds a row. Missing fields are null, or the empty value of their kind if required. Throws if the id exists. */
  insert(entity: Entity, values: Values & { readonly id: string }, scope: string | null): StoredRow {
    const table = this.tables.get(entity) as Map<string, StoredRow>;
    if (table.has(values.id)) throw new Error(`${entity} ${values.id} already exists`);
    // Inherit empty values instead of copying them: a large inventory has millions of empty fields.
    const row: StoredRow = {
      id: values.id,
      entity,
      scope,
      values: Object.assign(Object.create(this.emptyValues(entity)), values),
      text: undefined,
    };
    table.set(row.id, row);
    this.link(row, this.model.entity(entity).references);
    for (const [field, index] of this.valueIndexes.get(entity) ?? []) add(index, row.values[field], row);
    this.invalidateNeighbors(row);
    this.onChange?.({ action: "CREATE", row, before: undefined, after: values });
    return row;
  }

  /** Changes fields of a row. Does nothing if the row was removed. */
  patch(row: StoredRow, changes: Values): void {
    if (this.get(row.entity, row.id) !== row) return;
    const references = this.model.entity(row.entity).references.filter((field) => Object.hasOwn(changes, field.name));
    if (references.length > 0) this.invalidateNeighbors(row);
    this.unlink(row, references);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) {
      if (Object.hasOwn(changes, field)) drop(index, row.values[field], row);
    }
    this.onChange?.({ action: "UPDATE", row, before: pick(row.values, changes), after: changes });
    Object.assign(row.values, changes);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) {
      if (Object.hasOwn(changes, field)) add(index, row.values[field], row);
    }
    this.link(row, references);
    this.invalidateNeighbors(row);
    row.text = undefined;
    if (this.model.stubFields(row.entity).some((field) => Object.hasOwn(changes, field.name)))
      this.invalidateReferrers(row);
  }

  /** Removes a row. References to it keep a dangling stub, as in the real product. */
  remove(row: StoredRow): void {
    if (!this.tables.get(row.entity)?.delete(row.id)) return;
    if (
      this.model.pointersTo(row.entity).some(({ entity, field }) => this.referrers(entity, field, row.id).length > 0)
    ) {
      this.tombstones.set(row.id, row.values);
    }
    this.unlink(row, this.model.entity(row.entity).references);
    for (const [field, index] of this.valueIndexes.get(row.entity) ?? []) drop(index, row.values[field], row);
    this.invalidateNeighbors(row);
    this.invalidateReferrers(row);
    this.onChange?.({ action: "DELETE", row, before: { ...row.values }, after: undefined });
  }

  /** Rows whose reference `field` contains this id. */
  referrers(entity: Entity, field: string, id: string): readonly StoredRow[] {
    return this.references.get(`${entity}.${field}`)?.get(id) ?? noRows;
  }

  /** Rows whose scalar `field` has this value. The index is built on first use. */
  equal(entity: Entity, field: string, value: unknown): readonly StoredRow[] {
    const indexes = this.valueIndexes.get(entity) as Map<string, Index>;
    let index = indexes.get(field);
    if (index === undefined) {
      index = new Map();
      for (const row of this.table(entity).values()) add(index, row.values[field], row);
      indexes.set(field, index);
    }
    return index.get(value) ?? noRows;
  }

  /** Values for a stub: those of the row, or its last ones if it was removed. */
  stubValues(entity: Entity, id: string): Values | undefined {
    return this.tables.get(entity)?.get(id)?.values ?? this.tombstones.get(id);
  }

  private emptyValues(entity: Entity): Values {
    let values = this.emptyByEntity.get(entity);
    if (values === undefined) {
      values = Object.fromEntries(this.model.entity(entity).stored.map((field) => [field.name, empty(field)]));
      this.emptyByEntity.set(entity, values);
    }
    return values;
  }

  private link(row: StoredRow, fields: readonly Field[]): void {
    for (const field of fields) {
      const index = this.references.get(`${row.entity}.${field.name}`) as Index;
      for (const id of idsIn(row.values[field.name])) add(index, id, row);
    }
  }

  private unlink(row: StoredRow, fields: readonly Field[]): void {
    for (const field of fields) {
      const index = this.references.get(`${row.entity}.${field.name}`) as Index;
      for (const id of idsIn(row.values[field.name])) drop(index, id, row);
    }
  }

  private invalidateNeighbors(row: StoredRow): void {
    for (const field of this.model.entity(row.entity).references) {
      const target = (field.kind as { target: Entity }).target;
      for (const id of idsIn(row.values[field.name])) {
        const neighbor = this.tables.get(target)?.get(id);
        if (neighbor) neighbor.text = undefined;
      }
    }
  }

  private invalidateReferrers(row: StoredRow): void {
    for (const { entity, field } of this.model.pointersTo(row.entity)) {
      for (const referrer of this.referrers(entity, field, row.id)) referrer.text = undefined;
    }
    // Rows that this row refers to show it in their lists.
    this.invalidateNeighbors(row);
  }
}

/** Ids in the value of a reference: none, one or several. */
export function idsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value : [];
}

/** The value of a field that is not given: null if the contract allows it. */
export function empty({ kind, required }: Field): unknown {
  if (kind.is === "many") return [];
  if (!required) return null;
  switch (kind.is) {
    case "enum":
      return kind.values[0] ?? "";
    case "list":
      return [];
    case "json":
      if (kind.list) return [];
      return Object.fromEntries((kind.fields ?? []).map((field) => [field.name, empty(field)]));
    case "one":
      return null;
    case "scalar":
      return kind.type === "boolean" ? false : kind.type === "string" || kind.type === "date" ? "" : 0;
    default:
      return kind satisfies never;
  }
}

/** The present values of the fields that are about to change. */
function pick(values: Values, changes: Values): Values {
  return Object.fromEntries(Object.keys(changes).map((name) => [name, values[name]]));
}

function add(index: Index, key: unknown, row: StoredRow): void {
  const rows = index.get(key);
  if (rows === undefined) index.set(key, [row]);
  else rows.push(row);
}

function drop(index: Index, key: unknown, row: StoredRow): void {
  const rows = index.get(key);
  const position = rows?.indexOf(row) ?? -1;
  if (rows === undefined || position === -1) return;
  if (rows.length === 1) index.delete(key);
  else rows.splice(position, 1);
}
