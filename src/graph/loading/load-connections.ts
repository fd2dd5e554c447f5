import { asError } from "../../kernel/errors.js";
import { chunk } from "../../kernel/group.js";
import { singleFlight } from "../../kernel/single-flight.js";
import { readCount } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import { endpointOf } from "../../upstream/wire/endpoints.js";
import type { Where } from "../../upstream/wire/types.js";
import { Connection } from "../connections/connection.js";
import type { ListRequest } from "../connections/listing.js";
import { callsPerPage, reversed } from "../connections/order.js";
import { afterPosition, allRows, orderingInVersion } from "../connections/ordered-rows.js";
import type { PageArguments, PageLimits } from "../connections/page-arguments.js";
import { allOf } from "../connections/rows-by-column.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionRelation } from "../relations/relation.js";
import { connectionName } from "../relations/relation-key.js";
import type { ResultsByKey } from "../relations/results-by-key.js";
import { keysOf } from "./load-relation.js";
import { MAX_PAGED_PARENTS, maxSharedRows, type PagedCalls } from "./shared-rows.js";

interface ConnectionRequest {
  readonly args: PageArguments;
  readonly limits: PageLimits;
  readonly pagedCalls: PagedCalls;
  /** True if `totalCount` is selected. */
  readonly withCount: boolean;
}

/** Pages to load below parents. */
interface Load {
  readonly session: UpstreamSession;
  readonly relation: ConnectionRelation;
  readonly page: ListRequest;
  readonly withCount: boolean;
  /** The totals that the parents' own rows tell, by the parents' keys. */
  readonly totals: ReadonlyMap<string, number>;
}

/**
 * Loads the connections below all parents.
 *
 * CloudTower cannot limit per parent, so for several parents all matching rows are read in one call and sliced per parent; totals
 * come for free. If few parents have many rows, or there is one parent, each gets a page of its own.
 */
export async function loadConnections(
  session: UpstreamSession,
  relation: ConnectionRelation,
  parents: readonly GraphObject[],
  { args, limits, pagedCalls, withCount }: ConnectionRequest,
): Promise<ResultsByKey<Connection>> {
  const keys = keysOf(relation, parents);
  const page = relation.listing.request(connectionName(relation), args, limits);
  if (keys.length === 0) return new Map();
  if (await isMissing(session, relation)) return new Map(keys.map((key) => [key, new Connection([], page, () => 0)]));
  const totals = page.where === undefined ? announcedTotals(relation, parents) : new Map<string, number>();
  const load: Load = { session, relation, page, withCount, totals };
  if (keys.length === 1) return pagesOfEach(load, keys);
  const unknownTotals = withCount ? keys.filter((key) => !totals.has(key)).length : 0;
  const eachCalls = callsPerPage(page.reading, page.size, session.options.rowsPerCall);
  const calls = keys.length * eachCalls + unknownTotals;
  const mayPage = keys.length <= MAX_PAGED_PARENTS && pagedCalls.take(calls);
  const maxRows = mayPage ? maxSharedRows({ relation, parents, keys, page, unknownTotals }) : Number.POSITIVE_INFINITY;
  const rows = await rowsOfAll(load, keys, maxRows);
  if (rows === undefined) return pagesOfEach(load, keys);
  if (mayPage) pagedCalls.giveBack(calls);
  return slices(load, keys, rows);
}

/** Whether CloudTower's version certainly does not have the relation: then its lists are empty. */
async function isMissing(session: UpstreamSession, { listing, where }: ConnectionRelation): Promise<boolean> {
  const missing = session.missing(endpointOf(listing.resource.entity), { where: where([]) });
  return missing !== undefined && (await missing) !== undefined;
}

/** A page for each parent, in parallel. */
async function pagesOfEach(load: Load, keys: readonly string[]): Promise<ResultsByKey<Connection>> {
  const { session, relation, page, withCount, totals } = load;
  const pages = keys.map(async (key): Promise<[string, Connection | Error]> => {
    const total = totals.get(key);
    const scope = relation.where([key]) as Where<never>;
    try {
      const connection = await relation.listing.page(session, page, withCount && total === undefined, scope);
      return [key, total === undefined ? connection : connection.withCount(total)];
    } catch (error) {
      return [key, asError(error)];
    }
  });
  return new Map(await Promise.all(pages));
}

/** The rows of all parents, in the order of the list, by the parents' keys; undefined if there are too many. */
async function rowsOfAll(load: Load, keys: readonly string[], maxRows: number) {
  const { session, relation, page } = load;
  if (maxRows === 0) return undefined;
  const ordering = await orderingInVersion(session, relation.listing.resource.entity, page.reading);
  const until = page.until && afterPosition(reversed(ordering), page.until);
  const pieces = chunk(keys, session.options.idsPerCall).map(async (piece) => {
    const request = {
      entity: relation.listing.resource.entity,
      where: allOf<never>(relation.where(piece), page.where, until),
      ordering,
      after: page.after,
    };
    const rows = await allRows(session, request, maxRows);
    return rows && groupByParent(relation, piece, rows);
  });
  const groups = await Promise.all(pieces);
  return groups.includes(undefined) ? undefined : new Map(groups.flatMap((group) => [...(group ?? [])]));
}

function slices(
  { session, relation, page, totals }: Load,
  keys: readonly string[],
  groups: ReadonlyMap<string, readonly object[]>,
): ResultsByKey<Connection> {
  const { listing } = relation;
  const isWhole = page.after === undefined && page.until === undefined;
  const connections = keys.map((key) => {
    const objects = (groups.get(key) ?? []).map((row) => new listing.resource(row as never));
    const filter = allOf<never>(relation.where([key]), page.where);
    const known = totals.get(key) ?? (isWhole ? objects.length : undefined);
    const read = () => readCount(session, listing.resource.entity, filter);
    const count = known === undefined ? singleFlight(read, { keepResult: true }) : () => known;
    return [key, new Connection(objects.slice(0, page.size + 1), page, count)] as const;
  });
  return new Map(connections);
}

/** Rows under the parents that they name. A row may name several, also some whose rows another call brings. */
function groupByParent<R extends object>(
  relation: ConnectionRelation,
  keys: readonly string[],
  rows: readonly R[],
): Map<string, R[]> {
  const groups = new Map<string, R[]>(keys.map((key) => [key, []]));
  for (const row of rows) {
    const named = relation.rowKey(row) ?? [];
    for (const key of typeof named === "string" ? [named] : named) groups.get(key)?.push(row);
  }
  return groups;
}

/** The totals that the parents' rows tell; they hold only for a list without a filter. */
function announcedTotals(relation: ConnectionRelation, parents: readonly GraphObject[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const parent of parents) {
    const key = relation.key(parent);
    const total = key && relation.expectedCount?.(parent);
    if (key && typeof total === "number") totals.set(key, total);
  }
  return totals;
}
