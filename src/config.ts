import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** A setting that cannot be used; `message` is one line that names the variable, what was expected and what came. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** How a setting is read from its text. Throws what was expected where the text does not fit. */
type Parse<T> = (text: string) => T;

interface Setting<T> {
  readonly variable: string;
  readonly parse: Parse<T>;
  /** As it would be written; undefined where the setting may be absent. */
  readonly fallback?: string;
  readonly meaning: string;
  /** Never shown, neither in errors nor in logs. */
  readonly secret?: boolean;
}

class Expected extends Error {}

const text: Parse<string> = (value) => value;

function integer(min: number, max: number): Parse<number> {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new Expected(`a whole number from ${min} to ${max}`);
  };
}

const FLAGS = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

const flag: Parse<boolean> = (value) => {
  const known = FLAGS.get(value.toLowerCase());
  if (known === undefined) throw new Expected("true, false, 1 or 0");
  return known;
};

function oneOf<T extends string>(...values: readonly T[]): Parse<T> {
  return (value) => {
    if ((values as readonly string[]).includes(value)) return value as T;
    throw new Expected(values.join(" or "));
  };
}

const httpUrl: Parse<URL> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new Expected("an http or https address such as https://tower.example/v2/api");
  }
  if (url.username !== "" || url.password !== "") throw new Expected("an address without credentials");
  return url;
};

const list: Parse<readonly string[]> = (value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const certificates: Parse<string> = (path) => {
  try {
    const pem = readFileSync(path, "utf8");
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new Expected("the path of a PEM file with a certificate that can be read");
  }
};

const fileContents: Parse<string> = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Expected("the path of a file that can be read");
  }
};

const basePath: Parse<string> = (value) => {
  const path = value.replace(/\/+$/, "");
  if (path !== "" && !/^(\/[\w.~-]+)+$/.test(path)) throw new Expected("a path such as /towerql");
  return path;
};

/** Keeps the type of each setting's value. */
function setting<T>(variable: string, parse: Parse<T>, fallback: string, meaning: string): Setting<T> {
  return { variable, parse, fallback, meaning };
}

function optional<T>(variable: string, parse: Parse<T>, meaning: string, secret = false): Setting<T | undefined> {
  return { variable, parse, meaning, secret };
}

