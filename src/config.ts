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

const flag: Parse<boolean> = (value) => {
  const known = { "1": true, true: true, "0": false, false: false }[value.toLowerCase()];
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

const fileContents: Parse<string> = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Expected("the path of a file that can be read");
  }
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
  ca: optional("CLOUDTOWER_CA_FILE", fileContents, "PEM file of the authority that signed CloudTower's certificate."),
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
  writeVerifySeconds: setting(
    "WRITE_VERIFY_SECONDS",
    integer(1, 300),
    "10",
    "How long is looked for the effect of a write whose answer was lost.",
  ),
  metrics: setting("METRICS", flag, "true", "Serve `/metrics` for Prometheus."),
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

function read({ variable, parse, fallback, secret }: Setting<unknown>, env: NodeJS.ProcessEnv): unknown {
  const given = env[variable] === "" ? undefined : env[variable];
  const value = given ?? fallback;
  if (value === undefined) return undefined;
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof Expected)) throw error;
    const came = secret ? "something else" : JSON.stringify(value);
    throw new ConfigError(`${variable}: expected ${error.message}, got ${came}`);
  }
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
  if (config.apiKeys === undefined || config.apiKeys.length === 0) {
    throw new ConfigError("API_KEYS: expected at least one key with AUTH_MODE=service, got none");
  }
  if (config.cloudTowerUrl === undefined) return;
  if (config.token === undefined && (config.username === undefined || config.password === undefined)) {
    throw new ConfigError(
      "CLOUDTOWER_TOKEN: expected it, or CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD, with AUTH_MODE=service, got neither",
    );
  }
}
