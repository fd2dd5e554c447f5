import type { IncomingMessage } from "node:http";
import { type GraphQLSchema, printSchema } from "graphql";
import type { Logger } from "pino";
import { type Config, ConfigError, leaveMs } from "../config.js";
import type { Services } from "../context.js";
import type { Coordination } from "../coordination/coordination.js";
import { createExecutor } from "../graph/plan/execute.js";
import type { RelationRegistry } from "../graph/relations/relation-registry.js";
import type { BudgetLimits } from "../kernel/budget.js";
import { once } from "../kernel/once.js";
import type { Turns } from "../kernel/turns/turns.js";
import type { Mcp, McpOptions } from "../mcp/endpoint.js";
import type { Metrics } from "../observe/metrics.js";
import type { Observer } from "../observe/observer.js";
import type { Tracing } from "../observe/tracing.js";
import type { Readiness } from "../upstream/readiness.js";
import type { Upstream } from "../upstream/upstream.js";
import type { ApiClients } from "./admission/api-clients.js";
import type { CallerOf } from "./admission/callers.js";
import { Operations } from "./admission/operations.js";
import { RunningLoad } from "./admission/running-load.js";
import { StreamCounter } from "./admission/stream-counter.js";
import { clientAddresses, wideNetworks } from "./client-address.js";
import { createCors } from "./cors.js";
import type { Graphiql } from "./graphiql/graphiql.js";
import { createHostCheck } from "./host-check.js";
import { DocumentGate } from "./limits/document-gate.js";
import type { DocumentLimits } from "./limits/document-limits.js";
import { createGraphqlHttp } from "./protocols/graphql-http.js";
import { createGraphqlSse } from "./protocols/graphql-sse.js";
import { createGraphqlWs } from "./protocols/graphql-ws.js";
import { PersistedOperations } from "./protocols/persisted-operations.js";
import { parseSafelist, type Safelist } from "./protocols/safelist.js";
import { type RunningServer, startServer } from "./server.js";
import { UnsentBytes } from "./slow-readers/unsent-bytes.js";

/** What clients have open at a moment. */
export interface OpenCounts {
  /** WebSockets included. */
  readonly connections: number;
  readonly webSockets: number;
  readonly subscriptions: number;
  /** Subscriptions of the client with the most. */
  readonly busiestSubscriptions: number;
}

/** GraphQL over HTTP, event streams and WebSockets, listening. */
export interface RunningHttp extends RunningServer {
  open(): OpenCounts;
}

/** Parts that the protocols need. */
export interface HttpParts {
  readonly schema: GraphQLSchema;
  /** The schema with the fields for administrators. */
  readonly adminSchema: GraphQLSchema;
  readonly relations: RelationRegistry;
  readonly upstream: Upstream;
  readonly readiness: Readiness;
  readonly services: Services;
  readonly coordination: Pick<Coordination, "rates" | "texts" | "shared">;
  readonly turns: Turns;
  readonly callerOf: CallerOf;
  /** The clients in service mode. */
  readonly clients: ApiClients | undefined;
  /** Whether anonymous clients act with ambient authority; see `ServerSettings`. */
  readonly ambient: boolean;
  readonly observer: Pick<Observer, "finished" | "refused">;
  readonly tracing: Tracing | undefined;
  readonly metrics: Metrics | undefined;
  readonly graphiql: Graphiql | undefined;
  readonly logger: Logger;
  /** Is called with columns that an operation read although they were not requested: a mistake of this program. */
  readonly onColumnMisses: (columns: readonly string[]) => void;
}

/** Estimated objects of the running operations of one client. */
const MAX_RUNNING_OBJECTS = 100_000;
const MIB = 1024 * 1024;

