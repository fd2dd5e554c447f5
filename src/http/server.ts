import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { ErrorCode } from "../kernel/errors.js";
import { once } from "../kernel/once.js";
import type { Metrics } from "../observe/metrics.js";
import type { Upstream } from "../upstream/upstream.js";
import type { AddressOf } from "./client-address.js";
import type { Cors } from "./cors.js";
import type { Graphiql } from "./graphiql.js";
import { announcesTooMuch } from "./messages/body.js";
import { withoutUpgrade } from "./messages/plain-upgrade.js";
import { answerRaw, onClientError } from "./messages/raw-responses.js";
import { badRequest, refusal } from "./messages/refusal.js";
import { requestIdOf } from "./messages/request-id.js";
import { sendRefusal } from "./messages/write-response.js";
import type { GraphqlHttp } from "./protocols/graphql-http.js";
import type { GraphqlSse } from "./protocols/graphql-sse.js";
import type { GraphqlWs } from "./protocols/graphql-ws.js";

/** What the server's routes lead to. */
export interface Routes {
  readonly graphqlHttp: GraphqlHttp;
  readonly graphqlSse: GraphqlSse;
  readonly graphqlWs: GraphqlWs;
  /** Absent where the page is switched off. */
  readonly graphiql: Graphiql | undefined;
  readonly upstream: Upstream;
  /** Absent where the page for Prometheus is switched off. */
  readonly metrics: Metrics | undefined;
  readonly logger: Logger;
  readonly cors: Cors;
  readonly addressOf: AddressOf;
}

/** Where to listen, and how much to take. */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  /** What stands before every path, such as `/towerql`; empty for nothing. */
  readonly basePath: string;
  readonly maxBodyBytes: number;
  /** Until a request must have arrived whole. Looked at every sixth of it. */
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxWebSockets: number;
  /** Whether a client without a credential is somebody: then pages of other sites may not speak for its browser. */
  readonly ambient: boolean;
}

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  /** Serves what was accepted, closes the rest, and ends. Safe to call twice. */
  stop(): Promise<void>;
}

/** What runs is waited for at the end. */
const DRAIN_MS = 10_000;

/** Listens on the address: `/graphql` for HTTP, SSE, WebSocket and the page, `/healthz`, `/readyz`, `/metrics`. */
export async function startServer(routes: Routes, settings: ServerSettings): Promise<RunningServer> {
  const { basePath, maxBodyBytes, maxConnections, maxWebSockets, ambient, requestTimeoutMs, idleTimeoutMs } = settings;
  const { logger, graphqlWs, cors, addressOf } = routes;
  let stopping = false;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (stopping) response.setHeader("connection", "close");
    route(routes, settings, request, response, stopping).catch((error: unknown) =>
      sendRefusal(request, response, error, requestIdOf(request.headers["x-request-id"]), logger).catch(() =>
        response.destroy(),
      ),
    );
  };
  const server = createServer(
    {
      headersTimeout: Math.ceil(requestTimeoutMs / 2),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 6),
    },
    answer,
  );
  server.maxConnections = maxConnections;
  server.on("checkContinue", (request, response) => {
    // A client that asks first need not send what will not be read.
    if (!announcesTooMuch(request, maxBodyBytes)) response.writeContinue();
    answer(request, response);
  });
  server.on("checkExpectation", answer);
  server.on("clientError", onClientError);
  const serveWithoutUpgrade = withoutUpgrade(server);
  server.on("upgrade", (request, socket: Duplex, head) => {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      serveWithoutUpgrade(request, socket, head);
      return;
    }
    socket.on("error", () => socket.destroy());
    if (pathOf(request, basePath) !== "/graphql") return answerRaw(socket, 404, ErrorCode.NotFound, NOTHING_HERE);
    if (stopping || graphqlWs.connections >= maxWebSockets) {
      return answerRaw(socket, 503, ErrorCode.RateLimited, "expected fewer connections, got too many; connect later");
    }
    if (ambient && !cors.permits(request)) {
      return answerRaw(socket, 403, ErrorCode.Forbidden, "expected a page of an allowed origin, got another");
    }
    graphqlWs.upgrade(request, socket, head, addressOf(request));
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

const NOTHING_HERE = "there is nothing here; GraphQL is at graphql";

async function route(
  { graphqlHttp, graphiql, upstream, metrics, cors, addressOf }: Routes,
  { basePath, ambient }: ServerSettings,
  request: IncomingMessage,
  response: ServerResponse,
  stopping: boolean,
): Promise<void> {
  if (request.headers.expect !== undefined && request.headers.expect.toLowerCase() !== "100-continue") {
    throw badRequest("expected no expectation but 100-continue, got another", 417);
  }
  const path = pathOf(request, basePath);
  if (path !== undefined)
    request.url = `${path}${(request.url ?? "").slice((request.url ?? "").split("?", 1)[0]?.length)}`;
  if (path !== undefined && graphiql?.handles(request)) return graphiql.serve(request, response);
  switch (path) {
    case "/graphql":
      if (cors.handle(request, response)) return;
      if (ambient && !cors.permits(request)) {
        throw refusal(ErrorCode.Forbidden, "expected a page of an allowed origin, got another", { status: 403 });
      }
      return graphqlHttp.serve(request, response, addressOf(request));
    case "/healthz":
      return json(response, 200, { status: "ok" });
    case "/readyz": {
      const ready = !stopping && (await upstream.isResponding());
      const status = ready ? "ready" : stopping ? "shutting down" : "CloudTower does not answer";
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
  throw refusal(ErrorCode.NotFound, NOTHING_HERE, { status: 404 });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/** The path behind the base path; undefined for one that is not below it. */
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
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  // A connection that becomes idle meanwhile is not looked for by itself.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.all([graphqlWs.stop(DRAIN_MS), closed]);
  clearTimeout(timer);
  clearInterval(idle);
  await graphqlHttp.stop();
}
