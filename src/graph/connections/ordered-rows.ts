import { readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Entity, OrderBy, Row, Where } from "../../upstream/wire/types.js";
import type { Position } from "./cursor.js";
import { Direction, type Ordering } from "./order.js";

/** Which rows are wanted, in which order, from where on. */
export interface OrderedRequest<E extends Entity> {
  readonly entity: E;
  readonly where: Where<E> | undefined;
  readonly ordering: Ordering;
  readonly after?: Position;
  /** How many rows; Infinity for all. The last row of a full answer only proves that there is more: it may be any of its equals. */
  readonly limit: number;
}

/**
 * Rows in a total order: by value, then by id, objects without a value last (first when descending).
 *
 * CloudTower sorts by one field and does not say how it breaks ties or where it puts nulls. So the place to go on from is given by
 * value, rows with and without a value are read apart, and a group of equal values that a page may have cut is read by id.
 * For values that are unique, as ids are, this is one call a page; a whole list that fits into one answer is one call, too.
 */
export async function orderedRows<E extends Entity>(
  session: UpstreamSession,
  request: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const { ordering, after, limit } = request;
  if (!ordering.nullable) return rowsWithValue(session, request);
  if (limit === Number.POSITIVE_INFINITY && after === undefined) {
    const whole = await wholeList(session, request);
    if (whole !== undefined) return whole;
  }

  const afterNull = after !== undefined && after.value === null;
  const afterValue = after !== undefined && after.value !== null;
  if (ordering.direction === Direction.ASC) {
    const rows = afterNull ? [] : await rowsWithValue(session, request);
    const room = limit - rows.length;
    return room > 0 ? [...rows, ...(await rowsWithoutValue(session, { ...request, limit: room }))] : rows;
  }
  // Mostly nothing lacks a value, and newest first is what people ask for: side by side, so that it costs no second round.
  const [without, having] = await Promise.all([
    afterValue ? [] : rowsWithoutValue(session, request),
    rowsWithValue(session, { ...request, after: afterValue ? after : undefined }),
  ]);
  // The last row of a full answer, which may be any of its equals, is cut off here, or is the one that proves that there is more.
  return [...without, ...having].slice(0, limit);
}

/** Every row in one call, where all fit into one answer: those without a value are put to their end afterwards. */
async function wholeList<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering }: OrderedRequest<E>,
): Promise<Row<E>[] | undefined> {
  const { field, direction } = ordering;
  const first = session.options.rowsPerCall;
  const rows = await readPage(session, entity, { ...all<E>([where]), orderBy: orderBy<E>(field, ordering), first });
  if (rows.length >= first) return undefined;
  const sorted = sortTies(rows, ordering);
  const having = sorted.filter((row) => valueIn(row, field) !== null);
  const without = sorted.filter((row) => valueIn(row, field) === null);
  return direction === Direction.ASC ? [...having, ...without] : [...without, ...having];
}

async function rowsWithValue<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering, after, limit }: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const { field } = ordering;
  const rows: Row<E>[] = [];
  for (let place = after; rows.length < limit; ) {
    const room = limit - rows.length;
    const first = Math.min(room, rowsPerCall(session));
    const conditions = [where, keyset(ordering, place)];
    const page = await readPage(session, entity, {
      ...all<E>(conditions),
      orderBy: orderBy<E>(field, ordering),
      first,
    });
    if (page.length < first || field === "id") {
      rows.push(...sortTies(page, ordering));
      if (page.length < first) break;
      place = position(page[first - 1] as Row<E>, ordering);
      continue;
    }
    const last = position(page[first - 1] as Row<E>, ordering);
    const groupStart = page.findIndex((row) => valueIn(row, field) === last.value);
    rows.push(...sortTies(page.slice(0, groupStart), ordering));
    if (rows.length === limit - 1) {
      rows.push(page[groupStart] as Row<E>);
      break;
    }
    const behind = place?.value === last.value ? idCondition(ordering, place.id) : undefined;
    const group = await rowsById(
      session,
      entity,
      [where, { [field]: last.value }, behind],
      ordering,
      limit - rows.length,
    );
    rows.push(...group);
    place = position(group.at(-1) ?? (page[first - 1] as Row<E>), ordering);
  }
  return rows;
}

