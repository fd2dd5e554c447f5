import { PLACEHOLDER_PREFIX } from "../../upstream/placeholders.js";
import { type FittingPage, readFittingPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { allSound } from "../../upstream/sound-rows.js";
import type { Entity, OrderBy, Row, Where } from "../../upstream/wire/types.js";
import type { Position } from "./cursor.js";
import { Direction } from "./direction.js";
import { canBePlaceholder, type Ordering } from "./order.js";

/** The rows to read, their order and the position to start after. */
export interface OrderedRequest<E extends Entity> {
  readonly entity: E;
  readonly where: Where<E> | undefined;
  readonly ordering: Ordering;
  readonly after?: Position;
  /** Maximum number of rows. If it is reached, the last row only proves that there are more: it may be any row of a tie. */
  readonly limit: number;
}

/**
 * Reads rows by the order's column alone, then by id, with rows without a value last (first when descending).
 *
 * CloudTower sorts by one field and does not specify how it breaks ties or where it puts nulls. So pages are continued by value (keyset
 * pagination), rows with and without a value are read separately, and a tie that may be cut by the end of a page is read by id.
 * For unique values such as ids this is one call per page.
 */
export async function rowsByColumn<E extends Entity>(
  session: UpstreamSession,
  request: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const { ordering, after, limit } = request;
  if (!ordering.nullable) return rowsWithValue(session, request);
  const afterNull = after !== undefined && after.value === null;
  const afterValue = after !== undefined && after.value !== null;
  if (ordering.direction === Direction.ASC) {
    const rows = afterNull ? [] : await rowsWithValue(session, request);
    const room = limit - rows.length;
    return room > 0 ? [...rows, ...(await rowsWithoutValue(session, { ...request, limit: room }))] : rows;
  }
  // Usually no row lacks a value, and "newest first" is the common order: read in parallel, so that it costs no second round.
  const [rowsWithout, rowsWith] = await Promise.all([
    afterValue ? [] : rowsWithoutValue(session, request),
    rowsWithValue(session, { ...request, after: afterValue ? after : undefined }),
  ]);
  // If the limit is reached, the last row may be any row of a tie: it is cut off here, or it is the one that proves that there are more.
  return [...rowsWithout, ...rowsWith].slice(0, limit);
}

async function rowsWithValue<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering, after, limit }: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const { field } = ordering;
  const rows: Row<E>[] = [];
  let maxRows = rowsPerCall(session);
  for (let current = after; rows.length < limit; ) {
    const conditions = [where, keyset(ordering, current)];
    const wanted = Math.min(limit - rows.length, maxRows);
    const { rows: page, first } = await readSoundPage(session, entity, {
      ...all<E>(conditions),
      orderBy: orderBy<E>(field, ordering),
      first: wanted,
    });
    if (first < wanted) maxRows = first;
    if (page.length < first || field === "id") {
      rows.push(...sortTies(page, ordering));
      if (page.length < first) break;
      current = position(page[first - 1] as Row<E>, ordering);
      continue;
    }
    const last = position(page[first - 1] as Row<E>, ordering);
    const groupStart = page.findIndex((row) => valueIn(row, field) === last.value);
    rows.push(...sortTies(page.slice(0, groupStart), ordering));
    if (rows.length === limit - 1) {
      rows.push(page[groupStart] as Row<E>);
      break;
    }
    const afterId = current?.value === last.value ? idCondition(ordering, current.id) : undefined;
    const group = await rowsById(
      session,
      entity,
      [where, { [field]: last.value }, afterId],
      ordering,
      limit - rows.length,
    );
    rows.push(...group);
    current = position(group.at(-1) ?? (page[first - 1] as Row<E>), ordering);
  }
  return rows;
}

function rowsWithoutValue<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering, after, limit }: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const afterId = after?.value === null ? idCondition(ordering, after.id) : undefined;
  return rowsById(session, entity, [where, withoutValue(ordering), afterId], ordering, limit);
}

async function rowsById<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  conditions: (object | undefined)[],
  ordering: Ordering,
  limit: number,
): Promise<Row<E>[]> {
  const rows: Row<E>[] = [];
  let afterId: object | undefined;
  let maxRows = rowsPerCall(session);
  while (rows.length < limit) {
    const wanted = Math.min(limit - rows.length, maxRows);
    const request = { ...all<E>([...conditions, afterId]), orderBy: orderBy<E>("id", ordering), first: wanted };
    const { rows: page, first } = await readSoundPage(session, entity, request);
    if (first < wanted) maxRows = first;
    rows.push(...page);
    if (page.length < first) break;
    afterId = idCondition(ordering, (page[first - 1] as Row<E>).id);
  }
  return rows;
}

