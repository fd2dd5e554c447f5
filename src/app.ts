import "reflect-metadata";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import { createClients } from "./app/create-clients.js";
import { createTracing } from "./app/create-tracing.js";
import { type Config, ConfigError } from "./config.js";
import type { Services } from "./context.js";
import type { Coordination, CoordinationObserver } from "./coordination/coordination.js";
import { LocalCoordination } from "./coordination/local/local-coordination.js";
import { Events } from "./flows/events/events.js";
import { TowerIdentity } from "./flows/events/tower-identity.js";
import { ExpiryLooks } from "./flows/reaper/expiry-looks.js";
import type { Reaper } from "./flows/reaper/reaper.js";
import { createReaper } from "./flows/reaper/start-reaper.js";
import { TaskWatch } from "./flows/watch/task-watch.js";
import { VmWrites } from "./flows/writes/vm-writes.js";
import { createExecutor } from "./graph/plan/execute.js";
import type { RelationRegistry } from "./graph/relations/relation-registry.js";
import { fieldNames } from "./graph/schema/field-names.js";
import { forwardCallers, serviceCallers } from "./http/admission/callers.js";
import type { PageEnvironment } from "./http/graphiql/environment.js";
import { createGraphiql } from "./http/graphiql/graphiql.js";
import { DocumentGate } from "./http/limits/document-gate.js";
import { budgetLimits, documentLimits, type RunningHttp, startHttp } from "./http/start-http.js";
import { singleFlight } from "./kernel/single-flight.js";
import { Turns } from "./kernel/turns/turns.js";
import { AuditLog } from "./observe/audit-log.js";
import type { MetricSources } from "./observe/gauges.js";
import { OperationLog } from "./observe/log.js";
import { Metrics } from "./observe/metrics.js";
import { Observers } from "./observe/observer.js";
import { nodeKinds } from "./schema/query.js";
import { clientSchema, readOnlySchema } from "./schema/reduced-schemas.js";
import { fullSchema } from "./schema/schema.js";
import type { Simulator } from "./simulator/simulator.js";
import { GuardedClient } from "./upstream/client/guarded-client.js";
import { UpstreamClient } from "./upstream/client/upstream-client.js";
import { ServiceCredential } from "./upstream/credentials/service-credential.js";
import { Readiness } from "./upstream/readiness.js";
import { towerFingerprint } from "./upstream/tower-fingerprint.js";
import { Upstream } from "./upstream/upstream.js";
import { version } from "./version.js";
import { WebhooksFileError } from "./webhooks/definition/webhook-definition.js";
import { WebhookStateError } from "./webhooks/store/webhook-store.js";
import { startWebhooks, type WebhookSettings } from "./webhooks/subscription/start-webhooks.js";
import type { Webhooks } from "./webhooks/webhooks.js";

/** A running gateway. */
export interface App {
  /** Reads again what may change while it runs, the clients and the webhooks, and opens the audit log again. Never rejects. */
  reload(): Promise<void>;
  readonly port: number;
  /** The embedded simulator, if it is used. */
  readonly simulator: Simulator | undefined;
  readonly upstream: Upstream;
  readonly readiness: Readiness;
  /** Undefined if REAPER is off. */
  readonly reaper: Reaper | undefined;
  /** Stops everything in order. Safe to call twice. */
  stop(): Promise<void>;
}

/** What an app tells the program that starts it. */
export interface AppHooks {
  /** The log of writes. @default in the log, at its level */
  readonly audit?: AuditLog;
  /** Is called with columns that an operation read although they were not requested. @default logs an error */
  readonly onColumnMisses?: (columns: readonly string[]) => void;
  /** How long a lease in Redis lasts without renewal, in milliseconds. Shorter ones make tests faster. @default 10,000 */
  readonly leaseMs?: number;
  /** Monotonic clock of the grace of expired leases, in milliseconds. @default the process' */
  readonly leaseClock?: () => number;
  /** Time of webhooks. */
  readonly webhooks?: Pick<WebhookSettings, "clock" | "acknowledgeMs">;
}

