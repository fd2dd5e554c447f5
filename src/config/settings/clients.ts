import { integer } from "../parsers.js";
import { setting } from "../setting.js";

/** Limits of a client and its connections. */
export const clientsSettings = {
  maxBodyBytes: setting(
    "MAX_BODY_BYTES",
    integer(1024, 1_073_741_824),
    "1048576",
    "Maximum size of a request body or WebSocket message, in bytes.",
  ),
  rateLimitPerSecond: setting(
    "RATE_LIMIT_PER_SECOND",
    integer(0, 1_000_000_000),
    "20000",
    "Cost a client can spend per second, in calls to CloudTower and hundreds of objects; 0 for no limit.",
  ),
  rateLimitBurst: setting(
    "RATE_LIMIT_BURST",
    integer(1, 1_000_000_000),
    "200000",
    "Bucket size: cost a client can spend in a burst.",
  ),
  maxConnections: setting("MAX_CONNECTIONS", integer(1, 1_000_000), "10000", "Maximum number of client connections."),
  maxWebSockets: setting(
    "MAX_WEBSOCKETS",
    integer(0, 1_000_000),
    "5000",
    "Maximum number of WebSocket connections; 0 to refuse them all.",
  ),
  maxConnectionOperations: setting(
    "MAX_OPERATIONS_PER_WEBSOCKET",
    integer(1, 1_000_000),
    "1000",
    "Maximum number of concurrent operations per WebSocket, including subscriptions.",
  ),
  maxClientSubscriptions: setting(
    "MAX_SUBSCRIPTIONS_PER_CLIENT",
    integer(1, 1_000_000),
    "12000",
    "Maximum number of concurrent subscriptions per client, over all its connections.",
  ),
  requestTimeoutSeconds: setting(
    "REQUEST_TIMEOUT_SECONDS",
    integer(1, 3600),
    "30",
    "Maximum time to receive a request, in seconds; half of it for the headers, a third for a WebSocket's `connection_init`.",
  ),
  idleTimeoutSeconds: setting(
    "IDLE_TIMEOUT_SECONDS",
    integer(1, 3600),
    "20",
    "Time after which a connection without a further request is closed, in seconds.",
  ),
  heartbeatSeconds: setting(
    "HEARTBEAT_SECONDS",
    integer(1, 3600),
    "12",
    "Heartbeat interval on WebSockets and event streams, in seconds; a client that misses one is disconnected.",
  ),
  maxUnsentMiB: setting(
    "MAX_UNSENT_MIB",
    integer(1, 1_048_576),
    "256",
    "Maximum amount of data held for all clients, unsent or not yet handled, in MiB.",
  ),
  maxClientUnsentMiB: setting(
    "MAX_UNSENT_MIB_PER_CLIENT",
    integer(1, 1_048_576),
    "32",
    "Maximum amount of such data held for one client, over all its connections, in MiB; beyond it, a connection that adds to it is closed.",
  ),
} as const;
