/** The watchers of one object, with the clients that they belong to. */
export class Watchers<W, D> {
  private readonly all = new Map<W, { readonly client: string; readonly since: number; readonly details: D }>();
  private readonly clients = new Map<string, number>();

  get size(): number {
    return this.all.size;
  }

  /** The clients that watch, each once. */
  get watchingClients(): Iterable<string> {
    return this.clients.keys();
  }

  has(client: string): boolean {
    return this.clients.has(client);
  }

  add(watcher: W, client: string, details: D): void {
    if (this.all.has(watcher)) return;
    this.all.set(watcher, { client, since: performance.now(), details });
    this.clients.set(client, (this.clients.get(client) ?? 0) + 1);
  }

  /** Details of the watcher that was removed; undefined if there is none. */
  remove(watcher: W): { readonly client: string; readonly details: D } | undefined {
    const known = this.all.get(watcher);
    if (known === undefined) return undefined;
    this.all.delete(watcher);
    const left = (this.clients.get(known.client) ?? 1) - 1;
    if (left === 0) this.clients.delete(known.client);
    else this.clients.set(known.client, left);
    return known;
  }

  /** A copy: watchers may leave while it is used. */
  list(): { readonly watcher: W; readonly since: number; readonly details: D }[] {
    return [...this.all].map(([watcher, { since, details }]) => ({ watcher, since, details }));
  }
}
