import { basePath, headerNames, host, hosts, networks, origins } from "./config/network-parsers.js";
import {
  certificates,
  fileContents,
  flag,
  headerValue,
  httpUrl,
  InvalidValue,
  integer,
  key,
  keys,
  oneOf,
  type Parse,
  text,
} from "./config/parsers.js";
import { keyPrefix, redisUrl } from "./config/redis-url.js";
import { upstreamHeaders } from "./config/upstream-headers.js";
import { quote } from "./kernel/text/global-id.js";

/** An invalid setting; `message` is one line that names the variable and says what is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

interface Setting<T> {
  readonly variable: string;
  readonly parse: Parse<T>;
  /** Default, as it would be written; undefined if the setting is optional. */
  readonly fallback?: string;
  readonly meaning: string;
  /** Never shown in errors or logs. @default false */
  readonly secret?: boolean;
}

/** A setting with a default. */
function setting<T>(variable: string, parse: Parse<T>, fallback: string, meaning: string): Setting<T> {
  return { variable, parse, fallback, meaning };
}

/** A setting that may be absent. */
function optional<T>(variable: string, parse: Parse<T>, meaning: string, secret = false): Setting<T | undefined> {
  return { variable, parse, meaning, secret };
}

/** All settings: variable, parser, default and meaning. The settings table of README.md is generated from this one. */
export const settings = {
  port: setting("PORT", integer(0, 65_535), "4000", "Port to listen on; 0 for any free port."),
  host: setting("HOST", host, "0.0.0.0", "IP address, or name of one, to listen on."),
  nodeEnv: setting(
    "NODE_ENV",
    oneOf("development", "production", "test"),
    "development",
    "`development`, `production` or `test`. With `production`, the gateway does not start without CLOUDTOWER_URL, unless SIMULATOR is on.",
  ),
  logLevel: setting(
    "LOG_LEVEL",
    oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    "info",
    "Minimum level to log: `fatal`, `error`, `warn`, `info`, `debug` or `trace`; `silent` for no log.",
  ),

  cloudTowerUrl: optional(
    "CLOUDTOWER_URL",
    httpUrl,
    "URL of CloudTower, with or without `/v2/api`. If empty, the embedded simulator is used.",
  ),
  simulator: setting("SIMULATOR", flag, "false", "Use the embedded simulator even with NODE_ENV=production."),
  simulatorVms: setting("SIMULATOR_VMS", integer(0, 100_000), "40", "Number of VMs in the embedded simulator."),
  authMode: setting(
    "AUTH_MODE",
    oneOf("forward", "service"),
    "forward",
    "`forward` sends each client's own token to CloudTower; `service` sends the gateway's own.",
  ),
  apiKeys: optional("API_KEYS", keys, "API keys of the clients in service mode, separated by commas.", true),
  token: optional("CLOUDTOWER_TOKEN", headerValue, "CloudTower token of the gateway in service mode.", true),
  username: optional(
    "CLOUDTOWER_USERNAME",
    text,
    "CloudTower user of the gateway in service mode, instead of a token or to replace an expired one.",
  ),
  password: optional("CLOUDTOWER_PASSWORD", text, "Password of that user.", true),
  source: setting(
    "CLOUDTOWER_SOURCE",
    oneOf("LOCAL", "LDAP", "AUTHN", "SSO"),
    "LOCAL",
    "User source of that user: `LOCAL`, `LDAP`, `AUTHN` or `SSO`. With LDAP, the gateway looks the directory up, unless its id is set.",
  ),
  authConfigId: optional(
    "CLOUDTOWER_AUTH_CONFIG_ID",
    text,
    "Id of the directory that user belongs to. Required for AUTHN, and for LDAP if CloudTower has several directories.",
  ),
  ca: optional("CLOUDTOWER_CA_FILE", certificates, "PEM file of the authority that signed CloudTower's certificate."),
  insecure: setting("CLOUDTOWER_INSECURE", flag, "false", "Accept any certificate from CloudTower. Dangerous."),
  upstreamHeaders: optional(
    "UPSTREAM_HEADERS",
    upstreamHeaders,
    "Further headers of each call to CloudTower, as `name: value`, separated by commas, e.g. `x-bypass-whitelist: 1`.",
    true,
  ),

  connections: setting(
    "UPSTREAM_CONNECTIONS",
    integer(1, 1024),
    "32",
    "Maximum number of clients' calls in flight; one more connection is reserved for pings and logins.",
  ),
  connectTimeoutSeconds: setting(
    "UPSTREAM_CONNECT_TIMEOUT_SECONDS",
    integer(1, 300),
    "5",
    "Maximum time to connect to CloudTower, in seconds.",
  ),
  upstreamQueue: setting(
    "UPSTREAM_QUEUE",
    integer(0, 1_000_000),
    "2000",
    "Maximum number of calls waiting for a connection; beyond it, the client with the most gets RATE_LIMITED. 0 for no queue.",
  ),
  silenceTimeoutSeconds: setting(
    "UPSTREAM_TIMEOUT_SECONDS",
    integer(1, 3600),
    "30",
    "Give up on a call after CloudTower has sent nothing for this long, in seconds.",
  ),
  writeTimeoutSeconds: setting(
    "UPSTREAM_WRITE_TIMEOUT_SECONDS",
    integer(1, 3600),
    "120",
    "Maximum time to wait for the response to a write, even after its client has left, in seconds. As long, a write with an unknown outcome is not sent again.",
  ),
  readAttempts: setting(
    "UPSTREAM_READ_ATTEMPTS",
    integer(1, 10),
    "3",
    "Attempts per read, including the first, when the network or a proxy fails.",
  ),
  maxResponseMiB: setting(
    "UPSTREAM_MAX_ANSWER_MIB",
    integer(1, 2048),
    "64",
    "Maximum size of a response from CloudTower, in MiB; longer lists are read in smaller pages.",
  ),
  idsPerCall: setting(
    "UPSTREAM_IDS_PER_CALL",
    integer(1, 10_000),
    "500",
    "Maximum number of ids in one call to CloudTower; longer lists are split.",
  ),
  rowsPerCall: setting(
    "UPSTREAM_ROWS_PER_CALL",
    integer(1, 100_000),
    "10000",
    "Maximum number of rows in one response from CloudTower; further rows are read page by page.",
  ),

  operationTimeoutSeconds: setting(
    "OPERATION_TIMEOUT_SECONDS",
    integer(1, 3600),
    "60",
    "Maximum duration of a query or mutation, or of one event of a subscription, in seconds.",
  ),
  defaultPageSize: setting(
    "DEFAULT_PAGE_SIZE",
    integer(1, 100_000),
    "50",
    "Page size if a client gives neither `first` nor `last`.",
  ),
  maxPageSize: setting("MAX_PAGE_SIZE", integer(1, 100_000), "1000", "Maximum `first` or `last`."),
  maxBodyBytes: setting(
    "MAX_BODY_BYTES",
    integer(1024, 1_073_741_824),
    "1048576",
    "Maximum size of a request body or WebSocket message, in bytes.",
  ),
  taskPollQuickMs: setting(
    "TASK_POLL_QUICK_MS",
    integer(10, 60_000),
    "250",
    "Poll interval while a task is young or nearly done, in milliseconds.",
  ),
  taskPollSlowMs: setting(
    "TASK_POLL_SLOW_MS",
    integer(10, 600_000),
    "2000",
    "Poll interval for other tasks, in milliseconds.",
  ),
  taskAppearSeconds: setting(
    "TASK_APPEAR_SECONDS",
    integer(1, 3600),
    "10",
    "Maximum time to wait for a task that CloudTower does not list yet, or on which alone it fails, in seconds.",
  ),
  readyTimeoutSeconds: setting(
    "READY_TIMEOUT_SECONDS",
    integer(1, 86_400),
    "600",
    "Maximum time that `vmSnapshotReady` and `vmSnapshotsReady` wait for a snapshot to become usable, in seconds; for `vmSnapshotEvents`, after the task that creates it has ended.",
  ),
  eventsOverlapSeconds: setting(
    "EVENTS_OVERLAP_SECONDS",
    integer(0, 3600),
    "30",
    "How far each poll for events reads back, for rows that become visible late, in seconds.",
  ),
  eventsSweepSeconds: setting(
    "EVENTS_SWEEP_SECONDS",
    integer(1, 86_400),
    "900",
    "How far a poll reads back every 30 s, in seconds. Events of what becomes visible even later are lost.",
  ),
  writeVerifySeconds: setting(
    "WRITE_VERIFY_SECONDS",
    integer(1, 300),
    "10",
    "How long to keep looking for the effect of a write whose response was lost, in seconds.",
  ),
  redis: optional(
    "REDIS_URL",
    redisUrl,
    "URL of the Redis or Valkey by which several gateways behave as one: `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, `redis+sentinel://host[:port],.../name`, `redis+cluster://host[:port],...`. If empty, everything stays in the process: run only one.",
    true,
  ),
  redisCa: optional("REDIS_CA_FILE", certificates, "PEM file of the authority that signed Redis' certificate."),
  redisPrefix: setting(
    "REDIS_PREFIX",
    keyPrefix,
    "towerql:",
    "Prefix of each key in Redis, of letters, digits and `-_.:`; the same for all gateways that behave as one.",
  ),
  shutdownDelaySeconds: optional(
    "SHUTDOWN_DELAY_SECONDS",
    integer(0, 300),
    "How long a gateway that was told to stop still serves requests while `/readyz` says 503, in seconds, so that balancers send no more. If empty, 5 with NODE_ENV=production, else 0.",
  ),
  webhooksFile: optional(
    "WEBHOOKS_FILE",
    text,
    "JSON file that defines webhooks; read again on SIGHUP. Needs AUTH_MODE=service, and STATE_DIR or REDIS_URL.",
  ),
  stateDir: optional(
    "STATE_DIR",
    text,
    "Directory in which the gateway keeps how far webhooks were delivered; for one gateway alone. With REDIS_URL, Redis has it.",
  ),
  webhooksAdminKey: optional(
    "WEBHOOKS_ADMIN_KEY",
    key,
    "API key of clients in service mode that may see and control webhooks, besides all that other clients may. If empty, nobody may.",
    true,
  ),
  metrics: setting("METRICS", flag, "true", "Serve `/metrics` for Prometheus."),
  otlpEndpoint: optional(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    httpUrl,
    "URL of a collector to export traces to, over OTLP/HTTP as JSON. If empty, no traces.",
  ),
  maxDocumentTokens: setting(
    "MAX_DOCUMENT_TOKENS",
    integer(10, 1_000_000),
    "5000",
    "Maximum number of tokens in a document.",
  ),
  maxNesting: setting("MAX_NESTING", integer(2, 1_000), "50", "Maximum bracket depth of a document."),
  maxDefinitions: setting(
    "MAX_DEFINITIONS",
    integer(1, 10_000),
    "100",
    "Maximum number of operations and fragments in a document.",
  ),
  maxDepth: setting("MAX_DEPTH", integer(1, 1_000), "20", "Maximum field depth."),
  maxFields: setting("MAX_FIELDS", integer(1, 100_000), "5000", "Maximum number of fields, with fragments expanded."),
  maxAliases: setting("MAX_ALIASES", integer(0, 100_000), "100", "Maximum number of aliases, with fragments expanded."),
  maxRootFields: setting(
    "MAX_ROOT_FIELDS",
    integer(1, 10_000),
    "50",
    "Maximum number of fields at the root of an operation.",
  ),
  maxDirectives: setting(
    "MAX_DIRECTIVES",
    integer(0, 10_000),
    "100",
    "Maximum number of directives, with fragments expanded.",
  ),
  maxListLength: setting("MAX_LIST_LENGTH", integer(1, 1_000_000), "1000", "Maximum length of a list in an argument."),
  maxStringLength: setting(
    "MAX_STRING_LENGTH",
    integer(1, 1_000_000),
    "4096",
    "Maximum length of a string in an argument, in characters.",
  ),
  maxOperationCalls: setting(
    "MAX_OPERATION_CALLS",
    integer(1, 1_000_000),
    "500",
    "Maximum number of calls to CloudTower of an operation, as estimated from its text and as made.",
  ),
  maxOperationObjects: setting(
    "MAX_OPERATION_OBJECTS",
    integer(1, 1_000_000_000),
    "250000",
    "Maximum number of objects in the result of an operation, as estimated from its text and as written.",
  ),
  maxOperationRows: setting(
    "MAX_OPERATION_ROWS",
    integer(1, 1_000_000_000),
    "500000",
    "Maximum number of CloudTower's rows that an operation reads.",
  ),
  maxResultMiB: setting(
    "MAX_RESULT_MIB",
    integer(1, 1_048_576),
    "64",
    "Maximum size of the result of an operation, in MiB, approximated by its names and texts.",
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
  basePath: setting(
    "BASE_PATH",
    basePath,
    "",
    "Path prefix, e.g. `/towerql`, of letters, digits and `-._~`. Empty for none.",
  ),
  trustedProxies: setting(
    "TRUSTED_PROXIES",
    networks,
    "",
    "Addresses and networks (`10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`) of proxies whose X-Forwarded-For is trusted, separated by commas. A client in a trusted network chooses its own address; the log warns of networks wider than /8. Empty for none.",
  ),
  corsOrigins: setting(
    "CORS_ORIGINS",
    origins,
    "",
    "Origins of web pages that may use the gateway, separated by commas, e.g. `https://ops.example`, without a path; `*` for all. Empty for none.",
  ),
  corsHeaders: setting(
    "CORS_HEADERS",
    headerNames,
    "",
    "Names of further request headers that pages of CORS_ORIGINS may send, separated by commas. Those of GraphQL clients are always allowed.",
  ),
  allowAnonymous: setting(
    "ALLOW_ANONYMOUS",
    flag,
    "false",
    "In service mode, serve clients without an API key. Anyone who can reach the gateway then acts as its user.",
  ),
  allowedHosts: setting(
    "ALLOWED_HOSTS",
    hosts,
    "",
    "Host names, without a port, by which clients without a credential may address the gateway (with the simulator or ALLOW_ANONYMOUS), separated by commas. localhost, 127.0.0.1, [::1] and HOST are always allowed.",
  ),
  readOnly: setting("READ_ONLY", flag, "false", "Remove mutations from the schema."),
  persistedQueries: setting("PERSISTED_QUERIES", flag, "true", "Let clients register operations by their hash (APQ)."),
  safelist: optional(
    "SAFELIST_FILE",
    fileContents,
    "JSON file of the operations on the safelist, by id or as a list. If empty, no safelist.",
  ),
  safelistMode: setting(
    "SAFELIST_MODE",
    oneOf("allow", "warn", "enforce"),
    "enforce",
    "For operations not in SAFELIST_FILE: `allow` runs them, `warn` runs and logs them, `enforce` refuses them.",
  ),
  graphiql: setting("GRAPHIQL", flag, "true", "Serve the GraphiQL page."),
  introspection: setting("INTROSPECTION", flag, "true", "Let clients query the schema."),
} as const;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The settings of a process, frozen. */
export type Config = { readonly [K in keyof typeof settings]: ValueOf<(typeof settings)[K]> };

/** How long a gateway that was told to stop still serves requests. */
export function leaveMs({ shutdownDelaySeconds, nodeEnv }: Config): number {
  return (shutdownDelaySeconds ?? (nodeEnv === "production" ? 5 : 0)) * 1000;
}

/** Reads one setting from the environment. @throws ConfigError if it is invalid. */
export function loadSetting<K extends keyof Config>(name: K, env: NodeJS.ProcessEnv = process.env): Config[K] {
  return read(settings[name], env) as Config[K];
}

/**
 * Reads the settings from the environment. An empty variable counts as unset.
 *
 * @throws ConfigError for the first invalid setting, or for settings that contradict each other.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const entries = Object.entries(settings as Record<string, Setting<unknown>>);
  const config = Object.freeze(Object.fromEntries(entries.map(([name, entry]) => [name, read(entry, env)]))) as Config;
  checkTogether(config);
  return config;
}

function read({ variable, parse, fallback, secret }: Setting<unknown>, env: NodeJS.ProcessEnv): unknown {
  const given = env[variable] || (secret ? secretFromFile(`${variable}_FILE`, env) : undefined);
  const value = given ?? fallback;
  if (value === undefined) return undefined;
  return parsed(variable, parse, value, secret);
}

/** A secret from a file, as container platforms provide them, instead of from the environment. */
function secretFromFile(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = env[variable];
  if (!path) return undefined;
  return parsed(variable, fileContents, path).trim() || undefined;
}

/** @param secret keep the value out of the error. */
function parsed<T>(variable: string, parse: Parse<T>, value: string, secret = false): T {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const shown = secret ? "" : `, got ${quote(withoutUserinfo(error.part ?? value))}`;
    throw new ConfigError(`${variable} must be ${error.message}${shown}.`);
  }
}

