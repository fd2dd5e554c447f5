import { badRequest } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import type { EntityModel } from "../store/model.js";
import type { Renderer } from "../store/renderer.js";
import type { StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import { Filter } from "./filter.js";
import { compareValues } from "./operators.js";

type Comparison = (a: StoredRow, b: StoredRow) => number;

/** Arguments of a list. Null is the same as absent. */
interface Page {
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly after?: unknown;
  readonly before?: unknown;
  readonly first?: unknown;
  readonly last?: unknown;
  readonly skip?: unknown;
}

/** Rows of `get-<plural>`: one page. Without `orderBy` they are ordered by id, which also breaks ties. */
export function listRows(renderer: Renderer, viewer: Viewer, entity: EntityModel, body: Values): StoredRow[] {
  const page = checked(body);
  const compare = comparison(renderer, viewer, entity, page.orderBy);
  const { store } = renderer;
  let rows = new Filter(renderer, viewer).select(entity.name, page.where);
  for (const [cursor, side] of [
    [page.after, 1],
    [page.before, -1],
  ] as const) {
    if (typeof cursor !== "string") continue;
    const at = store.get(entity.name, cursor);
    // As in CloudTower: a cursor whose row was deleted gives an empty page, not an error.
    if (at === undefined || !viewer.sees(at)) return [];
    rows = rows.filter((row) => compare(row, at) * side > 0);
  }
  rows.sort(compare);
  const skip = Number(page.skip ?? 0);
  if (typeof page.last === "number") {
    const end = Math.max(0, rows.length - skip);
    return rows.slice(Math.max(0, end - page.last), end);
  }
  return rows.slice(skip, typeof page.first === "number" ? skip + page.first : undefined);
}

/** Count of `get-<plural>-connection`: rows that match the filter. Other arguments are checked and ignored; the contract leaves them open. */
export function countRows(renderer: Renderer, viewer: Viewer, entity: EntityModel, body: Values): number {
  const page = checked(body);
  comparison(renderer, viewer, entity, page.orderBy);
  return new Filter(renderer, viewer).select(entity.name, page.where).length;
}

type Values = Readonly<Record<string, unknown>>;

const argumentNames: ReadonlySet<string> = new Set(["where", "orderBy", "after", "before", "first", "last", "skip"]);

function checked(body: Values): Page {
  for (const [key, value] of Object.entries(body)) {
    if (!argumentNames.has(key)) {
      throw badRequest(`${key} is not allowed in the body: expected ${[...argumentNames].join(", ")}`);
    }
    if (value === null) continue;
    if (key === "first" || key === "last" || key === "skip") {
      if (!Number.isInteger(value)) throw badRequest(`${key} must be an integer, got ${describeValue(value)}`);
      if ((value as number) < 0) throw badRequest(`${key} must not be negative, got ${value}`);
    }
    if ((key === "after" || key === "before") && typeof value !== "string") {
      throw badRequest(`${key} must be the id of a row, got ${describeValue(value)}`);
    }
  }
  const page = body as Page;
  if (typeof page.first === "number" && typeof page.last === "number") {
    throw badRequest("first and last cannot be used together");
  }
  return page;
}

function comparison(renderer: Renderer, viewer: Viewer, entity: EntityModel, orderBy: unknown): Comparison {
  const byId: Comparison = (a, b) => compareValues(a.id, b.id);
  if (orderBy === null || orderBy === undefined) return byId;
  const parts = typeof orderBy === "string" ? /^(.+)_(ASC|DESC)$/.exec(orderBy) : null;
  const field = entity.fields.get(parts?.[1] ?? "");
  if (field === undefined || field.kind.is === "one" || field.kind.is === "many" || field.kind.is === "list") {
    throw badRequest(`orderBy must be <field>_ASC or <field>_DESC of ${entity.name}, got ${describeValue(orderBy)}`);
  }
  const read = renderer.reader(entity, field.name, viewer);
  const value = field.kind.is === "json" ? (row: StoredRow) => JSON.stringify(read(row)) : read;
  const sign = parts?.[2] === "ASC" ? 1 : -1;
  return (a, b) => sign * nullsLast(value(a), value(b)) || (field.name === "id" ? 0 : byId(a, b));
}

/** As in PostgreSQL, null is larger than any value: last in ascending order, first in descending order. */
function nullsLast(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareValues(a, b);
}
