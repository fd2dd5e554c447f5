import { LRUCache } from "lru-cache";
import type { Rates } from "../coordination.js";

interface Bucket {
  tokens: number;
  /** When `tokens` was computed, on the clock of `performance.now()`. */
  at: number;
}

/** Maximum number of buckets. A client whose bucket is dropped starts with a full one, which it nearly had again anyway. */
const MAX_BUCKETS = 50_000;

/** A token bucket for each client: its size limits a burst, its refill the rate. */
export class RateLimiter implements Rates {
  private readonly buckets = new LRUCache<string, Bucket>({ max: MAX_BUCKETS });

  /** @param perSecond refill; 0 disables the limit. @param burst size of a bucket. */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  take(client: string, units: number): number {
    if (this.perSecond === 0) return 0;
    const now = this.now();
    const bucket = this.buckets.get(client) ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    this.buckets.set(client, bucket);
    // A cost above the bucket size would never pass, so it takes a full bucket and leaves a debt.
    const needed = Math.min(units, this.burst);
    if (bucket.tokens < needed) return Math.ceil((needed - bucket.tokens) / this.perSecond);
    bucket.tokens -= units;
    return 0;
  }

  /** The client has no other bucket. */
  share(_client: string, _units: number): Promise<number> | undefined {
    return undefined;
  }

  /** Lowers the client's bucket to what is left of another one. */
  lower(client: string, tokens: number): void {
    const bucket = this.buckets.get(client);
    if (bucket !== undefined) bucket.tokens = Math.min(bucket.tokens, tokens);
  }
}
