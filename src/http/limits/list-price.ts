import { Listing } from "../../graph/connections/listing.js";
import type { PageArguments, PageLimits } from "../../graph/connections/page-arguments.js";
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
  if (args === undefined) return { calls: 0, totalCalls: 0, pageSize };
  if (list instanceof Listing) return { calls: pageCalls(list, args, pageSize, pricing), totalCalls: 1, pageSize };
  const { where, after, until } = list.listing.request(connectionName(list), args, pricing);
  const eachCalls = pageCalls(list.listing, args, pageSize, pricing);
  const paged = Math.min(parents, MAX_PAGED_PARENTS);
  const isWhole = after === undefined && until === undefined;
  const totalCalls = list.expectedCount !== undefined && where === undefined ? 0 : isWhole ? paged : parents;
  if (parents <= 1) return { calls: eachCalls, totalCalls, pageSize };
  const responses = Math.max(
    Math.ceil(parents / pricing.idsPerCall),
    Math.ceil((parents * pageSize) / pricing.rowsPerCall),
  );
  // With few parents, a first call may find that a page for each costs less.
  const pagedCalls = Math.ceil(paged / pricing.idsPerCall) + paged * eachCalls;
  const sharedCalls = responses * (isNullable(list.listing, args) ? 2 : 1);
  return { calls: Math.max(sharedCalls, pagedCalls), totalCalls, pageSize };
}

/** The list itself refuses a size out of range. */
function pageSizeOf(args: PageArguments | undefined, { defaultPageSize, maxPageSize }: PageLimits): number {
  const given = args?.first ?? args?.last ?? defaultPageSize;
  return given > 0 ? Math.min(given, maxPageSize) : defaultPageSize;
}

/** Calls for one page: its rows, those of a tie that its end may cut, and those without a value. */
function pageCalls({ orders }: Listing, args: PageArguments, pageSize: number, { rowsPerCall }: ListPricing): number {
  const { field, nullable } = orders.ordering(args.orderBy);
  const reads = 1 + (field === "id" ? 0 : 1) + (nullable ? 1 : 0);
  return reads * Math.ceil((pageSize + 1) / rowsPerCall);
}

function isNullable({ orders }: Listing, { orderBy }: PageArguments): boolean {
  return orders.ordering(orderBy).nullable;
}
