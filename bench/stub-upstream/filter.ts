import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import type { StoredRow, Tables } from "./tables.js";

/** A request that the stub does not support: 400. It refuses these, so that a contender never silently gets a wrong response. */
export class UnsupportedRequest extends Error {}

type Fields = Readonly<Record<string, unknown>>;
type Predicate = (row: Fields) => boolean;

const LIST_ARGUMENTS = new Set(["where", "orderBy", "after", "first", "skip"]);
const COMPARISONS: Readonly<Record<string, (actual: never, operand: never) => boolean>> = {
  _gte: (actual, operand) => actual >= operand,
  _gt: (actual, operand) => actual > operand,
  _lte: (actual, operand) => actual <= operand,
  _lt: (actual, operand) => actual < operand,
};

/** Rows for the body of a `get-<plural>`, in order. Supports the part of CloudTower's filter language that a gateway needs here. Throws UnsupportedRequest. */
export function selectRows(tables: Tables, entity: Entity, body: Fields): readonly StoredRow[] {
  for (const name of Object.keys(body)) {
    if (!LIST_ARGUMENTS.has(name) && body[name] != null) throw new UnsupportedRequest(`argument ${name}`);
  }
  const predicate = compileWhere(tables, entity, asObject(body.where ?? {}, "where"));
  const matching = ordered(
    tableOf(tables, entity).rows.filter((stored) => predicate(stored.row)),
    body.orderBy,
  );
  const afterIndex = typeof body.after === "string" ? matching.findIndex((stored) => stored.row.id === body.after) : -1;
  if (typeof body.after === "string" && afterIndex < 0) throw new UnsupportedRequest("after: no such row");
  const start = afterIndex + 1 + Number(body.skip ?? 0);
  return matching.slice(start, body.first == null ? undefined : start + Number(body.first));
}

function compileWhere(tables: Tables, entity: Entity, where: Fields): Predicate {
  const parts = Object.entries(where).map(([key, value]) => compileClause(tables, entity, key, value));
  return (row) => parts.every((part) => part(row));
}

function compileClause(tables: Tables, entity: Entity, key: string, value: unknown): Predicate {
  if (key === "AND" || key === "OR" || key === "NOT") {
    const parts = asList(value, key).map((item) => compileWhere(tables, entity, asObject(item, key)));
    if (key === "AND") return (row) => parts.every((part) => part(row));
    if (key === "OR") return (row) => parts.some((part) => part(row));
    return (row) => !parts.some((part) => part(row));
  }
  const fields: Readonly<Record<string, string>> = entities[entity].fields;
  const operator = fields[key] === undefined ? (/_(not_in|some|in|not|gte|gt|lte|lt)$/.exec(key)?.[0] ?? "") : "";
  const field = key.slice(0, key.length - operator.length);
  const kind = fields[field];
  if (kind === undefined) throw new UnsupportedRequest(`${entity}.${key}`);
  const [multiplicity, target] = kind.replace("!", "").split(" ");

  if (multiplicity === "one" && operator === "" && value !== null) {
    const matches = compileRelated(tables, target as Entity, asObject(value, key));
    return (row) => row[field] != null && matches(row[field] as Fields);
  }
  if (multiplicity === "many" && operator === "_some") {
    const matches = compileRelated(tables, target as Entity, asObject(value, key));
    return (row) => ((row[field] as Fields[] | null) ?? []).some(matches);
  }
  if (multiplicity === "many" || multiplicity === "list" || multiplicity === "json") {
    throw new UnsupportedRequest(`${entity}.${key}`);
  }
  return compileOperator(entity, key, field, operator, value);
}

/** Resolves a stub to its whole row, so that a nested filter can use all fields. */
function compileRelated(tables: Tables, target: Entity, where: Fields): Predicate {
  const table = tables.get(target);
  const beyondStub = Object.keys(where).find((key) => !/^(id|name)(_in)?$/.test(key));
  if (table === undefined && beyondStub !== undefined)
    throw new UnsupportedRequest(`${target}.${beyondStub} below a stub`);
  const matches = compileWhere(tables, target, where);
  return (stub) => matches(table?.byId.get(stub.id as string)?.row ?? stub);
}

function compileOperator(entity: Entity, key: string, field: string, operator: string, value: unknown): Predicate {
  if (operator === "") return (row) => row[field] === value;
  if (operator === "_not") return (row) => row[field] !== value && (value === null || row[field] !== null);
  if (operator === "_in" || operator === "_not_in") {
    const operand = new Set(asList(value, key));
    return (row) => operand.has(row[field]) === (operator === "_in");
  }
  const compare = COMPARISONS[operator];
  if (compare === undefined) throw new UnsupportedRequest(`${entity}.${key}`);
  return (row) => row[field] !== null && compare(row[field] as never, value as never);
}

function ordered(rows: StoredRow[], orderBy: unknown): StoredRow[] {
  if (orderBy == null || orderBy === "id_ASC") return rows;
  const [, field, direction] = /^(\w+)_(ASC|DESC)$/.exec(String(orderBy)) ?? [];
  if (field === undefined) throw new UnsupportedRequest(`orderBy ${orderBy}`);
  const sign = direction === "ASC" ? 1 : -1;
  return rows.sort(({ row: a }, { row: b }) => sign * compareValues(a[field], b[field]));
}

function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  return (a as never) < (b as never) ? -1 : 1;
}

function tableOf(tables: Tables, entity: Entity) {
  const table = tables.get(entity);
  if (table === undefined) throw new UnsupportedRequest(`no rows of ${entity}`);
  return table;
}

function asObject(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnsupportedRequest(`${name} is not an object`);
  return value as Fields;
}

function asList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnsupportedRequest(`${name} is not an array`);
  return value;
}