function rowsWithoutValue<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering, after, limit }: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const behind = after?.value === null ? idCondition(ordering, after.id) : undefined;
  return rowsById(session, entity, [where, { [ordering.field]: null }, behind], ordering, limit);
}

async function rowsById<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  conditions: (object | undefined)[],
  ordering: Ordering,
  limit: number,
): Promise<Row<E>[]> {
  const rows: Row<E>[] = [];
  let behind: object | undefined;
  while (rows.length < limit) {
    const first = Math.min(limit - rows.length, rowsPerCall(session));
    const request = { ...all<E>([...conditions, behind]), orderBy: orderBy<E>("id", ordering), first };
    const page = await readPage(session, entity, request);
    rows.push(...page);
    if (page.length < first) break;
    behind = idCondition(ordering, (page[first - 1] as Row<E>).id);
  }
  return rows;
}

/** Longest answer that is asked for: the objects of a list are large, and no answer may keep the event loop for long. */
const MAX_ROWS_PER_CALL = 2_000;

function rowsPerCall({ options }: UpstreamSession): number {
  return Math.min(options.rowsPerCall, MAX_ROWS_PER_CALL);
}

/** What lies behind a place: a greater value, or the same value and a greater id. Without a place: whatever has a value. */
function keyset(ordering: Ordering, place: Position | undefined): object | undefined {
  const { field, nullable } = ordering;
  if (place === undefined) return nullable ? { [`${field}_not`]: null } : undefined;
  const behind = idCondition(ordering, place.id);
  if (field === "id") return behind;
  const operator = ordering.direction === Direction.ASC ? "_gt" : "_lt";
  return { OR: [{ [field + operator]: place.value }, { AND: [{ [field]: place.value }, behind] }] };
}

/** Everything behind a place of the list, objects without a value included. */
export function afterPosition(ordering: Ordering, place: Position): object {
  const { field, nullable, direction } = ordering;
  const nullsLast = direction === Direction.ASC;
  if (place.value === null) {
    const nulls = { AND: [{ [field]: null }, idCondition(ordering, place.id)] };
    return nullsLast ? nulls : { OR: [nulls, { [`${field}_not`]: null }] };
  }
  const values = keyset(ordering, place) as object;
  return nullable && nullsLast ? { OR: [values, { [field]: null }] } : values;
}

function idCondition({ direction }: Ordering, id: string): object {
  return direction === Direction.ASC ? { id_gt: id } : { id_lt: id };
}

function all<E extends Entity>(conditions: (object | undefined)[]): { where?: Where<E> } {
  const where = allOf<E>(...conditions);
  return where === undefined ? {} : { where };
}

/** A filter of which all conditions hold; those that are undefined say nothing. */
export function allOf<E extends Entity>(...conditions: (object | undefined)[]): Where<E> | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return (given.length > 1 ? { AND: given } : given[0]) as Where<E> | undefined;
}

function orderBy<E extends Entity>(field: string, { direction }: Ordering): OrderBy<E> {
  return `${field}_${direction}` as OrderBy<E>;
}

function position<E extends Entity>(row: Row<E>, { field }: Ordering): Position {
  return { value: valueIn(row, field) as Position["value"], id: row.id };
}

function valueIn(row: object, field: string): unknown {
  return (row as Record<string, unknown>)[field] ?? null;
}

/** Puts neighbours with equal values in order of their ids; upstream's own order of values is kept. */
function sortTies<E extends Entity>(rows: readonly Row<E>[], { field, direction }: Ordering): Row<E>[] {
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
