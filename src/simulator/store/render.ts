/** Rows as JSON: references become stubs, lists at the other end of a relation are filled in. */

import type { Language } from "../refusal.js";
import { additions } from "../versions.js";
import { type Derive, derivedFields } from "./derived.js";
import { type EntityModel, entityNames, type Field, isEntity, stubFields } from "./model.js";
import { empty, idsIn, type Store, type Stored, type Values } from "./store.js";
import type { Viewer } from "./viewer.js";

/** Turns stored rows into what goes over the wire. */
export class Renderer {
  private readonly derived: ReadonlyMap<string, ReadonlyMap<string, Derive>>;

  constructor(readonly store: Store) {
    this.derived = new Map(entityNames.map((name) => [name, derivedFields(store, store.model.entity(name))]));
  }

  /** The row as JSON text. The text is kept for users who see everything: what it shows is the same for all of them. */
  text(row: Stored, viewer: Viewer, language: Language): string {
    const shared = viewer.seesAll && !translated(row, language) && !volatile.has(row.entity);
    if (!shared) return JSON.stringify(this.object(row, viewer, language));
    row.text ??= JSON.stringify(this.object(row, viewer, language));
    return row.text;
  }

  /** The row as an object. */
  object(row: Stored, viewer: Viewer, language: Language): Values {
    const model = this.store.model.entity(row.entity);
    const derived = this.derived.get(row.entity);
    const answer: Values = {};
    for (const field of model.fields.values()) {
      const derive = derived?.get(field.name);
      answer[field.name] = derive ? derive(row, (other) => viewer.sees(other)) : this.value(row, field, viewer);
    }
    if (translated(row, language)) answer.description = row.values.$description_zh;
    return Object.assign(answer, additions(this.store.model.version, row.entity));
  }

  /** How a field is read for filters and orders: computed fields are computed there too. */
  reader(model: EntityModel, field: string, viewer: Viewer): (row: Stored) => unknown {
    const derive = this.derived.get(model.name)?.get(field);
    return derive ? (row) => derive(row, (other) => viewer.sees(other)) : (row) => row.values[field];
  }

  private value(row: Stored, { name, kind }: Field, viewer: Viewer): unknown {
    if (kind.is === "one" && isEntity(kind.target)) {
      const id = row.values[name];
      return typeof id === "string" ? stub(this.store, kind.target, id) : null;
    }
    if (kind.is !== "many" || !isEntity(kind.target)) return row.values[name];
    const { target, by } = kind;
    const stored = row.values[name];
    if (by === null) return stored === null ? null : idsIn(stored).map((id) => stub(this.store, target, id));
    const stubs: Values[] = [];
    for (const other of this.store.referrers(target, by, row.id)) {
      if (viewer.sees(other)) stubs.push(stub(this.store, target, other.id));
    }
    // The contract allows null for a list, and readers must take it for an empty one.
    return stubs.length === 0 && row.values.$null_lists === true ? null : stubs;
  }
}

/** Rows that show sums over more than their neighbours: their text cannot be kept. */
const volatile: ReadonlySet<string> = new Set(["Datacenter"]);

function translated(row: Stored, language: Language): boolean {
  return language === "zh-CN" && row.values.$description_zh !== undefined;
}

function stub(store: Store, target: Parameters<Store["seen"]>[0], id: string): Values {
  const values = store.seen(target, id);
  const answer: Values = {};
  for (const field of stubFields(target)) answer[field.name] = values?.[field.name] ?? empty(field);
  answer.id = id;
  return answer;
}
