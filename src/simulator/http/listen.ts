/** Plain node:http (or https), on loopback unless somebody wants it otherwise. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Backend, serve } from "./server.js";

/** Where the server listens. */
export interface Address {
  readonly port: number;
  readonly host: string;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
}

/** Listens, and resolves once connections are accepted. */
export async function listen(
  backend: Backend,
  { port, host, tls }: Address,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    void serve(backend, request, response).catch(() => response.destroy());
  };
  const server = tls ? createSecureServer(tls, handle) : createServer(handle);
  // A client may keep its connections as long as it likes: cutting idle ones at random would be a fault that nobody asked for.
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
