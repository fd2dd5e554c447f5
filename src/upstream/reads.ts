import { ErrorCode } from "../kernel/errors.js";
import { chunk } from "../kernel/group.js";
import type { UpstreamSession } from "./session.js";
import { UpstreamError } from "./upstream-error.js";
import { entities } from "./wire/contract.js";
import type { Entity, OrderBy, Row, Where } from "./wire/types.js";

/** One `get-<plural>` call as it is: at most `first` rows in the order asked for. */
export async function readPage<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  request: { where?: Where<E>; orderBy: OrderBy<E>; first: number },
): Promise<Row<E>[]> {
  const operation = `get-${entities[entity].path}`;
  const answer = await session.read(operation, request);
  if (Array.isArray(answer)) return answer as Row<E>[];
  throw unexpectedResponse(operation, "a list");
}

/** How many objects match: one `get-<plural>-connection` call. */
export async function readCount<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  where: Where<E> | undefined,
): Promise<number> {
  const operation = `get-${entities[entity].path}-connection`;
  const answer = await session.read(operation, where === undefined ? {} : { where });
  const count = (answer as { aggregate?: { count?: unknown } } | null)?.aggregate?.count;
  if (typeof count === "number") return count;
  throw unexpectedResponse(operation, "a count");
}

/**
 * Every row whose key is in the list: `where` turns a piece of the list into a filter.
 *
 * The list is cut at `idsPerCall`, the pieces are read side by side, and each is read to its end. With `toTheEnd` an answer that
 * is shorter than asked for is not taken for complete: the walk goes on until an answer is empty.
 */
export async function readByKeys<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
  toTheEnd = false,
): Promise<Row<E>[]> {
  const pieces: Row<E>[][] = [];
  await forEachBatch(session, entity, keys, where, toTheEnd, (rows) => pieces.push(rows));
  return pieces.length === 1 ? (pieces[0] as Row<E>[]) : pieces.flat();
}

/**
 * The same, but each piece's rows are handed over as they come: the work on them is spread over as many turns of the event loop.
 * The rows may be shared with other readers: they must not be changed.
 */
export async function forEachBatch<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  keys: readonly string[],
  where: (keys: readonly string[]) => Where<E>,
  toTheEnd: boolean,
  take: (rows: Row<E>[]) => void,
): Promise<void> {
  const pieces = chunk(keys, session.options.idsPerCall);
  await Promise.all(pieces.map(async (piece) => take(await readAll(session, entity, where(piece), toTheEnd))));
}

/** Every row with one of the ids; ids of nothing are left out. */
export function readByIds<E extends Entity>(session: UpstreamSession, entity: E, ids: readonly string[]) {
  return readByKeys(session, entity, ids, (id_in) => ({ id_in }) as unknown as Where<E>);
}

/**
 * Every row that matches, by id.
 *
 * An answer as long as its `first` is followed by the rows behind its last id; the walk goes on by value and not by `after`,
 * so that a row deleted meanwhile does not end it.
 */
export async function readAll<E extends Entity>(
  session: UpstreamSession,
  entity: E,
  where: Where<E>,
  toTheEnd = false,
): Promise<Row<E>[]> {
  const first = session.options.rowsPerCall;
  const orderBy = "id_ASC" as OrderBy<E>;
  let rows = await readPage(session, entity, { where, orderBy, first });
  for (let page = rows; page.length >= first || (toTheEnd && page.length > 0); ) {
    const id_gt = (page[page.length - 1] as Row<E>).id;
    const behind = { AND: [where, { id_gt }] } as unknown as Where<E>;
    page = await readPage(session, entity, { where: behind, orderBy, first });
    rows = rows.concat(page);
  }
  return rows;
}

function unexpectedResponse(endpoint: string, expected: string): UpstreamError {
  const message = `expected ${expected} from CloudTower, got something else`;
  return new UpstreamError(endpoint, {
    code: ErrorCode.UpstreamError,
    message,
    effect: "unknown",
    transient: false,
  });
}
