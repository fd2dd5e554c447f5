/** What was asked of the simulator: tests count calls with it, and wait for them. */

/** One received request. */
export interface Call {
  readonly operation: string;
  readonly method: string;
  /** The parsed body; undefined until it has arrived, or if it is no JSON. */
  readonly body: unknown;
  /** The Authorization header as received. */
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly requestId: string;
  /** The simulator's time of arrival. */
  readonly at: number;
  /** Undefined until it was answered, and for ever if the connection died first. */
  readonly status: number | undefined;
}

/** The newest calls, and counts of all of them. */
export class Calls {
  /** The newest 2,000 at least, and not many more: a soak test must not fill the memory. */
  private log: Call[] = [];
  private countsByEndpoint = new Map<string, number>();
  private waiting: { operation: string; resolve: (call: Call) => void }[] = [];
  private open = 0;
  private maxOpen = 0;

  get all(): readonly Call[] {
    return this.log;
  }

  /** Calls of one operation, oldest first. */
  of(operation: string): readonly Call[] {
    return this.log.filter((call) => call.operation === operation);
  }

  /** How many calls were received since the start or the last `clear`, of one operation or of all. */
  count(operation?: string): number {
    if (operation !== undefined) return this.countsByEndpoint.get(operation) ?? 0;
    return [...this.countsByEndpoint.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts by operation, such as {"get-vms": 1}: what a test of round trips compares. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.countsByEndpoint].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  get inFlight(): number {
    return this.open;
  }

  /** The most calls that were open at one time. */
  get maxInFlight(): number {
    return this.maxOpen;
  }

  /** The next call of an operation, as soon as its body has arrived. */
  next(operation: string): Promise<Call> {
    return new Promise((resolve) => this.waiting.push({ operation, resolve }));
  }

  clear(): void {
    this.log = [];
    this.countsByEndpoint.clear();
    this.maxOpen = this.open;
  }

  /** Notes a request whose body has arrived. */
  received(call: Call): void {
    this.log.push(call);
    if (this.log.length >= 4000) this.log = this.log.slice(-2000);
    this.countsByEndpoint.set(call.operation, (this.countsByEndpoint.get(call.operation) ?? 0) + 1);
    const waiting = this.waiting.filter(({ operation }) => operation === call.operation);
    this.waiting = this.waiting.filter((waiter) => !waiting.includes(waiter));
    for (const { resolve } of waiting) resolve(call);
  }

  opened(): void {
    this.open += 1;
    this.maxOpen = Math.max(this.maxOpen, this.open);
  }

  closed(): void {
    this.open -= 1;
  }
}
