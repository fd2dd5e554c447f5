/**
 * Bytes that the process holds for clients that do not read: handed to sockets, and not yet taken by the system.
 *
 * Overflow policy: a connection is dropped if it is over its own limit, or over 64 KiB while the total is over the limit.
 */
export class UnsentBytes {
  private readonly held = new Map<object, number>();
  private total = 0;

  constructor(
    /** Limit for one connection. */
    private readonly maxBytes: number,
    /** Limit for all connections. */
    private readonly maxTotalBytes: number,
  ) {}

  /** Records what a connection holds now. @returns false if it must be dropped. */
  record(connection: object, bytes: number): boolean {
    this.total += bytes - (this.held.get(connection) ?? 0);
    if (bytes === 0) this.held.delete(connection);
    else this.held.set(connection, bytes);
    if (bytes > this.maxBytes) return false;
    return this.total <= this.maxTotalBytes || bytes < MIN_DROPPED_BYTES;
  }

  /** Forgets a connection that is closed. */
  forget(connection: object): void {
    this.record(connection, 0);
  }
}

/** A connection that holds less is never dropped, even if the total is over the limit. */
const MIN_DROPPED_BYTES = 64 * 1024;
