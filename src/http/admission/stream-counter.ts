import { once } from "../../kernel/once.js";

/** Limits the open subscriptions of each client, over all its connections. */
export class StreamCounter {
  private readonly open = new Map<string, number>();

  constructor(readonly maxPerClient: number) {}

  /** @returns the function that releases the permit (safe to call twice), or undefined if the client has no permits left. */
  acquire(client: string): (() => void) | undefined {
    const count = this.open.get(client) ?? 0;
    if (count >= this.maxPerClient) return undefined;
    this.open.set(client, count + 1);
    return once(() => {
      const left = (this.open.get(client) ?? 1) - 1;
      if (left === 0) this.open.delete(client);
      else this.open.set(client, left);
    });
  }
}
