import type { Logs } from "../coordination.js";
import type { RedisConnection } from "./redis-connection.js";
import type { RedisKeys } from "./redis-keys.js";
import { APPEND_LOG, CLAIM_LOG, READ_LOG, REPLACE_LOG } from "./scripts.js";

/** How long a log is kept after its last change. */
const LIFE_MS = 90 * 24 * 3_600_000;

/** Logs as lists. Beside each is the latest claim, which each change checks in the same step. */
export class RedisLogs implements Logs {
  constructor(
    private readonly connection: RedisConnection,
    private readonly keys: RedisKeys,
  ) {}

  async read(name: string): Promise<string[]> {
    return (await this.connection.run(READ_LOG, [this.keys.of("log", name)], [])) as string[];
  }

  async claim(name: string, claim: string): Promise<string[]> {
    return (await this.connection.run(CLAIM_LOG, this.keysOf(name), [claim, LIFE_MS])) as string[];
  }

  async append(name: string, claim: string, entry: string): Promise<number | undefined> {
    const length = (await this.connection.run(APPEND_LOG, this.keysOf(name), [claim, LIFE_MS, entry])) as number;
    return length < 0 ? undefined : length;
  }

  async replace(name: string, claim: string, entry: string): Promise<boolean> {
    return (await this.connection.run(REPLACE_LOG, this.keysOf(name), [claim, LIFE_MS, entry])) === 1;
  }

  private keysOf(name: string): string[] {
    return [this.keys.of("log", name), this.keys.of("claim", name)];
  }
}
