/** A connection that holds less is not dropped if only the total is over the limit. */
const MIN_DROPPED_BYTES = 64 * 1024;

/**
 * Bytes that the process holds for clients: handed to sockets and not yet taken by the system, or received and not yet handled.
 *
 * Overflow policy: a connection that holds more than before is dropped if its client was over the client's limit already, which lets a
 * single large response pass; and if it holds more than 64 KiB while the total is over the limit.
 */
export class UnsentBytes {
  private readonly held = new Map<object, { readonly client: string; readonly bytes: number }>();
  private readonly byClient = new Map<string, number>();
  private total = 0;

  constructor(
    /** Limit for one client, over all its connections. */
    private readonly maxClientBytes: number,
    /** Limit for all clients. */
    private readonly maxTotalBytes: number,
  ) {}

  /** Bytes held for a client. */
  heldFor(client: string): number {
    return this.byClient.get(client) ?? 0;
  }

  /** Records what a connection holds now. @returns false if it must be dropped. */
  record(connection: object, client: string, bytes: number): boolean {
    const before = this.held.get(connection);
    const increase = bytes - (before?.bytes ?? 0);
    const wasOver = this.heldFor(client) > this.maxClientBytes;
    if (before !== undefined) this.add(before.client, -before.bytes);
    if (bytes === 0) this.held.delete(connection);
    else this.held.set(connection, { client, bytes });
    this.add(client, bytes);
    if (increase > 0 && wasOver) return false;
    return this.total <= this.maxTotalBytes || bytes < MIN_DROPPED_BYTES;
  }

  /** Forgets a connection that is closed. */
  forget(connection: object): void {
    const held = this.held.get(connection);
    if (held !== undefined) this.record(connection, held.client, 0);
  }

  private add(client: string, bytes: number): void {
    this.total += bytes;
    const sum = this.heldFor(client) + bytes;
    if (sum === 0) this.byClient.delete(client);
    else this.byClient.set(client, sum);
  }
}