/** Every setting: variable, how it is read, default, meaning. The documentation is made from this table. */
export const settings = {
  port: setting("PORT", integer(0, 65_535), "4000", "Port to listen on; 0 takes any free one."),
  host: setting("HOST", text, "0.0.0.0", "Address to listen on."),
  nodeEnv: setting("NODE_ENV", text, "development", "`production` refuses to start without CLOUDTOWER_URL."),
  logLevel: setting(
    "LOG_LEVEL",
    oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    "info",
    "What is logged.",
  ),

  cloudTowerUrl: optional(
    "CLOUDTOWER_URL",
    httpUrl,
    "Address of CloudTower, with or without `/v2/api`. Without it the embedded simulator answers.",
  ),
  simulator: setting("SIMULATOR", flag, "false", "Use the embedded simulator even with NODE_ENV=production."),
  simulatorVms: setting("SIMULATOR_VMS", integer(0, 100_000), "40", "VMs of the embedded simulator."),
  authMode: setting(
    "AUTH_MODE",
    oneOf("forward", "service"),
    "forward",
    "`forward` sends each client's own token to CloudTower; `service` uses one of the gateway's.",
  ),
  apiKeys: optional("API_KEYS", list, "Keys of the clients in service mode, with commas between.", true),
  token: optional("CLOUDTOWER_TOKEN", text, "The gateway's token in service mode.", true),
  username: optional("CLOUDTOWER_USERNAME", text, "The gateway's user in service mode, instead of a token."),
  password: optional("CLOUDTOWER_PASSWORD", text, "Password of that user.", true),
  source: setting(
    "CLOUDTOWER_SOURCE",
    oneOf("LOCAL", "LDAP", "AUTHN", "SSO"),
    "LOCAL",
    "Where CloudTower knows that user from.",
  ),
  authConfigId: optional("CLOUDTOWER_AUTH_CONFIG_ID", text, "Which directory that user is of, for the source AUTHN."),
  ca: optional("CLOUDTOWER_CA_FILE", certificates, "PEM file of the authority that signed CloudTower's certificate."),
  insecure: setting("CLOUDTOWER_INSECURE", flag, "false", "Accept any certificate of CloudTower. Dangerous."),

  connections: setting("UPSTREAM_CONNECTIONS", integer(1, 1024), "32", "Most connections to CloudTower."),
  connectTimeoutSeconds: setting(
    "UPSTREAM_CONNECT_TIMEOUT_SECONDS",
    integer(1, 300),
    "5",
    "Longest wait for a connection to CloudTower.",
  ),
  upstreamQueue: setting(
    "UPSTREAM_QUEUE",
    integer(0, 1_000_000),
    "2000",
    "Most calls that wait for one of those connections; more are refused with RATE_LIMITED.",
  ),
  silenceTimeoutSeconds: setting(
    "UPSTREAM_TIMEOUT_SECONDS",
    integer(1, 3600),
    "30",
    "Longest silence of CloudTower during a call.",
  ),
  writeTimeoutSeconds: setting(
    "UPSTREAM_WRITE_TIMEOUT_SECONDS",
    integer(1, 3600),
    "120",
    "How long a write that was sent is followed, also when its client has left.",
  ),
  readAttempts: setting("UPSTREAM_READ_ATTEMPTS", integer(1, 10), "3", "Tries of a read that fails on its way."),
  maxAnswerMiB: setting("UPSTREAM_MAX_ANSWER_MIB", integer(1, 2048), "256", "Largest answer of CloudTower, in MiB."),
  idsPerCall: setting("UPSTREAM_IDS_PER_CALL", integer(1, 10_000), "500", "Most ids in one call to CloudTower."),
  rowsPerCall: setting(
    "UPSTREAM_ROWS_PER_CALL",
    integer(1, 100_000),
    "10000",
    "Most rows in one answer of CloudTower; more are read page by page.",
  ),

  operationTimeoutSeconds: setting(
    "OPERATION_TIMEOUT_SECONDS",
    integer(1, 3600),
    "60",
    "Longest time for a query or mutation, or for one event of a subscription.",
  ),
  defaultPageSize: setting("DEFAULT_PAGE_SIZE", integer(1, 100_000), "50", "`first` where a client gives none."),
  maxPageSize: setting("MAX_PAGE_SIZE", integer(1, 100_000), "1000", "Largest `first` or `last`."),
  maxBodyBytes: setting("MAX_BODY_BYTES", integer(1024, 1_073_741_824), "1048576", "Largest request, in bytes."),
  taskPollQuickMs: setting(
    "TASK_POLL_QUICK_MS",
    integer(10, 60_000),
    "250",
    "Between polls while a task is young or nearly done, in milliseconds.",
  ),
  taskPollSlowMs: setting(
    "TASK_POLL_SLOW_MS",
    integer(10, 600_000),
    "2000",
    "Between polls otherwise, in milliseconds.",
  ),
  taskAppearSeconds: setting(
    "TASK_APPEAR_SECONDS",
    integer(1, 3600),
    "10",
    "How long a task that CloudTower does not show is waited for.",
  ),
  readyTimeoutSeconds: setting(
    "READY_TIMEOUT_SECONDS",
    integer(1, 86_400),
    "600",
    "How long `vmSnapshotReady` waits for a snapshot to become usable.",
  ),
  writeVerifySeconds: setting(
    "WRITE_VERIFY_SECONDS",
    integer(1, 300),
    "10",
    "How long is looked for the effect of a write whose answer was lost.",
  ),
  metrics: setting("METRICS", flag, "true", "Serve `/metrics` for Prometheus."),
  otlpEndpoint: optional(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    httpUrl,
    "Where traces go, over OTLP/HTTP as JSON. Without it there are none.",
  ),
  maxDocumentTokens: setting(
    "MAX_DOCUMENT_TOKENS",
    integer(10, 1_000_000),
    "5000",
    "Most words and signs of a document.",
  ),
  maxNesting: setting("MAX_NESTING", integer(2, 1_000), "50", "Most brackets inside one another in a document."),
  maxDefinitions: setting("MAX_DEFINITIONS", integer(1, 10_000), "100", "Most operations and fragments of a document."),
  maxDepth: setting("MAX_DEPTH", integer(1, 1_000), "20", "Most fields below one another."),
  maxFields: setting("MAX_FIELDS", integer(1, 100_000), "5000", "Most fields, with fragments put in place."),
  maxAliases: setting("MAX_ALIASES", integer(0, 100_000), "100", "Most aliases, with fragments put in place."),
  maxRootFields: setting("MAX_ROOT_FIELDS", integer(1, 10_000), "50", "Most fields at the root of an operation."),
  maxDirectives: setting("MAX_DIRECTIVES", integer(0, 10_000), "100", "Most directives, with fragments put in place."),
  maxListLength: setting("MAX_LIST_LENGTH", integer(1, 1_000_000), "1000", "Most items of a list in an argument."),
  maxStringLength: setting(
    "MAX_STRING_LENGTH",
    integer(1, 1_000_000),
    "4096",
    "Most characters of a string in an argument.",
  ),
  maxOperationCalls: setting(
    "MAX_OPERATION_CALLS",
    integer(1, 1_000_000),
    "500",
    "Most calls to CloudTower that an operation may need, counted from its text and its page sizes.",
  ),
  maxOperationObjects: setting(
    "MAX_OPERATION_OBJECTS",
    integer(1, 1_000_000_000),
    "250000",
    "Most objects that an operation may answer with, counted from its text and its page sizes.",
  ),
  rateLimitPerSecond: setting(
    "RATE_LIMIT_PER_SECOND",
    integer(0, 1_000_000_000),
    "20000",
    "Cost that a client may spend each second, in calls to CloudTower and hundreds of objects; 0 for no limit.",
  ),
  rateLimitBurst: setting(
    "RATE_LIMIT_BURST",
    integer(1, 1_000_000_000),
    "200000",
    "Cost that a client may spend at once after a rest.",
  ),
  maxConnections: setting("MAX_CONNECTIONS", integer(1, 1_000_000), "10000", "Most connections of clients."),
  maxWebSockets: setting("MAX_WEBSOCKETS", integer(0, 1_000_000), "5000", "Most of them that are WebSockets."),
  maxConnectionOperations: setting(
    "MAX_OPERATIONS_PER_WEBSOCKET",
    integer(1, 1_000_000),
    "1000",
    "Most operations at once on one WebSocket, subscriptions included.",
  ),
  maxClientSubscriptions: setting(
    "MAX_SUBSCRIPTIONS_PER_CLIENT",
    integer(1, 1_000_000),
    "12000",
    "Most subscriptions at once of one client, over all its connections.",
  ),
  requestTimeoutSeconds: setting(
    "REQUEST_TIMEOUT_SECONDS",
    integer(1, 3600),
    "30",
    "Longest time for a request to arrive whole; its headers have half of it, a WebSocket's greeting a third.",
  ),
  idleTimeoutSeconds: setting(
    "IDLE_TIMEOUT_SECONDS",
    integer(1, 3600),
    "20",
    "How long a connection is kept that sends no further request.",
  ),
  heartbeatSeconds: setting(
    "HEARTBEAT_SECONDS",
    integer(1, 3600),
    "12",
    "Between signs of life on WebSockets and event streams; a client that shows none by the next is dropped.",
  ),
  maxUnsentMiB: setting(
    "MAX_UNSENT_MIB",
    integer(1, 1_048_576),
    "256",
    "Most that is held for clients that do not read, in MiB; half of it for one of them.",
  ),
  basePath: setting("BASE_PATH", basePath, "", "What stands before each path, such as `/towerql`."),
  trustedProxies: setting(
    "TRUSTED_PROXIES",
    list,
    "",
    "Addresses and networks of proxies whose X-Forwarded-For is believed, with commas between.",
  ),
  corsOrigins: setting(
    "CORS_ORIGINS",
    list,
    "",
    "Origins whose pages may use the gateway, with commas between, such as `https://ops.example`; `*` for all.",
  ),
  allowAnonymous: setting(
    "ALLOW_ANONYMOUS",
    flag,
    "false",
    "In service mode, serve clients without a key. Whoever reaches the gateway then acts as its user.",
  ),
  readOnly: setting("READ_ONLY", flag, "false", "Leave mutations out of the schema."),
  persistedQueries: setting("PERSISTED_QUERIES", flag, "true", "Let clients register operations by their hash (APQ)."),
  safelist: optional("SAFELIST_FILE", fileContents, "JSON file of known operations, by id or as a list."),
  safelistMode: setting(
    "SAFELIST_MODE",
    oneOf("allow", "warn", "enforce"),
    "enforce",
    "Other operations than those of SAFELIST_FILE: `allow` runs them, `warn` logs them, `enforce` refuses them.",
  ),
  graphiql: setting("GRAPHIQL", flag, "true", "Serve the GraphiQL page."),
  introspection: setting("INTROSPECTION", flag, "true", "Let clients read the schema."),
} as const;

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The settings of a process, frozen. */
export type Config = { readonly [K in keyof typeof settings]: ValueOf<(typeof settings)[K]> };

