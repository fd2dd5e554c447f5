import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { wait } from "../kernel/backoff.js";
import { ErrorCode } from "../kernel/errors.js";
import { singleFlight } from "../kernel/single-flight.js";
import { isLengthTooLarge } from "./messages/body.js";
import { withoutUpgrade } from "./messages/plain-upgrade.js";
import { onClientError, refuseRaw } from "./messages/raw-responses.js";
import { badRequest } from "./messages/refusal.js";
import { requestIdOf } from "./messages/request-id.js";
import { type Exchange, sendRefusal } from "./messages/write-response.js";
import { Pipelines } from "./pipelines.js";
import { type RouteSettings, type Routes, route, routeUpgrade } from "./routes.js";

/** Address and limits of the server. */
export interface ServerSettings extends RouteSettings {
  readonly port: number;
  readonly host: string;
  readonly maxBodyBytes: number;
  /** Time for a request to arrive completely; checked every sixth of it. Headers get half of it. */
  readonly requestTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  /** How long a server that leaves still serves requests. */
  readonly leaveMs: number;
}

/** A listening server. */
export interface RunningServer {
  readonly port: number;
  /** Number of open connections, WebSockets included. */
  readonly connections: number;
  /** Says at `/readyz` that it is leaving, and still serves requests for the delay. */
  leave(): Promise<void>;
  /** Waits for accepted requests, closes all other connections, and ends. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long a stopping server waits for the first byte on a connection. */
const UNUSED_MS = 500;
/** How long a stopping server waits for running operations. */
const MAX_DRAIN_MS = 10_000;

/** Serves `/graphql` (HTTP, SSE, WebSocket and the GraphiQL page), `/mcp`, `/healthz`, `/readyz` and `/metrics`. */
export async function startServer(routes: Routes, settings: ServerSettings): Promise<RunningServer> {
  const { maxBodyBytes, maxConnections, requestTimeoutMs, idleTimeoutMs } = settings;
  const { turns, ownerOf, logger } = routes;
  let leaving = false;
  let stopping = false;
  const pipelines = new Pipelines(() => {
    logger.info({ code: ErrorCode.RateLimited }, "dropped a connection with too many pipelined requests");
  });
  const serve = async (exchange: Exchange) => {
    const { request, response } = exchange;
    try {
      const turn = turns.take(() => ownerOf(request));
      if (turn !== undefined) await turn;
      if (request.socket.destroyed) return;
      // A proxy then sends its next request elsewhere.
      if (leaving) response.setHeader("connection", "close");
      await route(exchange, { routes, settings, leaving, stopping });
    } catch (error) {
      const requestId = requestIdOf(request.headers["x-request-id"]);
      sendRefusal(exchange, error, { requestId, logger }).catch(() => response.destroy());
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    pipelines.enter({ request, response }, serve);
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
  const connections = new Set<Socket>();
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("checkContinue", (request, response) => {
    pipelines.enter({ request, response }, (exchange) => {
      // Without 100 Continue, the client does not send a body that would not be read.
      if (!isLengthTooLarge(request, maxBodyBytes)) response.writeContinue();
      void serve(exchange);
    });
  });
  server.on("checkExpectation", handle);
  server.on("clientError", (error, socket) => {
    pipelines.refuse(socket, () => onClientError(error, socket));
  });
  server.on("connect", (_request, socket: Duplex) => {
    refuseRaw(socket, badRequest("CONNECT is not supported: the gateway is not a proxy."));
  });
  const serveWithoutUpgrade = withoutUpgrade(server);
  server.on("upgrade", async (request, socket: Duplex, head) => {
    // By now `node:http` has released the connection, whose earlier responses could come after the new protocol.
    if (pipelines.isBusy(socket)) {
      socket.destroy();
      return;
    }
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      serveWithoutUpgrade(request, socket, head);
      return;
    }
    socket.on("error", () => socket.destroy());
    const turn = turns.take(() => ownerOf(request));
    if (turn !== undefined) await turn;
    if (socket.destroyed) return;
    routeUpgrade({ request, socket, head }, { routes, settings, leaving, stopping });
  });
  await listen(server, settings.port, settings.host);
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections.size;
    },
    async leave() {
      leaving = true;
      if (settings.leaveMs > 0) await wait(settings.leaveMs);
    },
    stop: singleFlight(
      () => {
        leaving = true;
        stopping = true;
        return drain(server, connections, routes);
      },
      { keepResult: true },
    ),
  };
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

/** Iterations of the event loop to wait for one without a new connection. */
const MAX_ACCEPTS = 1_000;

/**
 * Resolves when no connection waits to be accepted: closing the listener would reset it, with a request that a proxy may have sent on it and
 * must not repeat. An iteration of the event loop accepts one.
 */
async function acceptedAll(server: Server): Promise<void> {
  let isNew = true;
  const onConnection = () => {
    isNew = true;
  };
  server.on("connection", onConnection);
  for (let iteration = 0; isNew && iteration < MAX_ACCEPTS; iteration += 1) {
    isNew = false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  server.off("connection", onConnection);
}

async function drain(
  server: Server,
  connections: ReadonlySet<Socket>,
  { graphqlHttp, graphqlSse, graphqlWs }: Routes,
): Promise<void> {
  await acceptedAll(server);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // One that has sent nothing yet, as browsers open in advance, does not count as idle. A request may be on its way on it.
  const unused = setTimeout(() => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
  }, UNUSED_MS);
  server.closeIdleConnections();
  graphqlSse.stop();
  const timer = setTimeout(() => server.closeAllConnections(), MAX_DRAIN_MS);
  // The server does not look again for connections that become idle in the meantime.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  await Promise.all([graphqlWs.stop(MAX_DRAIN_MS), closed]);
  clearTimeout(timer);
  clearTimeout(unused);
  clearInterval(idle);
  await graphqlHttp.stop();
}
