import { InvalidValue, isHostName, type Parse } from "./parsers.js";

/** Where Redis is, and the user. */
export interface RedisAddress {
  /** One server, the Sentinels that know it, or nodes of a Cluster. */
  readonly kind: "server" | "sentinel" | "cluster";
  readonly tls: boolean;
  /** At least one; a server has exactly one. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; 0 for a Cluster. */
  readonly database: number;
  /** Name of the server that the Sentinels watch. */
  readonly masterName: string | undefined;
  /** The user at the Sentinels themselves. */
  readonly sentinelUsername: string | undefined;
  readonly sentinelPassword: string | undefined;
}

const FORMS =
  "redis://[user:password@]host[:port][/database], rediss:// for TLS, redis+sentinel://[user:password@]host[:port],.../name[/database], or redis+cluster://[user:password@]host[:port],...";
const PARTS = /^(redis|rediss)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const SENTINEL_PARAMETERS = ["sentinel_username", "sentinel_password"];

/** Address of Redis as a URL. The Sentinels' own user is given by the parameters `sentinel_username` and `sentinel_password`. */
export const redisUrl: Parse<RedisAddress> = (value) => {
  const [, scheme = "", form = "server", user, nodes = "", path = "", query = ""] = PARTS.exec(value) ?? [];
  if (scheme === "") throw new InvalidValue(FORMS);
  const kind = form.toLowerCase() as RedisAddress["kind"];
  const addresses = nodes.split(",").map((node) => nodeOf(node, kind === "sentinel" ? 26_379 : 6_379));
  if (kind === "server" && addresses.length > 1) {
    throw new InvalidValue("one host; for several, redis+sentinel:// or redis+cluster://");
  }
  const { masterName, database } = pathOf(kind, path);
  const [username, password] = userOf(user);
  const parameters = parametersOf(kind, query);
  return {
    kind,
    tls: scheme.toLowerCase() === "rediss",
    nodes: addresses,
    username,
    password,
    database,
    masterName,
    sentinelUsername: parameters.get("sentinel_username"),
    sentinelPassword: parameters.get("sentinel_password"),
  };
};

/** A prefix of keys. Braces would decide which node of a Cluster has a key. */
export const keyPrefix: Parse<string> = (value) => {
  if (/^[\w:.-]{1,100}$/.test(value)) return value;
  throw new InvalidValue("at most 100 letters, digits and -_.:");
};

function nodeOf(text: string, defaultPort: number) {
  const [, host = "", port = String(defaultPort)] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (!isHostName(host) || Number(port) < 1 || Number(port) > 65_535) {
    throw new InvalidValue("a URL with host names or IP addresses, each with an optional port");
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function pathOf(kind: RedisAddress["kind"], path: string) {
  const [first = "", second, ...rest] = path.split("/");
  const database = kind === "server" ? first : (second ?? "");
  const isComplete = kind === "sentinel" ? first !== "" && rest.length === 0 : second === undefined;
  if (!isComplete || !/^\d{0,5}$/.test(database) || (kind === "cluster" && first !== "")) {
    throw new InvalidValue(FORMS);
  }
  return { masterName: kind === "sentinel" ? decoded(first) : undefined, database: Number(database) };
}

function userOf(userinfo: string | undefined): [username: string | undefined, password: string | undefined] {
  if (userinfo === undefined) return [undefined, undefined];
  const [, user = "", password] = /^([^:]*)(?::(.*))?$/s.exec(userinfo) ?? [];
  return [decoded(user) || undefined, password === undefined ? undefined : decoded(password)];
}

function parametersOf(kind: RedisAddress["kind"], query: string): Map<string, string> {
  const parameters = new Map(new URLSearchParams(query));
  const unknown = [...parameters.keys()].some((name) => kind !== "sentinel" || !SENTINEL_PARAMETERS.includes(name));
  if (unknown) throw new InvalidValue("a URL without parameters other than sentinel_username and sentinel_password");
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidValue("a URL in which % begins an escape: write %25 for the character itself");
  }
}
