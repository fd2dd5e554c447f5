import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { Metrics } from "../observe/metrics.js";
import type { Upstream } from "../upstream/upstream.js";
import type { Graphiql } from "./graphiql.js";
import type { GraphqlHttp } from "./graphql-http.js";
import type { GraphqlWs } from "./graphql-ws.js";
import { requestIdOf } from "./operations.js";

/** What the server's routes lead to. */
export interface Routes {
  readonly graphqlHttp: GraphqlHttp;
  readonly graphqlWs: GraphqlWs;
  /** Absent where the page is switched off. */
  readonly graphiql: Graphiql | undefined;
  readonly upstream: Upstream;
  /** Absent where the page for Prometheus is switched off. */
  readonly metrics: Metrics | undefined;
  readonly logger: Logger;
}

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  /** Serves what was accepted, closes the rest, and ends. Safe to call twice. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 5_000;
const DRAIN_MS = 10_000;

/** Listens on the address: `/graphql` for HTTP, WebSocket and the page, `/healthz`, `/readyz`. */
export async function startServer(routes: Routes, port: number, host: string): Promise<RunningServer> {
  let stopping = false;
  const server = createServer((request, response) => {
    route(routes, request, response, () => stopping).catch((error: unknown) => {
      fail(response, error, requestIdOf(request.headers["x-request-id"]), routes.logger);
    });
  });
  server.on("upgrade", (request, socket, head) => {
    if (pathOf(request) === "/graphql" && !stopping) routes.graphqlWs.upgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  await listen(server, port, host);
  let stopped: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      stopping = true;
      stopped ??= drain(server, routes);
      return stopped;
    },
  };
}

async function route(
  { graphqlHttp, graphiql, upstream, metrics }: Routes,
  request: IncomingMessage,
  response: ServerResponse,
  stopping: () => boolean,
): Promise<void> {
  if (graphiql?.handles(request)) return graphiql.serve(request, response);
  switch (pathOf(request)) {
    case "/graphql":
      return graphqlHttp.serve(request, response);
    case "/healthz":
      return json(response, 200, { status: "ok" });
    case "/readyz": {
      const ready = !stopping() && (await upstream.answers(READY_TIMEOUT_MS));
      return json(response, ready ? 200 : 503, { status: ready ? "ready" : "CloudTower does not answer" });
    }
    case "/metrics":
      if (metrics === undefined) break;
      response.setHeader("content-type", metrics.contentType).end(await metrics.text());
      return;
    case "/":
      response.writeHead(302, { location: "graphql" }).end();
      return;
  }
  json(response, 404, { errors: [{ message: "there is nothing here; GraphQL is at /graphql" }] });
}

function fail(response: ServerResponse, error: unknown, requestId: string, logger: Logger): void {
  const known = error instanceof TowerError ? error : undefined;
  if (known === undefined) logger.error({ requestId, err: error }, "a request failed");
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const code = known?.code ?? ErrorCode.InternalServerError;
  const message = known?.message ?? "the gateway failed; its log has more under this request id";
  const status = code === ErrorCode.PayloadTooLarge ? 413 : known === undefined ? 500 : 400;
  if (status === 413) response.setHeader("connection", "close");
  json(response, status, { errors: [{ message, extensions: { code, requestId } }] });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] as string;
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

async function drain(server: Server, { graphqlHttp, graphqlWs }: Routes): Promise<void> {
  await graphqlWs.stop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
  await graphqlHttp.stop();
}
