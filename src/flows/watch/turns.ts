/**
 * A queue in which clients take turns, and the entries of each client take turns as well: a client with thousands of entries delays its
 * own, not those of others. An entry of several clients has a place in the line of each.
 */
export class Turns<E> {
  private readonly lines = new Map<string, Set<E>>();
  private readonly clientsOf = new Map<E, Set<string>>();

  /** Number of entries that wait. */
  get size(): number {
    return this.clientsOf.size;
  }

  has(entry: E): boolean {
    return this.clientsOf.has(entry);
  }

  /** Adds an entry at the end of the lines of these clients. It keeps a place that it has already. */
  put(entry: E, clients: Iterable<string>): void {
    const known = this.clientsOf.get(entry) ?? new Set();
    for (const client of clients) {
      known.add(client);
      const line = this.lines.get(client);
      if (line === undefined) this.lines.set(client, new Set([entry]));
      else line.add(entry);
    }
    if (known.size > 0) this.clientsOf.set(entry, known);
  }

  /** Removes and returns the next entries: one of each client, then the next of each. */
  take(max: number): E[] {
    // One iterator per line: to find the first entry of a Set anew for each turn would pass over all that were removed before it.
    const lines = [...this.lines].map(([client, line]) => ({ client, entries: line.values() }));
    const taken: E[] = [];
    const served = new Set<string>();
    while (taken.length < max && lines.length > 0) {
      for (let index = 0; index < lines.length && taken.length < max; ) {
        const { client, entries } = lines[index] as (typeof lines)[number];
        const next = entries.next();
        if (next.done) {
          lines.splice(index, 1);
          continue;
        }
        this.remove(next.value);
        taken.push(next.value);
        served.add(client);
        index += 1;
      }
    }
    for (const client of served) this.moveToEnd(client);
    return taken;
  }

  /** Removes an entry from all lines. */
  remove(entry: E): void {
    for (const client of this.clientsOf.get(entry) ?? []) {
      const line = this.lines.get(client);
      line?.delete(entry);
      if (line?.size === 0) this.lines.delete(client);
    }
    this.clientsOf.delete(entry);
  }

  private moveToEnd(client: string): void {
    const line = this.lines.get(client);
    if (line === undefined) return;
    this.lines.delete(client);
    this.lines.set(client, line);
  }
}
