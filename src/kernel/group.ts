/** Rows under the key that each of them names, added to `groups`; a row without a key is left out. */
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

/** One row for each key, added to `index`; of several rows with the same key the first counts. */
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

/** The list cut into pieces of at most `size`. */
export function chunk<T>(list: readonly T[], size: number): (readonly T[])[] {
  if (list.length <= size) return list.length === 0 ? [] : [list];
  const pieces: T[][] = [];
  for (let start = 0; start < list.length; start += size) pieces.push(list.slice(start, start + size));
  return pieces;
}
