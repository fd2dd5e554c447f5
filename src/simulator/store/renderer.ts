import type { Language } from "../refusal.js";
import { type ComputeField, computedFields } from "./computed-fields.js";
import { type EntityModel, entityNames, type Field, isEntity } from "./model.js";
import { empty, idsIn, type Store, type StoredRow, type Values } from "./store.js";
import type { Viewer } from "./viewer.js";

/** Renders rows as JSON: references become stubs, and inverse relations become lists of stubs. */
export class Renderer {
  private readonly computed: ReadonlyMap<string, ReadonlyMap<string, ComputeField>>;

  constructor(readonly store: Store) {
    this.computed = new Map(entityNames.map((name) => [name, computedFields(store, store.model.entity(name))]));
  }

  /** A row as JSON text. Cached for callers who see everything, because it is the same for all of them. */
  text(row: StoredRow, viewer: Viewer, language: Language): string {
    const cacheable = viewer.seesAll && !translated(row, language) && !uncached.has(row.entity);
    if (!cacheable) return JSON.stringify(this.object(row, viewer, language));
    row.text ??= JSON.stringify(this.object(row, viewer, language));
    return row.text;
  }

  /** A row as an object. */
  object(row: StoredRow, viewer: Viewer, language: Language): Values {
    const model = this.store.model.entity(row.entity);
    const computed = this.computed.get(row.entity);
    const result: Values = {};
    for (const field of model.fields.values()) {
      const compute = computed?.get(field.name);
      result[field.name] = compute ? compute(row, (other) => viewer.sees(other)) : this.value(row, field, viewer);
    }
    if (translated(row, language)) result.description = row.values.$description_zh;
    if (this.store.model.version.isNewerThanContract) result.newer_than_the_contract = true;
    return result;
  }

  /** Reads a field, including computed ones, for filters and orders. */
  reader(model: EntityModel, field: string, viewer: Viewer): (row: StoredRow) => unknown {
    const compute = this.computed.get(model.name)?.get(field);
    return compute ? (row) => compute(row, (other) => viewer.sees(other)) : (row) => row.values[field];
  }

  private value(row: StoredRow, { name, kind }: Field, viewer: Viewer): unknown {
    if (kind.is === "one" && isEntity(kind.target)) {
      const id = row.values[name];
      return typeof id === "string" ? stub(this.store, kind.target, id) : null;
    }
    if (kind.is === "json") return shown(row.values[name], kind.fields);
    if (kind.is !== "many" || !isEntity(kind.target)) return row.values[name];
    const { target, by } = kind;
    const stored = row.values[name];
    if (by === null) return stored === null ? null : idsIn(stored).map((id) => stub(this.store, target, id));
    const stubs: Values[] = [];
    for (const other of this.store.referrers(target, by, row.id)) {
      if (viewer.sees(other)) stubs.push(stub(this.store, target, other.id));
    }
    // The contract allows null for a list: readers must treat it as empty.
    return stubs.length === 0 && row.values.$null_lists === true ? null : stubs;
  }
}

/** Entities with sums over more than directly related rows. Changes of those do not invalidate their text, so it is not cached. */
const uncached: ReadonlySet<string> = new Set(["Datacenter"]);

function translated(row: StoredRow, language: Language): boolean {
  return language === "zh-CN" && row.values.$description_zh !== undefined;
}

function stub(store: Store, target: Parameters<Store["stubValues"]>[0], id: string): Values {
  const values = store.stubValues(target, id);
  const result: Values = {};
  for (const field of store.model.stubFields(target)) result[field.name] = values?.[field.name] ?? empty(field);
  result.id = id;
  return result;
}

/** An embedded object, or a list of them, with the fields that the version has. */
function shown(value: unknown, fields: readonly Field[] | undefined): unknown {
  if (fields === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shown(item, fields));
  const object = value as Values;
  return Object.fromEntries(
    fields
      .filter(({ name }) => object[name] !== undefined)
      .map(({ name, kind }) => [name, kind.is === "json" ? shown(object[name], kind.fields) : object[name]]),
  );
}