/** Assembles HTTP, SSE and WebSocket behind one gate, and listens. */
export async function startHttp(config: Config, parts: HttpParts): Promise<RunningHttp> {
  const {
    schema,
    adminSchema,
    relations,
    upstream,
    readiness,
    services,
    coordination,
    callerOf,
    clients,
    ambient,
    observer,
    tracing,
    metrics,
    graphiql,
    logger,
    onColumnMisses,
    turns,
  } = parts;
  const { introspection, maxBodyBytes, port, host, basePath, maxConnections, maxWebSockets } = config;
  const gate = { relations, limits: documentLimits(config), pricing: config, introspection };
  const guards = {
    gate: new DocumentGate({ ...gate, schema }),
    adminGate: new DocumentGate({ ...gate, schema: adminSchema }),
    rate: coordination.rates,
    streams: new StreamCounter(config.maxClientSubscriptions),
    load: new RunningLoad(MAX_RUNNING_OBJECTS),
  };
  const operations = new Operations({
    upstream,
    services,
    callerOf,
    guards,
    turns,
    timeoutMs: config.operationTimeoutSeconds * 1000,
    budget: budgetLimits(config),
    observer,
    tracing,
  });
  if (clients !== undefined) clients.onRevoked = () => operations.endRefused();
  const unsent = new UnsentBytes(config.maxClientUnsentMiB * MIB, config.maxUnsentMiB * MIB);
  const safelist = safelistOf(config);
  const persisted = new PersistedOperations(config.persistedQueries, safelist, coordination.texts, logger);
  const heartbeatMs = config.heartbeatSeconds * 1000;
  const requestTimeoutMs = config.requestTimeoutSeconds * 1000;
  const idleTimeoutMs = config.idleTimeoutSeconds * 1000;
  const executor = createExecutor({ registry: relations, onColumnMisses, hideSuggestions: !introspection });
  const { execute, subscribe } = executor;
  const common = { schema, execute, subscribe, operations, persisted, unsent, turns, logger, heartbeatMs };
  const graphqlSse = createGraphqlSse(common);
  const graphqlHttp = await createGraphqlHttp({ ...common, executor, sse: graphqlSse, introspection, maxBodyBytes });
  const maxOperations = config.maxConnectionOperations;
  const checkHost = createHostCheck(config);
  const graphqlWs = createGraphqlWs({
    ...common,
    checkHost: ambient ? checkHost : () => {},
    maxMessageBytes: maxBodyBytes,
    maxOperations,
    initTimeoutMs: requestTimeoutMs / 3,
  });
  const mcp = config.mcp ? await startMcp(config, { ...common, services, maxBodyBytes, introspection }) : undefined;
  const cors = createCors({ origins: config.corsOrigins, headers: config.corsHeaders });
  const addressOf = clientAddresses(config.trustedProxies);
  const ownerOf = (request: IncomingMessage) => {
    const address = addressOf(request);
    return operations.ownerOf(callerOf(request.headers.authorization, address), address);
  };
  warnOfWideNetworks(config, logger);
  const server = await startServer(
    {
      ...{ graphqlHttp, graphqlSse, graphqlWs, graphiql, mcp, readiness, coordination, metrics, logger },
      schemaText: introspection ? once(() => `${printSchema(schema)}\n`) : undefined,
      ...{ turns, ownerOf, cors, checkHost, addressOf },
    },
    {
      ...{ port, host, basePath, maxBodyBytes, maxConnections, maxWebSockets, ambient },
      ...{ requestTimeoutMs, idleTimeoutMs, leaveMs: leaveMs(config) },
    },
  );
  return Object.assign(server, {
    open: () => ({
      connections: server.connections,
      webSockets: graphqlWs.connections,
      subscriptions: guards.streams.total,
      busiestSubscriptions: guards.streams.busiest,
    }),
  });
}

type McpParts = Pick<McpOptions, "schema" | "execute" | "operations" | "unsent" | "turns" | "logger" | "heartbeatMs"> &
  Pick<McpOptions, "maxBodyBytes" | "introspection"> & {
    readonly services: Pick<Services, "gateway">;
    readonly persisted: PersistedOperations;
  };

/** Its SDK is loaded only if it is used. */
async function startMcp(config: Config, { services, persisted, ...parts }: McpParts): Promise<Mcp> {
  const { createMcp } = await import("../mcp/endpoint.js");
  return createMcp({
    ...parts,
    version: services.gateway.version,
    writes: config.mcpWrites,
    checkListed: (query) => persisted.textOf({ query, extensions: undefined, documentId: undefined }),
    maxResultBytes: config.mcpMaxResultKib * 1024,
    limits: { calls: config.maxOperationCalls, objects: config.maxOperationObjects },
  });
}

/** Limits of documents, of every client and webhook. */
export function documentLimits(config: Config): DocumentLimits {
  const { maxDocumentTokens: maxTokens, maxOperationCalls: maxCalls, maxOperationObjects: maxObjects } = config;
  return { ...config, maxTokens, maxCalls, maxObjects };
}

/** What an operation may use, or an event. */
export function budgetLimits(config: Config): BudgetLimits {
  return {
    maxCalls: config.maxOperationCalls,
    maxRows: config.maxOperationRows,
    maxObjects: config.maxOperationObjects,
    maxResultBytes: config.maxResultMiB * MIB,
  };
}

function warnOfWideNetworks({ trustedProxies }: Config, logger: Logger): void {
  const networks = wideNetworks(trustedProxies);
  if (networks.length === 0) return;
  const risk =
    "a client in them can choose its own address, and so evade the rate limit: let only proxies reach this port";
  logger.warn({ networks }, `TRUSTED_PROXIES has networks wider than /8; ${risk}`);
}

function safelistOf({ safelist, safelistMode }: Config): Safelist | undefined {
  if (safelist === undefined) return undefined;
  try {
    return parseSafelist(safelist, safelistMode);
  } catch (error) {
    throw new ConfigError(`SAFELIST_FILE ${error instanceof SyntaxError ? "must be JSON" : (error as Error).message}.`);
  }
}