/** The userinfo of a URL may contain a password. */
function withoutUserinfo(value: string): string {
  return value.replace(/^.*@/s, "***@");
}

function checkTogether(config: Config): void {
  if (config.cloudTowerUrl === undefined && config.nodeEnv === "production" && !config.simulator) {
    throw new ConfigError(
      "CLOUDTOWER_URL is required with NODE_ENV=production. For simulated data, set SIMULATOR=1 instead.",
    );
  }
  if (config.cloudTowerUrl !== undefined && config.simulator) {
    throw new ConfigError("SIMULATOR must be off if CLOUDTOWER_URL is set. Unset one of them.");
  }
  if (config.defaultPageSize > config.maxPageSize) {
    throw new ConfigError(
      `DEFAULT_PAGE_SIZE must be at most MAX_PAGE_SIZE (${config.maxPageSize}), got ${config.defaultPageSize}.`,
    );
  }
  if (config.eventsOverlapSeconds > config.eventsSweepSeconds) {
    throw new ConfigError(
      `EVENTS_OVERLAP_SECONDS must be at most EVENTS_SWEEP_SECONDS (${config.eventsSweepSeconds}), got ${config.eventsOverlapSeconds}.`,
    );
  }
  checkWebhooks(config);
  if (config.authMode !== "service") return;
  if (!config.apiKeys?.length && !config.allowAnonymous) {
    throw new ConfigError(
      "API_KEYS must have at least one key with AUTH_MODE=service. To serve everyone, set ALLOW_ANONYMOUS=true instead.",
    );
  }
  if (config.cloudTowerUrl === undefined) return;
  if (config.username !== undefined && config.source === "AUTHN" && config.authConfigId === undefined) {
    throw new ConfigError(
      "CLOUDTOWER_AUTH_CONFIG_ID must be set with CLOUDTOWER_SOURCE=AUTHN. For a directory of LDAP, set CLOUDTOWER_SOURCE=LDAP instead: the gateway then looks it up.",
    );
  }
  if (config.token === undefined && (config.username === undefined || config.password === undefined)) {
    throw new ConfigError(
      "CLOUDTOWER_TOKEN, or CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD, must be set with AUTH_MODE=service.",
    );
  }
}

/** Webhooks act for the gateway's own account, which there is only in service mode. */
function checkWebhooks({ authMode, webhooksFile, webhooksAdminKey, stateDir, redis }: Config): void {
  const variable = webhooksFile !== undefined ? "WEBHOOKS_FILE" : "WEBHOOKS_ADMIN_KEY";
  if (webhooksFile === undefined && webhooksAdminKey === undefined) return;
  if (authMode !== "service") {
    throw new ConfigError(
      `${variable} must be unset unless AUTH_MODE=service: webhooks read their events with the gateway's own account.`,
    );
  }
  if (webhooksFile === undefined) return;
  if (stateDir === undefined && redis === undefined) {
    throw new ConfigError(
      "STATE_DIR or REDIS_URL must be set with WEBHOOKS_FILE: without either, events would be lost or repeated after a restart.",
    );
  }
  if (stateDir !== undefined && redis !== undefined) {
    throw new ConfigError(
      "STATE_DIR must be unset with REDIS_URL: Redis has the states of webhooks then, and each begins with new events. To deliver what a directory's state has left, run a gateway without REDIS_URL first.",
    );
  }
}
