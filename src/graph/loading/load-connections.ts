import { chunk } from "../../kernel/group.js";
import { singleFlight } from "../../kernel/single-flight.js";
import { readCount } from "../../upstream/reads.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { Where } from "../../upstream/wire/types.js";
import { Connection } from "../connections/connection.js";
import { reversed } from "../connections/order.js";
import { afterPosition, allOf, orderedRows } from "../connections/ordered-rows.js";
import { type PageArguments, type PageLimits, type PageRequest, pageRequest } from "../connections/page-arguments.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionRelation } from "../relations/relation.js";
import type { ResultsByKey } from "../relations/results-by-key.js";
import { keysOf } from "./load-relation.js";

interface ConnectionRequest {
  readonly args: PageArguments;
  readonly limits: PageLimits;
  /** True if `totalCount` is selected. */
  readonly withCount: boolean;
}

/**
 * Loads the connections below all parents.
 *
 * CloudTower cannot limit per parent, so for several parents all matching rows are read in one call and sliced per parent; totals
 * come for free. A single parent gets a page of its own.
 */
export async function loadConnections(
  session: UpstreamSession,
  relation: ConnectionRelation,
  parents: readonly GraphObject[],
  { args, limits, withCount }: ConnectionRequest,
): Promise<ResultsByKey<Connection>> {
  const keys = keysOf(relation, parents);
  const page = pageRequest(args, relation.listing.orders.ordering(args.orderBy), limits);
  if (keys.length === 0) return new Map();
  const counts = new Map(parents.map((parent) => [relation.key(parent), ownCount(relation, parent, args)]));
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only !== undefined) {
    const known = counts.get(only);
    const scope = relation.where([only]) as Where<never>;
    const connection = await relation.listing.page(session, args, limits, withCount && known === undefined, scope);
    return new Map([[only, known === undefined ? connection : connection.withCount(known)]]);
  }
  const pieces = chunk(keys, session.options.idsPerCall).map(async (piece) =>
    groupByParent(relation, piece, await readRows(session, relation, piece, args, page)),
  );
  const groups = new Map((await Promise.all(pieces)).flatMap((piece) => [...piece]));
  const whole = page.after === undefined && page.until === undefined;
  const connections = keys.map((key) => {
    const objects = (groups.get(key) ?? []).map((row) => new relation.listing.resource(row as never));
    const filter = allOf<never>(relation.where([key]), relation.listing.filter.toWhere(args.filter));
    const known = counts.get(key) ?? (whole ? objects.length : undefined);
    const read = () => readCount(session, relation.listing.resource.entity, filter);
    const count = known === undefined ? singleFlight(read, { keepResult: true }) : () => known;
    return [key, new Connection(objects.slice(0, page.size + 1), page, count)] as const;
  });
  return new Map(connections);
}

function readRows(
  session: UpstreamSession,
  relation: ConnectionRelation,
  keys: readonly string[],
  args: PageArguments,
  page: PageRequest,
) {
  const until = page.until && afterPosition(reversed(page.reading), page.until);
  return orderedRows(session, {
    entity: relation.listing.resource.entity,
    where: allOf<never>(relation.where(keys), relation.listing.filter.toWhere(args.filter), until),
    ordering: page.reading,
    after: page.after,
    limit: Number.POSITIVE_INFINITY,
  });
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

/** The parent's own count holds only for the list without a filter. */
function ownCount(relation: ConnectionRelation, parent: GraphObject, args: PageArguments): number | undefined {
  return args.filter === undefined || args.filter === null ? relation.expectedCount?.(parent) : undefined;
}
