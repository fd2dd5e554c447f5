import { ErrorCode } from "../kernel/errors.js";
import { chunk } from "../kernel/group.js";
import type { UpstreamSession } from "./session.js";
import { UpstreamError } from "./upstream-error.js";
import { countEndpointOf, endpointOf } from "./wire/endpoints.js";
import type { Entity, OrderBy, Row, Where } from "./wire/types.js";

/** A response of so few rows is not split further if it is too large. */
const MIN_ROWS_PER_CALL = 10;

/** One `get-<plural>` call: at most `first` rows in the requested order, charged to the session's budget. */
export async function readPage<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  request: { where?: Where<E>; orderBy: OrderBy<E>; first: number },
): Promise<Row<E>[]> {
  const endpoint = endpointOf(entity);
  const response = await session.read(endpoint, request);
  if (!Array.isArray(response)) throw unexpectedResponse(endpoint, "a list");
  // One odd row concerns itself alone; without any object, this is another list than the one that was asked for.
  if (response.length > 0 && !response.some(isRow)) throw unexpectedResponse(endpoint, "a list of objects");
  session.budget.spendRows(response.length);
  return response as Row<E>[];
}

function isRow(value: unknown): boolean {
  return typeof value === "object" && !Array.isArray(value);
}

/** Rows of a page, and the size that it was read with. Fewer rows than that are the end of the list. */
export interface FittingPage<E extends Entity> {
  readonly rows: Row<E>[];
  readonly first: number;
}

/**
 * Like `readPage`, but while the response is larger than the gateway accepts, halves the number of rows, down to a floor.
 *
 * The size is remembered for the next operations. The rows are counted first: a response of 500 rows would be cut off again and again on the way from 10,000 to 250.
 */
export async function readFittingPage<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  request: { where?: Where<E>; orderBy: OrderBy<E>; first: number },
): Promise<FittingPage<E>> {
  const endpoint = endpointOf(entity);
  let first = Math.min(request.first, session.pageSizes.maxRows(endpoint));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const rows = await readPage(session, entity, { ...request, first });
      if (attempt > 1) session.pageSizes.record(endpoint, first);
      return { rows, first };
    } catch (error) {
      if (first <= MIN_ROWS_PER_CALL || !isTooLarge(error)) throw error;
      if (attempt === 1) {
        const count = await readCount(session, entity, request.where).catch(() => first);
        if (count <= MIN_ROWS_PER_CALL) throw error;
        first = Math.min(first, count);
      }
      first = Math.max(MIN_ROWS_PER_CALL, Math.ceil(first / 2));
    }
  }
}

/** Number of matching objects: one `get-<plural>-connection` call. */
export async function readCount<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  where: Where<E> | undefined,
): Promise<number> {
  const endpoint = countEndpointOf(entity);
  const response = await session.read(endpoint, where === undefined ? {} : { where });
  const count = (response as { aggregate?: { count?: unknown } } | null)?.aggregate?.count;
  if (typeof count === "number") return count;
  throw unexpectedResponse(endpoint, "a count");
}

/**
 * All rows whose key is in the list.
 *
 * The list is split at `idsPerCall`; the batches are read in parallel, and each to its end.
 *
 * @param where filter for one batch of the keys.
 * @param exhaustive keep paging until a page is empty, even if a page is shorter than requested.
 */
export async function readByKeys<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
  exhaustive = false,
): Promise<Row<E>[]> {
  const batches: Row<E>[][] = [];
  await forEachBatch(session, entity, keys, where, exhaustive, (rows) => batches.push(rows));
  return batches.length === 1 ? (batches[0] as Row<E>[]) : batches.flat();
}

/**
 * Like `readByKeys`, but hands over the rows of each batch as they arrive, which spreads the work on them over several turns of the
 * event loop. Other readers may share the rows: do not modify them.
 */
export async function forEachBatch<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
  exhaustive: boolean,
  onBatch: (rows: Row<E>[]) => void,
): Promise<void> {
  const batches = chunk(keys, session.options.idsPerCall);
  await Promise.all(batches.map(async (batch) => onBatch(await readAll(session, entity, where(batch), exhaustive))));
}

/** All rows with one of the ids; unknown ids are omitted. */
export function readByIds<E extends Entity>(session: UpstreamSession, entity: E, ids: readonly string[]) {
  return readByKeys(session, entity, ids, (id_in) => ({ id_in }) as unknown as Where<E>);
}

/**
 * All matching rows, by id.
 *
 * Pages by the last row's id and not by `after`, so that a row deleted in the meantime does not end the paging. If a response would be
 * too large, the rest is read in smaller pages.
 *
 * @param exhaustive keep paging until a page is empty, even if a page is shorter than requested.
 */
export async function readAll<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  where: Where<E>,
  exhaustive = false,
): Promise<Row<E>[]> {
  const orderBy = "id_ASC" as OrderBy<E>;
  let page = await readFittingPage(session, entity, { where, orderBy, first: session.options.rowsPerCall });
  let { rows } = page;
  let last: string | undefined;
  while (page.rows.length >= page.first || (exhaustive && page.rows.length > 0)) {
    const id_gt = lastId(page.rows);
    if (id_gt === undefined || id_gt === last) {
      // A short page of odd rows alone, or of what was there before: there is nothing to go on after, and probably nothing left.
      if (page.rows.length < page.first) break;
      throw unexpectedResponse(endpointOf(entity), "a list of objects with ids");
    }
    last = id_gt;
    const after = { AND: [where, { id_gt }] } as unknown as Where<E>;
    page = await readFittingPage(session, entity, { where: after, orderBy, first: page.first });
    rows = rows.concat(page.rows);
  }
  return rows;
}

/** The last row's id; of the row before it if it is no object with an id. */
function lastId(rows: readonly { readonly id?: unknown }[]): string | undefined {
  const ids = rows.map((row) => row?.id).filter((id) => typeof id === "string" && id !== "");
  return ids.at(-1) as string | undefined;
}

/** Whether a read failed because its response is larger than the gateway accepts. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof UpstreamError && error.failure.tooLarge === true;
}

function unexpectedResponse(endpoint: string, expected: string): UpstreamError {
  const message = `CloudTower's response to ${endpoint} is not ${expected}.`;
  return new UpstreamError(endpoint, { code: ErrorCode.UpstreamError, message, effect: "unknown", transient: false });
}
