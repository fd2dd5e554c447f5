import type { RedisAddress } from "../../config/redis-url.js";
import type { Coordination, CoordinationObserver, SharedState } from "../coordination.js";
import type { RateOptions } from "../local/local-coordination.js";
import { Heartbeat, timesOf } from "./heartbeat.js";
import { createRedisClient } from "./redis-client.js";
import { RedisConnection } from "./redis-connection.js";
import { RedisIntents } from "./redis-intents.js";
import { RedisKeys } from "./redis-keys.js";
import { RedisLeases } from "./redis-leases.js";
import { RedisLogs } from "./redis-logs.js";
import { RedisRates } from "./redis-rates.js";
import { RedisTexts } from "./redis-texts.js";

/** Options for `RedisCoordination`. */
export interface RedisCoordinationOptions {
  readonly address: RedisAddress;
  /** PEM text of the certificate authority that signed Redis' certificate. @default Node's own list */
  readonly ca?: string | undefined;
  /** Begins each key. */
  readonly prefix: string;
  /** Tells CloudTowers apart; equal for all replicas of one gateway. */
  readonly fingerprint: string;
  readonly rate: RateOptions;
  /** How long a lease lasts without renewal, in milliseconds; equal for all replicas. @default 10,000 */
  readonly leaseMs?: number;
}

const LEASE_MS = 10_000;
/** How long the shutdown waits until the leases are given up; they expire otherwise. */
const MAX_STOP_MS = 500;

/** Coordination of several gateways in Redis, by scripts that are one step each. Connects when it is constructed. */
export class RedisCoordination implements Coordination {
  readonly leases: RedisLeases;
  readonly intents: RedisIntents;
  readonly rates: RedisRates;
  readonly texts: RedisTexts;
  readonly logs: RedisLogs;
  private readonly connection: RedisConnection;
  private readonly heartbeat: Heartbeat;

  constructor(options: RedisCoordinationOptions, observer: CoordinationObserver) {
    const { address, ca, prefix, fingerprint, rate, leaseMs = LEASE_MS } = options;
    const times = timesOf(leaseMs);
    const keys = new RedisKeys(prefix, fingerprint);
    const client = createRedisClient({ address, ca, timeoutMs: times.timeoutMs });
    const heartbeat = new Heartbeat(keys.one("epoch"), times);
    const connection = new RedisConnection(client, times.timeoutMs, observer, () => heartbeat.beatNow());
    const parts = { connection, keys, heartbeat, times };
    this.leases = new RedisLeases(parts);
    this.intents = new RedisIntents(parts);
    this.rates = new RedisRates(connection, keys, rate);
    this.texts = new RedisTexts(connection, keys);
    this.logs = new RedisLogs(connection, keys);
    this.connection = connection;
    this.heartbeat = heartbeat;
    void heartbeat.run(connection);
  }

  get shared(): SharedState {
    return { isAvailable: this.connection.isUsable, leases: this.leases.held, intents: this.intents.size };
  }

  async stop(): Promise<void> {
    this.heartbeat.stop();
    await this.leases.settled(MAX_STOP_MS);
    this.connection.stop();
  }
}