/** Builds the gateway from the configuration and listens. */
export async function startApp(config: Config, logger: Logger, hooks: AppHooks = {}): Promise<App> {
  const simulator = config.cloudTowerUrl === undefined ? await embeddedSimulator(config.simulatorVms) : undefined;
  if (config.insecure) logger.warn("CLOUDTOWER_INSECURE is on: any server presenting any certificate is trusted");
  const observers = new Observers();
  const audit = hooks.audit ?? new AuditLog(logger);
  observers.add(new OperationLog(logger));
  observers.add(audit);
  const tracing = await createTracing(config, logger);
  const upstreamUrl = config.cloudTowerUrl ?? new URL((simulator as Simulator).url);
  const direct = new UpstreamClient({
    url: upstreamUrl,
    ca: config.ca,
    insecure: config.insecure,
    headers: config.upstreamHeaders,
    connections: config.connections,
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    silenceTimeoutMs: config.silenceTimeoutSeconds * 1000,
    maxResponseBytes: config.maxResponseMiB * 1024 * 1024,
  });
  const client = new GuardedClient(direct, { permits: config.connections, maxQueued: config.upstreamQueue }, observers);
  const { schema, relations } = fullSchema();
  const upstream = new Upstream(client, config, observers, fieldNames(relations));
  const pace = {
    quickMs: config.taskPollQuickMs,
    slowMs: config.taskPollSlowMs,
    appearMs: config.taskAppearSeconds * 1000,
    readyTimeoutMs: config.readyTimeoutSeconds * 1000,
  };
  const taskWatch = new TaskWatch(pace, observers);
  const identity = new TowerIdentity(upstreamUrl.origin);
  const events = new Events(taskWatch, identity, {
    overlapMs: config.eventsOverlapSeconds * 1000,
    sweepMs: config.eventsSweepSeconds * 1000,
    readyTimeoutMs: pace.readyTimeoutMs,
  });
  const coordination = await createCoordination(config, upstreamUrl, { observer: observers, leaseMs: hooks.leaseMs });
  const limits = {
    verifyMs: config.writeVerifySeconds * 1000,
    doubtMs: config.writeTimeoutSeconds * 1000,
    pollMs: config.taskPollQuickMs,
  };
  const vmWrites = new VmWrites(limits, coordination);
  const looks = new ExpiryLooks(config.reaperGraceHours * 3_600_000, hooks.leaseClock);
  let webhooks: Webhooks | undefined;
  let http: RunningHttp | undefined;
  const openLimits = {
    connections: config.maxConnections,
    webSockets: config.maxWebSockets,
    busiestSubscriptions: config.maxClientSubscriptions,
  };
  const metricSources: MetricSources = {
    upstream: () => client.state,
    tasks: () => taskWatch.state,
    coordination: () => coordination.shared,
    webhooks: () => webhookStates(webhooks),
    open: () => http?.open(),
    auditFailures: () => audit.failures,
    ...{ openLimits, version },
  };
  const metrics = config.metrics ? new Metrics(metricSources) : undefined;
  if (metrics !== undefined) observers.add(metrics);
  const services: Services = {
    relations,
    pageLimits: config,
    gateway: { version, simulated: simulator !== undefined, upstreamVersion: (_, { session }) => session.version() },
    taskWatch,
    events,
    vmWrites,
    looks,
    webhooks: () => webhooks,
    eventTimeoutMs: config.operationTimeoutSeconds * 1000,
  };
  const serviceCredential =
    config.authMode === "service" ? createServiceCredential(config, { client, simulator, observers }) : undefined;
  const clients = serviceCredential && createClients(config, logger);
  const callerOf =
    clients === undefined || serviceCredential === undefined
      ? forwardCallers(administratorToken(simulator))
      : serviceCallers(clients, serviceCredential, config.allowAnonymous);
  const readiness = new Readiness(client, serviceCredential, observers);
  const graphiql = config.graphiql
    ? createGraphiql({ directory: GRAPHIQL_DIRECTORY, environment: pageEnvironment(config, simulator) })
    : undefined;
  const schemas = await servedSchemas(config, schema);
  const turns = new Turns();
  const onColumnMisses = hooks.onColumnMisses ?? ((columns) => logColumnMisses(columns, logger));
  if (serviceCredential !== undefined) {
    webhooks = await createWebhooks(config, {
      ...{ schema, relations, upstream, services, credential: serviceCredential, turns, logger, onColumnMisses },
      ...{ observer: observers, coordination, ...hooks.webhooks },
    });
  }
  const { reaper: mode, reaperNamePrefix: namePrefix } = config;
  const reaper =
    serviceCredential === undefined || mode === "off"
      ? undefined
      : createReaper({
          ...{ mode, namePrefix, looks, upstream, vmWrites, logger },
          ...{ credential: serviceCredential, leases: coordination.leases },
        });
  const server = await startHttp(config, {
    ...{ ...schemas, relations, upstream, readiness, services, coordination },
    ...{ callerOf, clients, metrics, graphiql, logger, turns, onColumnMisses },
    ambient: simulator !== undefined || config.allowAnonymous,
    observer: observers,
    tracing,
  }).catch(async (error: unknown) => {
    await webhooks?.stop();
    throw error;
  });
  http = server;
  reaper?.start();
  return {
    port: server.port,
    reaper,
    simulator,
    upstream,
    readiness,
    async reload() {
      audit.reopen();
      clients?.reload();
      await webhooks?.reload();
    },
    stop: singleFlight(
      async () => {
        await server.leave();
        vmWrites.stop();
        clients?.stop();
        // The streams of watchers end with their connections, which tell clients to reconnect.
        await Promise.all([server.stop(), webhooks?.stop(), reaper?.stop()]);
        taskWatch.stop();
        await upstream.writesSettled(WRITES_GRACE_MS);
        await coordination.stop();
        await upstream.close();
        await tracing?.stop();
        await simulator?.stop();
      },
      { keepResult: true },
    ),
  };
}

