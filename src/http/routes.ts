import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { ErrorCode } from "../kernel/errors.js";
import { quote } from "../kernel/global-id.js";
import type { Metrics } from "../observe/metrics.js";
import type { Upstream } from "../upstream/upstream.js";
import type { AddressOf } from "./client-address.js";
import type { Cors } from "./cors.js";
import type { Graphiql } from "./graphiql.js";
import { refuseRaw } from "./messages/raw-responses.js";
import { badRequest, refusal } from "./messages/refusal.js";
import type { Exchange } from "./messages/write-response.js";
import type { GraphqlHttp } from "./protocols/graphql-http.js";
import type { GraphqlSse } from "./protocols/graphql-sse.js";
import type { GraphqlWs, UpgradeRequest } from "./protocols/graphql-ws.js";

/** Parts that the routes of the server lead to. */
export interface Routes {
  readonly graphqlHttp: GraphqlHttp;
  readonly graphqlSse: GraphqlSse;
  readonly graphqlWs: GraphqlWs;
  /** Undefined if the page is switched off. */
  readonly graphiql: Graphiql | undefined;
  readonly upstream: Upstream;
  /** Undefined if the page for Prometheus is switched off. */
  readonly metrics: Metrics | undefined;
  readonly logger: Logger;
  readonly cors: Cors;
  readonly addressOf: AddressOf;
}

/** Settings of the routes. */
export interface RouteSettings {
  /** Prefix of every path, such as `/towerql`; may be empty. */
  readonly basePath: string;
  readonly maxWebSockets: number;
  /**
   * Whether anonymous clients act with ambient authority: a browser's mere access to the gateway is then enough, as a cookie would
   * be elsewhere. If so, requests from pages of other origins are refused.
   */
  readonly ambient: boolean;
}

/** A server at the time of a request. */
export interface RouteState {
  readonly routes: Routes;
  readonly settings: RouteSettings;
  readonly stopping: boolean;
}

const NOT_FOUND = "Not found. GraphQL is at graphql, relative to the base path.";

/** Serves a request by its path. @throws Refusal if no route accepts it. */
export async function route(
  { request, response }: Exchange,
  { routes, settings, stopping }: RouteState,
): Promise<void> {
  const { graphqlHttp, graphiql, upstream, metrics, cors, addressOf } = routes;
  const { basePath, ambient } = settings;
  const { expect } = request.headers;
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") {
    throw badRequest(`Expect must be 100-continue, got ${quote(expect)}.`, 417);
  }
  const path = pathOf(request, basePath);
  if (path !== undefined) request.url = `${path}${/\?.*/s.exec(request.url ?? "")?.[0] ?? ""}`;
  if (path !== undefined && graphiql?.handles(request)) return graphiql.serve(request, response);
  switch (path) {
    case "/graphql":
      if (cors.handle(request, response)) return;
      if (ambient && !cors.permits(request)) {
        throw refusal(ErrorCode.Forbidden, foreignOrigin(request), { status: 403 });
      }
      return graphqlHttp.serve(request, response, addressOf(request));
    case "/healthz":
      return json(response, 200, { status: "ok" });
    case "/readyz": {
      const ready = !stopping && (await upstream.isResponding());
      const status = ready ? "ready" : stopping ? "shutting down" : "CloudTower does not respond";
      return json(response, ready ? 200 : 503, { status });
    }
    case "/metrics":
      if (metrics === undefined) break;
      response.setHeader("content-type", metrics.contentType).end(await metrics.text());
      return;
    case "/":
      response.writeHead(302, { location: `${basePath}/graphql` }).end();
      return;
  }
  throw refusal(ErrorCode.NotFound, NOT_FOUND, { status: 404 });
}

/** Hands an upgrade request to the WebSocket server, or refuses it. */
export function routeUpgrade(
  upgrade: Omit<UpgradeRequest, "address">,
  { routes, settings, stopping }: RouteState,
): void {
  const { graphqlWs, cors, addressOf } = routes;
  const { basePath, maxWebSockets, ambient } = settings;
  const { request, socket } = upgrade;
  socket.on("error", () => socket.destroy());
  if (pathOf(request, basePath) !== "/graphql") {
    refuseRaw(socket, { status: 404, code: ErrorCode.NotFound, message: NOT_FOUND });
    return;
  }
  if (stopping || graphqlWs.connections >= maxWebSockets) {
    const message = stopping
      ? "The gateway is shutting down. Connect again."
      : `Too many WebSockets: at most ${maxWebSockets}. Connect later.`;
    refuseRaw(socket, { status: 503, code: ErrorCode.RateLimited, message });
    return;
  }
  if (ambient && !cors.permits(request)) {
    refuseRaw(socket, { status: 403, code: ErrorCode.Forbidden, message: foreignOrigin(request) });
    return;
  }
  graphqlWs.upgrade({ ...upgrade, address: addressOf(request) });
}

function foreignOrigin({ headers }: IncomingMessage): string {
  return `The origin ${quote(headers.origin ?? "")} is not allowed: add it to CORS_ORIGINS.`;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/** Path relative to the base path; undefined if it is outside of it. */
function pathOf(request: IncomingMessage, basePath: string): string | undefined {
  const path = (request.url ?? "/").split("?", 1)[0] as string;
  if (basePath === "") return path;
  if (path === basePath) return "/";
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}
