import type { ListRequest } from "../connections/listing.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionRelation } from "../relations/relation.js";

/** Maximum number of parents that get a page of their own each. */
export const MAX_PAGED_PARENTS = 10;

/** Maximum number of calls that an operation makes for such pages. */
export const MAX_PAGED_CALLS = 50;

/** Rows that cost about as much as a call. */
const ROWS_PER_CALL = 100;

/** The calls that an operation may still make for pages of single parents. Lives as long as the operation. */
export class PagedCalls {
  private left = MAX_PAGED_CALLS;

  /** Takes calls, if that many are left. */
  take(calls: number): boolean {
    if (calls > this.left) return false;
    this.left -= calls;
    return true;
  }

  /** Returns calls that were not needed. */
  giveBack(calls: number): void {
    this.left += calls;
  }
}

/** Lists below several parents. */
export interface ListsBelow {
  readonly relation: ConnectionRelation;
  readonly parents: readonly GraphObject[];
  readonly keys: readonly string[];
  readonly page: ListRequest;
  /** Number of totals that would take a call each if the parents' rows were not all read. */
  readonly unknownTotals: number;
}

/**
 * Maximum number of rows to read for all parents together, before a page for each of them costs less; 0 if the parents' rows tell that
 * there are more.
 *
 * If the rows are not announced, a first call finds out, and is wasted if there are more: at most doubling the cost.
 */
export function maxSharedRows({ relation, parents, keys, page, unknownTotals }: ListsBelow): number {
  const maxRows = keys.length * (page.size + 1) + (keys.length + unknownTotals) * ROWS_PER_CALL;
  const isWhole = !page.isFiltered && page.after === undefined && page.until === undefined;
  const announced = isWhole ? parents.reduce((sum, parent) => sum + (relation.roughCount?.(parent) ?? 0), 0) : 0;
  return announced > maxRows ? 0 : maxRows;
}
