import type { ListRequest } from "../connections/listing.js";
import type { GraphObject } from "../model/graph-object.js";
import type { ConnectionRelation } from "../relations/relation.js";

/** Maximum number of parents that get a page of their own each. */
export const MAX_PAGED_PARENTS = 10;

/** Rows that cost about as much as a call. */
const ROWS_PER_CALL = 100;

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
 * there are more. Infinity below many parents: then the calls would be too many.
 *
 * If the rows are not announced, a first call finds out, and is wasted if there are more: at most doubling the cost.
 */
export function maxSharedRows({ relation, parents, keys, page, unknownTotals }: ListsBelow): number {
  if (keys.length > MAX_PAGED_PARENTS) return Number.POSITIVE_INFINITY;
  const maxRows = keys.length * (page.size + 1) + (keys.length + unknownTotals) * ROWS_PER_CALL;
  const isWhole = page.where === undefined && page.after === undefined && page.until === undefined;
  const announced = isWhole ? parents.reduce((sum, parent) => sum + (relation.roughCount?.(parent) ?? 0), 0) : 0;
  return announced > maxRows ? 0 : maxRows;
}
