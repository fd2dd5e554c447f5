import { once } from "../../kernel/once.js";

/** Counts the open subscriptions of each client, over all its connections. */
export class StreamCounter {
  private readonly open = new Map<string, number>();

  constructor(private readonly mostPerClient: number) {}

  /** @returns what to call when the subscription is over (safe to call twice), or undefined where the client has as many as it may. */
  take(client: string): (() => void) | undefined {
    const count = this.open.get(client) ?? 0;
    if (count >= this.mostPerClient) return undefined;
    this.open.set(client, count + 1);
    return once(() => {
      const left = (this.open.get(client) ?? 1) - 1;
      if (left === 0) this.open.delete(client);
      else this.open.set(client, left);
    });
  }
}
