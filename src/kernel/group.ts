/** Adds each row to the group of its key; rows without a key are omitted. */
export function groupByKey<K, R>(
  rows: readonly R[],
  key: (row: R) => K | null | undefined,
  groups: Map<K, R[]> = new Map(),
): Map<K, R[]> {
  for (const row of rows) {
    const k = key(row);
    if (k === null || k === undefined) continue;
    const group = groups.get(k);
    if (group === undefined) groups.set(k, [row]);
    else group.push(row);
  }
  return groups;
}

/** Adds one row per key to `index`: the first of several with the same key. Rows without a key are omitted. */
export function indexByKey<K, R>(
  rows: readonly R[],
  key: (row: R) => K | null | undefined,
  index: Map<K, R> = new Map(),
): Map<K, R> {
  for (const row of rows) {
    const k = key(row);
    if (k !== null && k !== undefined && !index.has(k)) index.set(k, row);
  }
  return index;
}

/** Splits the list into chunks of at most `size`. */
export function chunk<T>(list: readonly T[], size: number): (readonly T[])[] {
  if (list.length <= size) return list.length === 0 ? [] : [list];
  const chunks: T[][] = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}
