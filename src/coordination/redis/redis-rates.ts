import type { RateOptions } from "../local/local-coordination.js";
import { RateLimiter } from "../local/rate-limiter.js";
import type { RedisConnection } from "./redis-connection.js";
import type { RedisKeys } from "./redis-keys.js";
import { SPEND } from "./scripts.js";

/**
 * Rate limits of all replicas together, and of each for itself.
 *
 * A client whose bucket of this replica is empty is refused without Redis. That bucket is lowered to what Redis says is left, and is all that
 * limits the client while Redis is away.
 */
export class RedisRates extends RateLimiter {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
    private readonly options: RateOptions,
  ) {
    super(options.perSecond, options.burst);
  }

  override share(client: string, units: number): Promise<number> | undefined {
    if (this.options.perSecond === 0 || !this.connection.isUsable) return undefined;
    return this.spend(client, units).catch(() => 0);
  }

  private async spend(client: string, units: number): Promise<number> {
    const { perSecond, burst } = this.options;
    const spent = await this.connection.run(SPEND, [this.keys.of("rate", client)], [units, perSecond, burst]);
    const [waitSeconds, left] = spent as [number, string];
    this.lower(client, Number(left));
    return waitSeconds;
  }
}
