import { basePath, headerNames, hosts, networks, origins } from "../network-parsers.js";
import { fileContents, flag, integer, oneOf } from "../parsers.js";
import { optional, setting } from "../setting.js";

/** What is served over HTTP, and to whom. */
export const httpSettings = {
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
  graphiql: setting("GRAPHIQL", flag, "true", "Serve the GraphiQL page, with the documentation."),
  introspection: setting("INTROSPECTION", flag, "true", "Let clients query the schema."),
  federation: setting(
    "FEDERATION",
    flag,
    "false",
    "Serve the schema as an Apollo Federation 2 subgraph, with `_service` and `_entities`.",
  ),
  mcp: setting("MCP", flag, "false", "Serve agents at `/mcp`, by the Model Context Protocol."),
  mcpWrites: setting(
    "MCP_WRITES",
    flag,
    "false",
    "Offer agents the tools that write, each of which wants names as well as ids.",
  ),
  mcpMaxResultKib: setting(
    "MCP_MAX_RESULT_KIB",
    integer(1, 65_536),
    "64",
    "Maximum size of a tool's result at `/mcp`, in KiB.",
  ),
} as const;
