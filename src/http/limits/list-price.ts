import { Listing } from "../../graph/connections/listing.js";
import { callsPerPage, type Ordering } from "../../graph/connections/order.js";
import type { PageArguments, PageLimits } from "../../graph/connections/page-arguments.js";
import { numberOfGroups } from "../../graph/connections/value-groups.js";
import { MAX_PAGED_PARENTS } from "../../graph/loading/shared-rows.js";
import type { ConnectionRelation } from "../../graph/relations/relation.js";
import { connectionName } from "../../graph/relations/relation-key.js";

/** Settings that the prices of lists are computed with. */
export interface ListPricing extends PageLimits {
  /** Maximum number of ids in one call. */
  readonly idsPerCall: number;
  /** Maximum number of rows in one response. */
  readonly rowsPerCall: number;
}

/** Price of the pages of a list: one at the root, one below each parent otherwise. */
export interface ListPrice {
  /** Calls for the pages. */
  readonly calls: number;
  /** Calls for all totals, if `totalCount` is selected. */
  readonly totalCalls: number;
  /** Additional calls if each of few parents gets a page of its own. An operation makes at most `MAX_PAGED_CALLS` of them. */
  readonly pagedCalls: number;
  /** The same for their totals. */
  readonly pagedTotalCalls: number;
  /** Maximum number of objects on each page. */
  readonly pageSize: number;
}

/**
 * Price of a list below parents, or at the root.
 *
 * It is an upper bound, unless the rows of all parents do not fit into the responses that their pages would need.
 *
 * @throws TowerError BAD_USER_INPUT for wrong arguments of a list below parents. Those of a root field are an error of that field alone.
 */
export function listPrice(
  list: Listing | ConnectionRelation,
  args: PageArguments | undefined,
  parents: number,
  pricing: ListPricing,
): ListPrice {
  const pageSize = pageSizeOf(args, pricing);
  if (args === undefined) return { calls: 0, totalCalls: 0, pageSize, ...NOT_PAGED };
  const ordering = (list instanceof Listing ? list : list.listing).orders.ordering(args.orderBy);
  const eachCalls = callsPerPage(ordering, pageSize, pricing.rowsPerCall);
  if (list instanceof Listing) return { calls: eachCalls, totalCalls: 1, pageSize, ...NOT_PAGED };
  const { where, after, until } = list.listing.request(connectionName(list), args, pricing);
  const isAnnounced = list.expectedCount !== undefined && where === undefined;
  if (parents <= 1) return { calls: eachCalls, totalCalls: isAnnounced ? 0 : 1, pageSize, ...NOT_PAGED };
  const isWhole = after === undefined && until === undefined;
  const responses = Math.max(
    Math.ceil(parents / pricing.idsPerCall),
    Math.ceil((parents * pageSize) / pricing.rowsPerCall),
  );
  const paged = Math.min(parents, MAX_PAGED_PARENTS);
  return {
    // There may turn out to be one parent, which gets a page of its own.
    calls: Math.max(eachCalls, responses * readsOfAll(ordering)),
    totalCalls: isAnnounced ? 0 : isWhole ? 1 : parents,
    pagedCalls: paged * eachCalls,
    pagedTotalCalls: isAnnounced || !isWhole ? 0 : paged,
    pageSize,
  };
}

/** Calls for one response with the rows of all parents, if it does not bring all groups and those without a value at once. */
function readsOfAll({ groupings, nullable }: Ordering): number {
  const attempts = groupings.length > 0 ? 1 : 0;
  return attempts + numberOfGroups(groupings) * (nullable ? 2 : 1);
}

const NOT_PAGED = { pagedCalls: 0, pagedTotalCalls: 0 };

/** The list itself refuses a size out of range, and reads one row for a page of none, to know whether there are more. */
export function pageSizeOf(args: PageArguments | undefined, { defaultPageSize, maxPageSize }: PageLimits): number {
  const given = args?.first ?? args?.last ?? defaultPageSize;
  return given < 0 ? defaultPageSize : Math.min(Math.max(given, 1), maxPageSize);
}
