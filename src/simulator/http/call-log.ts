/** One received request. */
export interface Call {
  readonly endpoint: string;
  readonly method: string;
  /** Parsed; undefined until it has arrived, and if it is not JSON. */
  readonly body: unknown;
  /** The raw Authorization header. */
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly requestId: string;
  /** When it arrived, in the simulator's time. */
  readonly at: number;
  /** Undefined until the response was sent, and if the connection was lost before. */
  readonly status: number | undefined;
}

/** Log of received calls: tests count them and wait for them. Lives as long as the simulator. */
export class CallLog {
  /** The newest 2,000 to 4,000 calls: bounded for soak tests. */
  private log: Call[] = [];
  private countByEndpoint = new Map<string, number>();
  private waiting: { endpoint: string; resolve: (call: Call) => void }[] = [];
  private open = 0;
  private maxOpen = 0;

  /** The newest calls, oldest first; at least 2,000. */
  get all(): readonly Call[] {
    return this.log;
  }

  /** The newest calls of one endpoint, oldest first. */
  of(endpoint: string): readonly Call[] {
    return this.log.filter((call) => call.endpoint === endpoint);
  }

  /** Number of calls since the start or the last `clear`, of one endpoint or of all. */
  count(endpoint?: string): number {
    if (endpoint !== undefined) return this.countByEndpoint.get(endpoint) ?? 0;
    return [...this.countByEndpoint.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Number of calls by endpoint, such as {"get-vms": 1}. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.countByEndpoint].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  get inFlight(): number {
    return this.open;
  }

  /** Maximum number of concurrent calls since the start or the last `clear`. */
  get maxInFlight(): number {
    return this.maxOpen;
  }

  /** Resolves to the next call of an endpoint when its body has arrived. */
  next(endpoint: string): Promise<Call> {
    return new Promise((resolve) => this.waiting.push({ endpoint, resolve }));
  }

  clear(): void {
    this.log = [];
    this.countByEndpoint.clear();
    this.maxOpen = this.open;
  }

  /** Records a call whose body has arrived. */
  received(call: Call): void {
    this.log.push(call);
    if (this.log.length >= 4000) this.log = this.log.slice(-2000);
    this.countByEndpoint.set(call.endpoint, (this.countByEndpoint.get(call.endpoint) ?? 0) + 1);
    const waiting = this.waiting.filter(({ endpoint }) => endpoint === call.endpoint);
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
