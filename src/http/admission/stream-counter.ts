import { once } from "../../kernel/once.js";

/** Limits the open subscriptions of each client, over all its connections. */
export class StreamCounter {
  private readonly open = new Map<string, number>();

  private openCount = 0;

  constructor(readonly maxPerClient: number) {}

  /** Number of open subscriptions of all clients. */
  get total(): number {
    return this.openCount;
  }

  /** Number of open subscriptions of the client with the most. */
  get busiest(): number {
    return [...this.open.values()].reduce((most, count) => Math.max(most, count), 0);
  }

  /** @returns the function that releases the permit (safe to call twice), or undefined if the client has no permits left. */
  acquire(client: string): (() => void) | undefined {
    const count = this.open.get(client) ?? 0;
    if (count >= this.maxPerClient) return undefined;
    this.open.set(client, count + 1);
    this.openCount += 1;
    return once(() => {
      this.openCount -= 1;
      const left = (this.open.get(client) ?? 1) - 1;
      if (left === 0) this.open.delete(client);
      else this.open.set(client, left);
    });
  }
}
