import type { StoredRow } from "../store/store.js";

/** A condition on a row, in SQL's three-valued logic: null is unknown. */
export type Predicate = (row: StoredRow) => boolean | null;

/** One condition of a filter. `candidates`, if an index gives them, are the only rows that can match. */
export interface Clause {
  readonly test: Predicate;
  readonly candidates?: readonly StoredRow[];
}

/** All rows of the sets, without duplicates. */
export function union(candidateSets: readonly (readonly StoredRow[] | undefined)[]): readonly StoredRow[] {
  if (candidateSets.length === 1 && candidateSets[0]) return candidateSets[0];
  const all = new Set<StoredRow>();
  for (const candidates of candidateSets) for (const row of candidates ?? []) all.add(row);
  return [...all];
}

/** Conjunction of clauses. */
export function all(clauses: readonly Clause[]): Predicate {
  return (row) => every(clauses.map((clause) => clause.test(row)));
}

/** SQL's AND: false if any is false, otherwise unknown if any is unknown. */
export function every(results: readonly (boolean | null)[]): boolean | null {
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

/** SQL's NOT: unknown stays unknown. */
export function negate(result: boolean | null): boolean | null {
  return result === null ? null : !result;
}
