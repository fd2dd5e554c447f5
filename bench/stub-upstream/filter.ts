/**
 * CloudTower's filter language, as far as a gateway needs it to walk the graph. What is not understood is refused, so that a
 * contender never gets a wrong answer in silence.
 */
import { entities } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import type { StoredRow, World } from "./world.js";

/** The request asks for something that the stub does not support; answered with 400. */
export class UnsupportedRequest extends Error {}

type Fields = Readonly<Record<string, unknown>>;
type Predicate = (row: Fields) => boolean;

const LIST_ARGUMENTS = new Set(["where", "orderBy", "after", "first", "skip"]);
const COMPARISONS: Readonly<Record<string, (actual: never, wanted: never) => boolean>> = {
  _gte: (actual, wanted) => actual >= wanted,
  _gt: (actual, wanted) => actual > wanted,
  _lte: (actual, wanted) => actual <= wanted,
  _lt: (actual, wanted) => actual < wanted,
};

/** The rows that a `get-<plural>` with this body gives, in order. Throws UnsupportedRequest. */
export function selectRows(world: World, entity: Entity, body: Fields): readonly StoredRow[] {
  for (const name of Object.keys(body)) {
    if (!LIST_ARGUMENTS.has(name) && body[name] != null) throw new UnsupportedRequest(`argument ${name}`);
  }
  const predicate = compileWhere(world, entity, asObject(body.where ?? {}, "where"));
  const matching = ordered(
    tableOf(world, entity).rows.filter((stored) => predicate(stored.row)),
    body.orderBy,
  );
  const afterIndex = typeof body.after === "string" ? matching.findIndex((stored) => stored.row.id === body.after) : -1;
  if (typeof body.after === "string" && afterIndex < 0) throw new UnsupportedRequest("after: no such row");
  const start = afterIndex + 1 + Number(body.skip ?? 0);
  return matching.slice(start, body.first == null ? undefined : start + Number(body.first));
}

function compileWhere(world: World, entity: Entity, where: Fields): Predicate {
  const parts = Object.entries(where).map(([key, value]) => compileClause(world, entity, key, value));
  return (row) => parts.every((part) => part(row));
}

function compileClause(world: World, entity: Entity, key: string, value: unknown): Predicate {
  if (key === "AND" || key === "OR" || key === "NOT") {
    const parts = asList(value, key).map((item) => compileWhere(world, entity, asObject(item, key)));
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
    const matches = compileRelated(world, target as Entity, asObject(value, key));
    return (row) => row[field] != null && matches(row[field] as Fields);
  }
  if (multiplicity === "many" && operator === "_some") {
    const matches = compileRelated(world, target as Entity, asObject(value, key));
    return (row) => ((row[field] as Fields[] | null) ?? []).some(matches);
  }
  if (multiplicity === "many" || multiplicity === "list" || multiplicity === "json") {
    throw new UnsupportedRequest(`${entity}.${key}`);
  }
  return compileOperator(entity, key, field, operator, value);
}

/** Looks through a stub at the whole object, so that a nested filter may name any of its fields. */
function compileRelated(world: World, target: Entity, where: Fields): Predicate {
  const table = world.get(target);
  const beyondStub = Object.keys(where).find((key) => !/^(id|name)(_in)?$/.test(key));
  if (table === undefined && beyondStub !== undefined)
    throw new UnsupportedRequest(`${target}.${beyondStub} below a stub`);
  const matches = compileWhere(world, target, where);
  return (stub) => matches(table?.byId.get(stub.id as string)?.row ?? stub);
}

function compileOperator(entity: Entity, key: string, field: string, operator: string, value: unknown): Predicate {
  if (operator === "") return (row) => row[field] === value;
  if (operator === "_not") return (row) => row[field] !== value && (value === null || row[field] !== null);
  if (operator === "_in" || operator === "_not_in") {
    const wanted = new Set(asList(value, key));
    return (row) => wanted.has(row[field]) === (operator === "_in");
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

function tableOf(world: World, entity: Entity) {
  const table = world.get(entity);
  if (table === undefined) throw new UnsupportedRequest(`no rows of ${entity}`);
  return table;
}

function asObject(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UnsupportedRequest(`${name} is no object`);
  return value as Fields;
}

function asList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnsupportedRequest(`${name} is no list`);
  return value;
}
