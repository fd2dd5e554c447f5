import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisAddress } from "../../config/redis-url.js";

/** A client of one server, also behind Sentinels, or of a Cluster. */
export type RedisClient = Redis | Cluster;

/** Options for `createRedisClient`. */
export interface ClientOptions {
  readonly address: RedisAddress;
  /** PEM text of the certificate authority that signed Redis' certificate. @default Node's own list */
  readonly ca?: string | undefined;
  /** Maximum time to connect, and between two attempts to. */
  readonly timeoutMs: number;
}

const FIRST_PAUSE_MS = 50;

/**
 * Connects to Redis, and again for as long as it runs.
 *
 * A command fails while there is no connection, and when it is lost: it is neither queued nor repeated, because it would come too late.
 */
export function createRedisClient({ address, ca, timeoutMs }: ClientOptions): RedisClient {
  const { kind, nodes, username, password, database, masterName, sentinelUsername, sentinelPassword } = address;
  const tls = address.tls ? { ...(ca !== undefined && { ca }) } : undefined;
  const pauseMs = (attempt: number) => Math.min(FIRST_PAUSE_MS * attempt, timeoutMs);
  const common: RedisOptions = {
    username,
    password,
    tls,
    connectTimeout: timeoutMs,
    connectionName: "towerql",
    // Makes the client look for the new server after a failover.
    reconnectOnError: ({ message }) => message.startsWith("READONLY"),
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  };
  if (kind === "cluster") {
    return new Cluster([...nodes], {
      redisOptions: common,
      enableOfflineQueue: false,
      clusterRetryStrategy: pauseMs,
      // Certificates name hosts, and nodes announce addresses.
      ...(tls !== undefined && { dnsLookup: (host, callback) => callback(null, host) }),
    });
  }
  const single: RedisOptions = { ...common, db: database, enableOfflineQueue: false, retryStrategy: pauseMs };
  if (kind === "sentinel") {
    return new Redis({
      ...single,
      sentinels: [...nodes],
      name: masterName,
      sentinelUsername,
      sentinelPassword,
      sentinelRetryStrategy: pauseMs,
      enableTLSForSentinelMode: tls !== undefined,
      sentinelTLS: tls,
    });
  }
  return new Redis({ ...single, ...nodes[0] });
}
