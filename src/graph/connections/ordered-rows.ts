import { isTooLarge, readPage } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { allSound } from "../../upstream/sound-rows.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Entity, Row } from "../../upstream/wire/types.js";
import type { Position } from "./cursor.js";
import { Direction } from "./direction.js";
import type { Ordering } from "./order.js";
import {
  afterInColumn,
  all,
  allOf,
  type OrderedRequest,
  orderBy,
  rowsByColumn,
  rowsPerCall,
  sortTies,
  valueIn,
} from "./rows-by-column.js";
import { groupConditions, groupOf, inVersion } from "./value-groups.js";

/**
 * Reads rows in a total order: group by group, in each group by the order's column, then by id.
 *
 * If all groups fit into one response, one call reads them.
 */
export async function orderedRows<E extends Entity>(
  session: UpstreamSession,
  request: OrderedRequest<E>,
): Promise<Row<E>[]> {
  const { where, after, limit } = request;
  const { groupings } = request.ordering;
  if (groupings.length === 0) return rowsByColumn(session, request);
  const attempt = Math.min(limit, rowsPerCall(session));
  const whole = await firstRows(session, request, attempt);
  if (whole !== undefined && whole.length < attempt) return inOrder(whole, request.ordering);
  const groups = groupConditions(groupings);
  const start = after === undefined ? 0 : groupOfPosition(request.ordering, after);
  const rows: Row<E>[] = [];
  for (let group = start; group < groups.length && rows.length < limit; group += 1) {
    const ofGroup = {
      ...request,
      where: allOf<E>(where, ...(groups[group] ?? [])),
      after: group === start ? after : undefined,
      limit: limit - rows.length,
    };
    rows.push(...(await rowsByColumn(session, ofGroup)));
  }
  return rows;
}

/**
 * All rows after a position, in the same order; undefined if there are more than `maxRows`. One call if they fit into one response.
 */
export async function allRows<E extends Entity>(
  session: UpstreamSession,
  request: Omit<OrderedRequest<E>, "limit">,
  maxRows: number,
): Promise<Row<E>[] | undefined> {
  const isShort = maxRows < rowsPerCall(session);
  if (isShort || request.ordering.groupings.length > 0 || (request.ordering.nullable && request.after === undefined)) {
    const first = Math.min(session.options.rowsPerCall, maxRows + 1);
    const whole = await firstRows(session, request, first);
    if (whole !== undefined && whole.length < first) return inOrder(whole, request.ordering);
    if (whole !== undefined && first > maxRows) return undefined;
  }
  const rows = await orderedRows(session, { ...request, limit: maxRows + 1 });
  return rows.length > maxRows ? undefined : rows;
}

/** Rows as CloudTower orders them, in one call; undefined if their response is or was too large. */
async function firstRows<E extends Entity>(
  session: UpstreamSession,
  { entity, where, ordering, after }: Omit<OrderedRequest<E>, "limit">,
  first: number,
): Promise<Row<E>[] | undefined> {
  if (first > session.pageSizes.maxRows(endpointOf(entity))) return undefined;
  const conditions = [where, after && afterPosition(ordering, after)];
  const request = { ...all<E>(conditions), orderBy: orderBy<E>(ordering.field, ordering), first };
  const rows = await readPage(session, entity, request).catch((error: unknown) => {
    if (isTooLarge(error)) return undefined;
    throw error;
  });
  return rows && allSound(entity, rows);
}

/** A whole list with ties sorted, the rows without a value at their end, and the groups one after the other. */
function inOrder<E extends Entity>(rows: readonly Row<E>[], ordering: Ordering): Row<E>[] {
  const has = (row: Row<E>) => valueIn(row, ordering.field) !== null;
  const withValue = sortTies(rows.filter(has), ordering);
  const withoutValue = sortTies(
    rows.filter((row) => !has(row)),
    ordering,
  );
  const byColumn =
    ordering.direction === Direction.ASC ? [...withValue, ...withoutValue] : [...withoutValue, ...withValue];
  const { groupings } = ordering;
  if (groupings.length === 0) return byColumn;
  const group = (row: Row<E>) => groupOf(groupings, ({ field }) => valueIn(row, field));
  const grouped = byColumn.map((row) => ({ row, group: group(row) }));
  return grouped.sort((a, b) => a.group - b.group).map(({ row }) => row);
}

/** Condition for all rows after a position, including those without a value. */
export function afterPosition(ordering: Ordering, start: Position): object {
  const inGroup = afterInColumn(ordering, start);
  if (ordering.groupings.length === 0) return inGroup;
  const groups = groupConditions(ordering.groupings);
  const at = groupOfPosition(ordering, start);
  const later = groups.slice(at + 1).map((AND) => ({ AND }));
  return { OR: [{ AND: [...(groups[at] ?? []), inGroup] }, ...later] };
}

/** The order without the groups of values that CloudTower's version certainly lacks. */
export async function orderingInVersion(
  session: UpstreamSession,
  entity: Entity,
  ordering: Ordering,
): Promise<Ordering> {
  return { ...ordering, groupings: await inVersion(session, entity, ordering.groupings) };
}

function groupOfPosition({ groupings }: Ordering, { groups = [] }: Position): number {
  return groupOf(groupings, (_, index) => groups[index]);
}
