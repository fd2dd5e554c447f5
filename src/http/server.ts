import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { ErrorCode } from "../kernel/errors.js";
import { quote } from "../kernel/global-id.js";
import { once } from "../kernel/once.js";
import type { Metrics } from "../observe/metrics.js";
import type { Upstream } from "../upstream/upstream.js";
import type { AddressOf } from "./client-address.js";
import type { Cors } from "./cors.js";
import type { Graphiql } from "./graphiql.js";
import { isLengthTooLarge } from "./messages/body.js";
import { withoutUpgrade } from "./messages/plain-upgrade.js";
import { onClientError, refuseRaw } from "./messages/raw-responses.js";
import { badRequest, refusal } from "./messages/refusal.js";
import { requestIdOf } from "./messages/request-id.js";
import { type Exchange, sendRefusal } from "./messages/write-response.js";
import type { GraphqlHttp } from "./protocols/graphql-http.js";
import type { GraphqlSse } from "./protocols/graphql-sse.js";
import type { GraphqlWs } from "./protocols/graphql-ws.js";

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

/** Address and limits of the server. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  /** Prefix of every path, such as `/towerql`; may be empty. */
  readonly basePath: string;
  readonly maxBodyBytes: number;
  /** Time for a request to arrive completely; checked every sixth of it. Headers get half of it. */
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxWebSockets: number;
  /**
   * Whether anonymous clients act with ambient authority: a browser's mere access to the gateway is then enough, as a cookie would
   * be elsewhere. If so, requests from pages of other origins are refused.
   */
  readonly ambient: boolean;
}

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  /** Waits for accepted requests, closes all other connections, and ends. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long a stopping server waits for running operations. */
const MAX_DRAIN_MS = 10_000;

/** Serves `/graphql` (HTTP, SSE, WebSocket and the GraphiQL page), `/healthz`, `/readyz` and `/metrics`. */
export async function startServer(routes: Routes, settings: ServerSettings): Promise<RunningServer> {
  const { basePath, maxBodyBytes, maxConnections, maxWebSockets, ambient, requestTimeoutMs, idleTimeoutMs } = settings;
  const { logger, graphqlWs, cors, addressOf } = routes;
  let stopping = false;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (stopping) response.setHeader("connection", "close");
    const exchange = { request, response };
    route(exchange, { routes, settings, stopping }).catch((error: unknown) => {
      const requestId = requestIdOf(request.headers["x-request-id"]);
      sendRefusal(exchange, error, { requestId, logger }).catch(() => response.destroy());
    });
  };
  const server = createServer(
    {
      headersTimeout: Math.ceil(requestTimeoutMs / 2),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 6),
    },
    handle,
  );
  server.maxConnections = maxConnections;
  server.on("checkContinue", (request, response) => {
    // Without 100 Continue, the client does not send a body that would not be read.
    if (!isLengthTooLarge(request, maxBodyBytes)) response.writeContinue();
    handle(request, response);
  });
  server.on("checkExpectation", handle);
  server.on("clientError", onClientError);
  const serveWithoutUpgrade = withoutUpgrade(server);
  server.on("upgrade", (request, socket: Duplex, head) => {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      serveWithoutUpgrade(request, socket, head);
      return;
    }
    socket.on("error", () => socket.destroy());
    if (pathOf(request, basePath) !== "/graphql") {
      return refuseRaw(socket, { status: 404, code: ErrorCode.NotFound, message: NOT_FOUND });
    }
    if (stopping || graphqlWs.connections >= maxWebSockets) {
      const message = stopping
        ? "The gateway is shutting down. Connect again."
        : `Too many WebSockets: at most ${maxWebSockets}. Connect later.`;
      return refuseRaw(socket, { status: 503, code: ErrorCode.RateLimited, message });
    }
    if (ambient && !cors.permits(request)) {
      return refuseRaw(socket, { status: 403, code: ErrorCode.Forbidden, message: foreignOrigin(request) });
    }
    graphqlWs.upgrade({ request, socket, head, address: addressOf(request) });
  });
  await listen(server, settings.port, settings.host);
  return {
    port: (server.address() as AddressInfo).port,
    stop: once(() => {
      stopping = true;
      return drain(server, routes);
    }),
  };
}

const NOT_FOUND = "Not found. GraphQL is at graphql, relative to the base path.";

function foreignOrigin({ headers }: IncomingMessage): string {
  return `The origin ${quote(headers.origin ?? "")} is not allowed: add it to CORS_ORIGINS.`;
}

interface ServerState {
  readonly routes: Routes;
  readonly settings: ServerSettings;
  readonly stopping: boolean;
}

async function route({ request, response }: Exchange, { routes, settings, stopping }: ServerState): Promise<void> {
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

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function drain(server: Server, { graphqlHttp, graphqlSse, graphqlWs }: Routes): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  graphqlSse.stop();
  const timer = setTimeout(() => server.closeAllConnections(), MAX_DRAIN_MS);
  // The server does not look again for connections that become idle in the meantime.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.all([graphqlWs.stop(MAX_DRAIN_MS), closed]);
  clearTimeout(timer);
  clearInterval(idle);
  await graphqlHttp.stop();
}