/**
 * Reads the settings. An empty variable counts as absent.
 *
 * @throws ConfigError for the first one that cannot be used, and for combinations that make no sense.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const entries = Object.entries(settings as Record<string, Setting<unknown>>);
  const config = Object.freeze(Object.fromEntries(entries.map(([name, entry]) => [name, read(entry, env)]))) as Config;
  checkTogether(config);
  return config;
}

/** A secret that stands in a file, as container platforms hand them over, instead of in the environment. */
function fromFile(variable: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = env[variable];
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    throw new ConfigError(`${variable}: expected the path of a file that can be read, got ${JSON.stringify(path)}`);
  }
}

function read({ variable, parse, fallback, secret }: Setting<unknown>, env: NodeJS.ProcessEnv): unknown {
  const given = env[variable] || (secret ? fromFile(`${variable}_FILE`, env) : undefined);
  const value = given ?? fallback;
  if (value === undefined) return undefined;
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    const came = secret ? "something else" : JSON.stringify(withoutUserinfo(value));
    throw new ConfigError(`${variable}: expected ${error.message}, got ${came}`);
  }
}

/** An address may hold a password, which is a secret wherever it stands. */
function withoutUserinfo(value: string): string {
  return value.replace(/^.*@/s, "***@");
}

function checkTogether(config: Config): void {
  if (config.cloudTowerUrl === undefined && config.nodeEnv === "production" && !config.simulator) {
    throw new ConfigError(
      "CLOUDTOWER_URL: expected the address of CloudTower with NODE_ENV=production, got none; SIMULATOR=1 asks for simulated data",
    );
  }
  if (config.cloudTowerUrl !== undefined && config.simulator) {
    throw new ConfigError("SIMULATOR: expected to be off when CLOUDTOWER_URL is given, got on");
  }
  if (config.defaultPageSize > config.maxPageSize) {
    throw new ConfigError(
      `DEFAULT_PAGE_SIZE: expected at most MAX_PAGE_SIZE (${config.maxPageSize}), got ${config.defaultPageSize}`,
    );
  }
  if (config.authMode !== "service") return;
  if (!config.apiKeys?.length && !config.allowAnonymous) {
    throw new ConfigError(
      "API_KEYS: expected at least one key with AUTH_MODE=service, got none; ALLOW_ANONYMOUS=true asks to serve everybody",
    );
  }
  if (config.cloudTowerUrl === undefined) return;
  if (config.token === undefined && (config.username === undefined || config.password === undefined)) {
    throw new ConfigError(
      "CLOUDTOWER_TOKEN: expected it, or CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD, with AUTH_MODE=service, got neither",
    );
  }
}
