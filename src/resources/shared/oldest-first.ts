/** The rows sorted by creation time, oldest first; rows without a time, which are still being made, come last. */
export function oldestFirst<R extends { readonly local_created_at?: string | null }>(rows: readonly R[]): R[] {
  return rows.toSorted((a, b) => compare(a.local_created_at || NEVER, b.local_created_at || NEVER));
}

/** CloudTower's times are ISO 8601 in UTC, which sort as strings. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** After each time. */
const NEVER = "~";
