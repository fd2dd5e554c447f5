import { LRUCache } from "lru-cache";

interface Bucket {
  tokens: number;
  /** When `tokens` was true, on the clock of `performance.now()`. */
  at: number;
}

/** Clients whose buckets are kept. One that is forgotten starts again with a full bucket, which it had nearly got back. */
const KEPT_CLIENTS = 50_000;

/** A token bucket for each client: what it may spend at once, and how fast that comes back. */
export class RateLimiter {
  private readonly buckets = new LRUCache<string, Bucket>({ max: KEPT_CLIENTS });

  /** @param perSecond 0 switches the limit off. */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes units from the client's bucket. @returns seconds after which there would be enough, 0 where they were taken. */
  take(client: string, units: number): number {
    if (this.perSecond === 0) return 0;
    const now = this.now();
    const bucket = this.buckets.get(client) ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond);
    bucket.at = now;
    this.buckets.set(client, bucket);
    // What costs more than a full bucket would never pass: it takes all there is and leaves a debt.
    const needed = Math.min(units, this.burst);
    if (bucket.tokens < needed) return Math.ceil((needed - bucket.tokens) / this.perSecond);
    bucket.tokens -= units;
    return 0;
  }
}