/** The schemas for clients and for administrators. */
async function servedSchemas({ readOnly, federation, introspection }: Config, whole: GraphQLSchema) {
  const adminSchema = readOnly ? readOnlySchema(whole) : whole;
  const schema = clientSchema(adminSchema);
  if (!federation) return { schema, adminSchema };
  const { federatedSchema } = await import("./federation/federated-schema.js");
  const options = { kinds: nodeKinds(), described: schema, introspection };
  return { schema: federatedSchema(schema, options), adminSchema: federatedSchema(adminSchema, options) };
}

type WebhookParts = Omit<
  WebhookSettings,
  "gate" | "execute" | "budget" | "timeoutMs" | "path" | "states" | "leases" | "userAgent"
> & {
  readonly coordination: Coordination;
  readonly relations: RelationRegistry;
  readonly onColumnMisses: (columns: readonly string[]) => void;
};

/** @throws ConfigError if the file or the states cannot be used. */
async function createWebhooks(config: Config, parts: WebhookParts): Promise<Webhooks | undefined> {
  const { webhooksFile: path, stateDir, introspection } = config;
  const { schema, relations, onColumnMisses, coordination } = parts;
  const states = coordination.logs ?? stateDir;
  if (path === undefined || states === undefined) return undefined;
  const limits = documentLimits(config);
  try {
    return await startWebhooks({
      ...{ ...parts, path, states, leases: coordination.leases, userAgent: `TowerQL/${version}` },
      gate: new DocumentGate({ schema, relations, limits, pricing: config, introspection }),
      execute: createExecutor({ registry: relations, onColumnMisses }).execute,
      budget: budgetLimits(config),
      timeoutMs: config.operationTimeoutSeconds * 1000,
    });
  } catch (error) {
    if (error instanceof WebhooksFileError || error instanceof WebhookStateError) throw new ConfigError(error.message);
    throw error;
  }
}

function webhookStates(webhooks: Webhooks | undefined) {
  return (webhooks?.delivering ?? []).map(({ definition: { name }, state, lagSeconds }) => {
    return { name, isEnabled: state.enabled, lagSeconds };
  });
}

function logColumnMisses(columns: readonly string[], logger: Logger): void {
  logger.error({ columns }, "columns were read that had not been requested; the query was run again, please report it");
}

/** Redis' client is loaded only if it is used. */
async function createCoordination(
  { redis, redisCa, redisPrefix, rateLimitPerSecond, rateLimitBurst }: Config,
  upstreamUrl: URL,
  { observer, leaseMs }: { readonly observer: CoordinationObserver; readonly leaseMs: number | undefined },
): Promise<Coordination> {
  const rate = { perSecond: rateLimitPerSecond, burst: rateLimitBurst };
  if (redis === undefined) return new LocalCoordination(rate);
  const { RedisCoordination } = await import("./coordination/redis/redis-coordination.js");
  // Not the deployment's id, which some callers may not read: all replicas and all callers must have the same keys.
  const fingerprint = towerFingerprint(upstreamUrl.origin);
  return new RedisCoordination(
    { address: redis, ca: redisCa, prefix: redisPrefix, fingerprint, rate, leaseMs },
    observer,
  );
}

/** Loaded only if used: with a real CloudTower its code is dead weight. */
async function embeddedSimulator(vms: number): Promise<Simulator> {
  const { startSimulator } = await import("./simulator/simulator.js");
  return startSimulator({ vms });
}

/** Maximum time that the shutdown waits for writes that were sent and whose clients have left. */
const WRITES_GRACE_MS = 3_000;

/** In dist, next to the compiled code; also if the sources run uncompiled, as in tests. */
const GRAPHIQL_DIRECTORY = join(fileURLToPath(new URL(".", import.meta.url)), "..", "dist", "graphiql");

/** The users' tokens are the simulator's alone, and each of its clients may act as its administrator anyway. */
function pageEnvironment({ authMode, allowAnonymous }: Config, simulator: Simulator | undefined): PageEnvironment {
  const common = { version, simulated: simulator !== undefined };
  if (authMode === "service") {
    return { ...common, credential: "apiKey", anonymous: allowAnonymous ? "the gateway's account" : null, users: [] };
  }
  const users = (simulator?.users ?? []).map(({ username, token, description }) => ({ username, token, description }));
  return { ...common, credential: "token", anonymous: users[0]?.username ?? null, users };
}

function administratorToken(simulator: Simulator | undefined): string | undefined {
  return simulator?.users[0]?.token;
}

function createServiceCredential(
  config: Config,
  parts: { readonly client: GuardedClient; readonly simulator: Simulator | undefined; readonly observers: Observers },
): ServiceCredential {
  const { client, simulator, observers } = parts;
  const { token = administratorToken(simulator), username, password, source, authConfigId } = config;
  return new ServiceCredential(client, { token, username, password, source, authConfigId }, observers);
}
