/** Three-valued logic and sets of rows: what filters are combined with. */
import type { Stored } from "../store/store.js";

/** A condition on a row: true, false, or null for SQL's "unknown". */
export type Test = (row: Stored) => boolean | null;

/** One condition, and, where an index helps, the few rows that can fulfil it. */
export interface Clause {
  readonly test: Test;
  readonly pool?: readonly Stored[];
}

/** The rows of all pools, each once. */
export function union(pools: readonly (readonly Stored[] | undefined)[]): readonly Stored[] {
  if (pools.length === 1 && pools[0]) return pools[0];
  const all = new Set<Stored>();
  for (const pool of pools) for (const row of pool ?? []) all.add(row);
  return [...all];
}

/** The conjunction of conditions. */
export function all(clauses: readonly Clause[]): Test {
  return (row) => every(clauses.map((clause) => clause.test(row)));
}

/** SQL's AND: one false is false, else one unknown is unknown. */
export function every(results: readonly (boolean | null)[]): boolean | null {
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

/** SQL's NOT: unknown stays unknown. */
export function negate(result: boolean | null): boolean | null {
  return result === null ? null : !result;
}
