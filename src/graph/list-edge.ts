import { chunk } from "../kernel/group.js";
import { once } from "../kernel/once.js";
import { readCount } from "../upstream/reads.js";
import type { UpstreamSession } from "../upstream/session.js";
import type { Where } from "../upstream/wire/types.js";
import type { ListEdge } from "./edge.js";
import { keysOf } from "./fetch-edge.js";
import type { Found } from "./found.js";
import type { Joinable } from "./joinable.js";
import { Connection } from "./list/connection.js";
import { reversed } from "./list/order.js";
import { behind, both, orderedRows } from "./list/ordered-rows.js";
import { type PageArguments, type PageLimits, type PageRequest, pageRequest } from "./list/page-arguments.js";

/** Where a list edge's answer is kept on its parent: the same edge with other arguments is another answer. */
export function listSlot(edge: ListEdge, args: PageArguments): `@${string}` {
  return `@${edge.field}(${JSON.stringify(args)})`;
}

/**
 * The connections below all parents.
 *
 * One parent gets a page of its own. For several CloudTower knows no limit per parent: the rows of all of them are read, which
 * also gives the totals for free, and cut for each.
 */
export async function fetchList(
  session: UpstreamSession,
  edge: ListEdge,
  parents: readonly Joinable[],
  args: PageArguments,
  limits: PageLimits,
  withCount: boolean,
): Promise<Found<Connection>> {
  const keys = keysOf(edge, parents);
  const page = pageRequest(args, edge.list.orders.ordering(args.orderBy), limits);
  if (keys.length === 0) return new Map();
  const counts = new Map(parents.map((parent) => [edge.key(parent), ownCount(edge, parent, args)]));
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only !== undefined) {
    const known = counts.get(only);
    const scope = edge.where([only]) as Where<never>;
    const connection = await edge.list.page(session, args, limits, withCount && known === undefined, scope);
    return new Map([[only, known === undefined ? connection : connection.withCount(known)]]);
  }
  const pieces = chunk(keys, session.options.idsPerCall).map(async (piece) =>
    groupByParent(edge, piece, await readRows(session, edge, piece, args, page)),
  );
  const groups = new Map((await Promise.all(pieces)).flatMap((piece) => [...piece]));
  const whole = page.after === undefined && page.until === undefined;
  const connections = keys.map((key) => {
    const objects = (groups.get(key) ?? []).map((row) => new edge.list.of(row as never));
    const filter = both<never>(edge.where([key]), edge.list.filter.toWhere(args.filter));
    const known = counts.get(key) ?? (whole ? objects.length : undefined);
    const count = once(() => known ?? readCount(session, edge.list.of.entity, filter));
    return [key, new Connection(objects.slice(0, page.size + 1), page, count)] as const;
  });
  return new Map(connections);
}

function readRows(
  session: UpstreamSession,
  edge: ListEdge,
  keys: readonly string[],
  args: PageArguments,
  page: PageRequest,
) {
  const until = page.until && behind(reversed(page.reading), page.until);
  return orderedRows(session, {
    entity: edge.list.of.entity,
    where: both<never>(edge.where(keys), edge.list.filter.toWhere(args.filter), until),
    ordering: page.reading,
    after: page.after,
    limit: Number.POSITIVE_INFINITY,
  });
}

/** Rows under the parents that they name. A row may name several, also some whose rows another call brings. */
function groupByParent<R extends object>(
  edge: ListEdge,
  keys: readonly string[],
  rows: readonly R[],
): Map<string, R[]> {
  const groups = new Map<string, R[]>(keys.map((key) => [key, []]));
  for (const row of rows) {
    const named = edge.rowKey(row) ?? [];
    for (const key of typeof named === "string" ? [named] : named) groups.get(key)?.push(row);
  }
  return groups;
}

/** The parent's own count holds only for the list without a filter. */
function ownCount(edge: ListEdge, parent: Joinable, args: PageArguments): number | undefined {
  return args.filter === undefined || args.filter === null ? edge.count?.(parent) : undefined;
}
