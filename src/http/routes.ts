import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Coordination } from "../coordination/coordination.js";
import { ErrorCode } from "../kernel/errors.js";
import { quote } from "../kernel/text/global-id.js";
import type { Owner, Turns } from "../kernel/turns/turns.js";
import type { Metrics } from "../observe/metrics.js";
import type { Readiness } from "../upstream/readiness.js";
import type { AddressOf } from "./client-address.js";
import type { Cors } from "./cors.js";
import type { Graphiql } from "./graphiql/graphiql.js";
import type { HostCheck } from "./host-check.js";
import { refuseRaw } from "./messages/raw-responses.js";
import { badRequest, Refusal, refusal } from "./messages/refusal.js";
import { hasAbsoluteTarget, targetUrl } from "./messages/request-target.js";
import type { Exchange } from "./messages/write-response.js";
import type { GraphqlHttp } from "./protocols/graphql-http.js";
import type { GraphqlSse } from "./protocols/graphql-sse.js";
import type { GraphqlWs, UpgradeRequest } from "./protocols/graphql-ws.js";

/** A protocol on a path of its own. */
export interface Endpoint {
  serve(request: IncomingMessage, response: ServerResponse, address: string): Promise<void>;
}

/** Parts that the routes of the server lead to. */
export interface Routes {
  readonly graphqlHttp: GraphqlHttp;
  readonly graphqlSse: GraphqlSse;
  readonly graphqlWs: GraphqlWs;
  /** Undefined if the page is switched off. */
  readonly graphiql: Graphiql | undefined;
  /** Undefined if agents are not served. */
  readonly mcp: Endpoint | undefined;
  readonly readiness: Readiness;
  readonly coordination: Pick<Coordination, "shared">;
  /** Undefined if the page for Prometheus is switched off. */
  readonly metrics: Metrics | undefined;
  /** The schema as text; undefined if introspection is switched off. */
  readonly schemaText: (() => string) | undefined;
  readonly logger: Logger;
  readonly turns: Turns;
  /** Whose turn a request takes. */
  readonly ownerOf: (request: IncomingMessage) => Owner;
  readonly cors: Cors;
  readonly checkHost: HostCheck;
  readonly addressOf: AddressOf;
}

/** Settings of the routes. */
export interface RouteSettings {
  /** Prefix of every path, such as `/towerql`; may be empty. */
  readonly basePath: string;
  readonly maxWebSockets: number;
  /**
   * Whether anonymous clients act with ambient authority: a browser's mere access to the gateway is then enough, as a cookie would
   * be elsewhere. If so, requests from pages of other origins are refused, and without a credential those to unknown host names.
   */
  readonly ambient: boolean;
}

/** A server at the time of a request. */
export interface RouteState {
  readonly routes: Routes;
  readonly settings: RouteSettings;
  /** Requests are still served, but should be sent elsewhere. */
  readonly leaving: boolean;
  readonly stopping: boolean;
}

const NOT_FOUND = "Not found. GraphQL is at graphql, relative to the base path.";

/** Serves a request by its path. @throws Refusal if no route accepts it. */
export async function route({ request, response }: Exchange, { routes, settings, leaving }: RouteState): Promise<void> {
  const { graphqlHttp, graphiql, mcp, readiness, coordination, metrics, schemaText, cors, checkHost, addressOf } =
    routes;
  const { basePath, ambient } = settings;
  const { expect, authorization } = request.headers;
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") {
    throw badRequest(`Expect must be 100-continue, got ${quote(expect)}.`, 417);
  }
  const path = resolveTarget(request, basePath);
  if (path !== undefined && graphiql?.handles(request, path)) {
    if (ambient) checkHost(request, authorization);
    return graphiql.serve({ request, response }, path);
  }
  switch (path) {
    case "/mcp":
    case "/graphql": {
      const endpoint = path === "/mcp" ? mcp : graphqlHttp;
      if (endpoint === undefined) break;
      if (cors.handle(request, response)) return;
      if (ambient) {
        checkOrigin(request, cors);
        checkHost(request, authorization);
      }
      return endpoint.serve(request, response, addressOf(request));
    }
    case "/healthz":
      return json(response, 200, { status: "ok" });
    case "/readyz": {
      if (leaving) return json(response, 503, { status: "not ready", reason: "The gateway is shutting down." });
      const reason = await readiness.problem();
      if (reason !== undefined) return json(response, 503, { status: "not ready", reason });
      return json(response, 200, { status: "ready", ...coordinationOf(coordination) });
    }
    case "/metrics":
      if (metrics === undefined) break;
      response.setHeader("content-type", metrics.contentType).end(await metrics.text());
      return;
    case "/schema.graphql":
      if (schemaText === undefined) break;
      response.setHeader("content-type", "text/plain; charset=utf-8").end(schemaText());
      return;
    case "/":
      response.writeHead(302, { location: `${basePath}/graphql` }).end();
      return;
  }
  throw refusal(ErrorCode.NotFound, NOT_FOUND, { status: 404 });
}

/** Hands an upgrade request to the WebSocket server, or refuses it. */
export function routeUpgrade(upgrade: Omit<UpgradeRequest, "address">, state: RouteState): void {
  const { request, socket } = upgrade;
  const { graphqlWs, addressOf } = state.routes;
  try {
    checkUpgrade(request, state);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuseRaw(socket, error);
    return;
  }
  graphqlWs.upgrade({ ...upgrade, address: addressOf(request) });
}

/** @throws Refusal if a request may not become a WebSocket. */
function checkUpgrade(request: IncomingMessage, { routes, settings, stopping }: RouteState): void {
  const { graphqlWs, cors, checkHost } = routes;
  const { basePath, maxWebSockets, ambient } = settings;
  if (resolveTarget(request, basePath) !== "/graphql") {
    throw refusal(ErrorCode.NotFound, NOT_FOUND, { status: 404 });
  }
  if (stopping || graphqlWs.connections >= maxWebSockets) {
    const message = stopping
      ? "The gateway is shutting down. Connect again."
      : `Too many WebSockets: at most ${maxWebSockets}. Connect later.`;
    throw refusal(ErrorCode.RateLimited, message, { status: 503 });
  }
  if (!ambient) return;
  checkOrigin(request, cors);
  // Other clients, which no site controls, may still send a credential in `connection_init`: theirs are checked then.
  if (!cors.allows(request)) checkHost(request, request.headers.authorization);
}

function checkOrigin(request: IncomingMessage, cors: Cors): void {
  if (cors.permits(request)) return;
  const message = `The origin ${quote(request.headers.origin ?? "")} is not allowed: add it to CORS_ORIGINS.`;
  throw refusal(ErrorCode.Forbidden, message, { status: 403 });
}

/** While Redis is away, only writes are refused: that is no reason to send clients elsewhere. */
function coordinationOf({ shared }: Pick<Coordination, "shared">): { readonly coordination?: string } {
  if (shared === undefined) return {};
  return { coordination: shared.isAvailable ? "available" : "Redis cannot be used: writes are refused" };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/**
 * Path relative to the base path; undefined if it is outside of it. From then on, `request.url` is that path with the query, and
 * the Host header is that of the target.
 *
 * @throws Refusal if the target is malformed.
 */
function resolveTarget(request: IncomingMessage, basePath: string): string | undefined {
  const url = targetUrl(request);
  if (hasAbsoluteTarget(request)) request.headers.host = url.host;
  const { pathname, search } = url;
  const isInside = pathname === basePath || pathname.startsWith(`${basePath}/`);
  if (!isInside) return undefined;
  const path = pathname.slice(basePath.length) || "/";
  request.url = `${path}${search}`;
  return path;
}
