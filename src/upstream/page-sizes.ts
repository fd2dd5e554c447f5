/** How long a size is remembered. */
const MEMORY_MS = 5 * 60_000;

/**
 * Numbers of rows whose responses were not too large, by endpoint, so that the next operation does not find out again. Forgotten after some
 * minutes, since rows may have become smaller. Lives as long as the process.
 */
export class PageSizes {
  private readonly sizes = new Map<string, { readonly rows: number; readonly until: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Maximum number of rows to request; Infinity if no response was too large lately. */
  maxRows(endpoint: string): number {
    const size = this.sizes.get(endpoint);
    return size !== undefined && this.now() < size.until ? size.rows : Number.POSITIVE_INFINITY;
  }

  /** Records that a response was too large, and that one of this number of rows was not. */
  record(endpoint: string, rows: number): void {
    this.sizes.set(endpoint, { rows, until: this.now() + MEMORY_MS });
  }
}