/** A page, from whose rows the next one is continued: each needs an id. @throws UpstreamError if one has none. */
async function readSoundPage<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  request: Parameters<typeof readFittingPage<E>>[2],
): Promise<FittingPage<E>> {
  const page = await readFittingPage(session, entity, request);
  allSound(entity, page.rows);
  return page;
}

/** Maximum number of rows per call: rows of a list are large, and parsing a response must not block the event loop for long. */
const MAX_ROWS_PER_CALL = 2_000;

export function rowsPerCall({ options }: UpstreamSession): number {
  return Math.min(options.rowsPerCall, MAX_ROWS_PER_CALL);
}

/** Condition for rows after a position: a greater value, or the same value and a greater id. Without a position: any value. */
function keyset(ordering: Ordering, start: Position | undefined): object | undefined {
  const { field, nullable } = ordering;
  const given = nullable ? withValue(ordering) : undefined;
  if (start === undefined) return given;
  const afterId = idCondition(ordering, start.id);
  if (field === "id") return afterId;
  const operator = ordering.direction === Direction.ASC ? "_gt" : "_lt";
  const later = { OR: [{ [field + operator]: start.value }, { AND: [{ [field]: start.value }, afterId] }] };
  return canBePlaceholder(ordering) ? { AND: [given, later] } : later;
}

/** Condition for all rows after a position in the order's column, including those without a value. */
export function afterInColumn(ordering: Ordering, start: Position): object {
  const { nullable, direction } = ordering;
  const nullsLast = direction === Direction.ASC;
  if (start.value === null) {
    const nulls = { AND: [withoutValue(ordering), idCondition(ordering, start.id)] };
    return nullsLast ? nulls : { OR: [nulls, withValue(ordering)] };
  }
  const values = keyset(ordering, start) as object;
  return nullable && nullsLast ? { OR: [values, withoutValue(ordering)] } : values;
}

/** Condition for rows with a value in the order's column. A placeholder is none: rows are read with null in its place. */
function withValue(ordering: Ordering): object {
  const { field } = ordering;
  const given = { [`${field}_not`]: null };
  return canBePlaceholder(ordering) ? { AND: [given, { [`${field}_not_starts_with`]: PLACEHOLDER_PREFIX }] } : given;
}

function withoutValue(ordering: Ordering): object {
  const { field } = ordering;
  const missing = { [field]: null };
  return canBePlaceholder(ordering) ? { OR: [missing, { [`${field}_starts_with`]: PLACEHOLDER_PREFIX }] } : missing;
}

function idCondition({ direction }: Ordering, id: string): object {
  return direction === Direction.ASC ? { id_gt: id } : { id_lt: id };
}

/** The filter of a request that requires all conditions. */
export function all<E extends Entity>(conditions: (object | undefined)[]): { where?: Where<E> } {
  const where = allOf<E>(...conditions);
  return where === undefined ? {} : { where };
}

/** A filter that requires all conditions. Undefined conditions are ignored. */
export function allOf<E extends Entity>(...conditions: (object | undefined)[]): Where<E> | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return (given.length > 1 ? { AND: given } : given[0]) as Where<E> | undefined;
}

/** CloudTower's order by a field, in the direction of an order. */
export function orderBy<E extends Entity>(field: string, { direction }: Ordering): OrderBy<E> {
  return `${field}_${direction}` as OrderBy<E>;
}

function position<E extends Entity>(row: Row<E>, { field }: Ordering): Position {
  return { value: valueIn(row, field) as Position["value"], id: row.id };
}

/** A row's value in a field; null if there is none. */
export function valueIn(row: object, field: string): unknown {
  return (row as Record<string, unknown>)[field] ?? null;
}

/** Sorts adjacent rows with equal values by id, and keeps upstream's order of values. */
export function sortTies<E extends Entity>(rows: readonly Row<E>[], { field, direction }: Ordering): Row<E>[] {
  const sign = direction === Direction.ASC ? 1 : -1;
  const sorted: Row<E>[] = [];
  for (let start = 0; start < rows.length; ) {
    const value = valueIn(rows[start] as Row<E>, field);
    let end = start + 1;
    while (end < rows.length && valueIn(rows[end] as Row<E>, field) === value) end += 1;
    const group = rows.slice(start, end);
    if (group.length > 1) group.sort((a, b) => (a.id < b.id ? -sign : sign));
    sorted.push(...group);
    start = end;
  }
  return sorted;
}
