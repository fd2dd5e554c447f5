/** `get-<plural>` and `get-<plural>-connection`: filter, order, cursors, page. */

import { badRequest } from "../refusal.js";
import type { EntityModel } from "../store/model.js";
import type { Renderer } from "../store/render.js";
import type { Stored } from "../store/store.js";
import { describe } from "../store/values.js";
import type { Viewer } from "../store/viewer.js";
import { order } from "./operators.js";
import { Filter } from "./where.js";

type Comparison = (a: Stored, b: Stored) => number;

/** The arguments of a list. Null is the same as absent. */
interface Page {
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly after?: unknown;
  readonly before?: unknown;
  readonly first?: unknown;
  readonly last?: unknown;
  readonly skip?: unknown;
}

/** One page of rows. Without `orderBy` the order is by id, which also breaks ties of every other order. */
export function list(renderer: Renderer, viewer: Viewer, entity: EntityModel, body: Values): Stored[] {
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
    // A cursor whose row is gone gives an empty page and no error.
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

/** How many rows match the filter. The other arguments are checked and have no influence; the contract does not say more. */
export function count(renderer: Renderer, viewer: Viewer, entity: EntityModel, body: Values): number {
  const page = checked(body);
  comparison(renderer, viewer, entity, page.orderBy);
  return new Filter(renderer, viewer).select(entity.name, page.where).length;
}

type Values = Readonly<Record<string, unknown>>;

const names: ReadonlySet<string> = new Set(["where", "orderBy", "after", "before", "first", "last", "skip"]);

function checked(body: Values): Page {
  for (const [key, value] of Object.entries(body)) {
    if (!names.has(key)) throw badRequest(`${key} is not allowed in the body, which takes ${[...names].join(", ")}`);
    if (value === null) continue;
    if (key === "first" || key === "last" || key === "skip") {
      if (!Number.isInteger(value)) throw badRequest(`${key} must be an integer, got ${describe(value)}`);
      if ((value as number) < 0) throw badRequest(`${key} must not be negative, got ${value}`);
    }
    if ((key === "after" || key === "before") && typeof value !== "string") {
      throw badRequest(`${key} must be the id of a row, got ${describe(value)}`);
    }
  }
  const page = body as Page;
  if (typeof page.first === "number" && typeof page.last === "number") {
    throw badRequest("first and last cannot be used together");
  }
  return page;
}

function comparison(renderer: Renderer, viewer: Viewer, entity: EntityModel, orderBy: unknown): Comparison {
  const byId: Comparison = (a, b) => order(a.id, b.id);
  if (orderBy === null || orderBy === undefined) return byId;
  const parts = typeof orderBy === "string" ? /^(.+)_(ASC|DESC)$/.exec(orderBy) : null;
  const field = entity.fields.get(parts?.[1] ?? "");
  if (field === undefined || field.kind.is === "one" || field.kind.is === "many" || field.kind.is === "list") {
    throw badRequest(`orderBy must be <field>_ASC or <field>_DESC of ${entity.name}, got ${describe(orderBy)}`);
  }
  const read = renderer.reader(entity, field.name, viewer);
  const value = field.kind.is === "json" ? (row: Stored) => JSON.stringify(read(row)) : read;
  const sign = parts?.[2] === "ASC" ? 1 : -1;
  return (a, b) => sign * nullsLast(value(a), value(b)) || (field.name === "id" ? 0 : byId(a, b));
}

/** PostgreSQL's rule: null is larger than anything, so it comes last going up and first going down. */
function nullsLast(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return order(a, b);
}
