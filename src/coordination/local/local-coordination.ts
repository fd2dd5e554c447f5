import type { Coordination, Lease, Leases, Texts } from "../coordination.js";
import { LocalIntents } from "./local-intents.js";
import { LocalTexts } from "./local-texts.js";
import { RateLimiter } from "./rate-limiter.js";

/** Rate limits of one replica. */
export interface RateOptions {
  /** Refill of each client's bucket; 0 for no limit. */
  readonly perSecond: number;
  /** Size of a bucket. */
  readonly burst: number;
}

/** Coordination of a single gateway, in memory: a restart empties it. */
export class LocalCoordination implements Coordination {
  readonly leases = new LocalLeases();
  readonly intents = new LocalIntents();
  readonly texts: Texts = new LocalTexts();
  readonly rates: RateLimiter;
  readonly logs = undefined;
  readonly shared = undefined;

  /** @param rate rate limits of the clients. @default none */
  constructor({ perSecond, burst }: RateOptions = { perSecond: 0, burst: 1 }) {
    this.rates = new RateLimiter(perSecond, burst);
  }

  async stop(): Promise<void> {}
}

class LocalLeases implements Leases {
  private readonly held = new Set<string>();

  async take(key: string): Promise<Lease | undefined> {
    if (this.held.has(key)) return undefined;
    this.held.add(key);
    let isHeld = true;
    return {
      isSafe: true,
      release: () => {
        if (isHeld) this.held.delete(key);
        isHeld = false;
      },
    };
  }

  async isHeld(key: string): Promise<boolean> {
    return this.held.has(key);
  }

  /** There is nobody else. */
  async request(): Promise<void> {}

  async isRequested(): Promise<boolean> {
    return false;
  }
}
