import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Backend, handleRequest } from "./handle-request.js";

/** Address to listen on. */
export interface Address {
  readonly port: number;
  readonly host: string;
  /** Key and certificate in PEM; undefined for plain HTTP. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** Starts the server and resolves when it accepts connections. `stop` closes all of them and is safe to call twice. */
export async function listen(
  backend: Backend,
  { port, host, tls }: Address,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    void handleRequest(backend, request, response).catch(() => response.destroy());
  };
  const server = tls ? createSecureServer(tls, handle) : createServer(handle);
  // Never close idle connections: that would be a fault no test asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  let stopped: Promise<void> | undefined;
  return { port: (server.address() as AddressInfo).port, stop: () => (stopped ??= close(server)) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
