/**
 * What the process holds for clients that do not read: bytes handed to sockets and not yet taken by the system.
 *
 * Overflow policy: whoever holds much while all together hold too much is cut off.
 */
export class UnsentBytes {
  private readonly held = new Map<object, number>();
  private total = 0;

  constructor(
    /** Of one connection. */
    private readonly most: number,
    /** Of all connections together. */
    private readonly mostTogether: number,
  ) {}

  /** Notes what a connection holds now. @returns false where it must be cut off. */
  note(connection: object, bytes: number): boolean {
    this.total += bytes - (this.held.get(connection) ?? 0);
    if (bytes === 0) this.held.delete(connection);
    else this.held.set(connection, bytes);
    if (bytes > this.most) return false;
    return this.total <= this.mostTogether || bytes < SMALL_BYTES;
  }

  /** Forgets a connection that is closed. */
  forget(connection: object): void {
    this.note(connection, 0);
  }
}

/** Holding less than this is no offence even when all together hold too much. */
const SMALL_BYTES = 64 * 1024;
