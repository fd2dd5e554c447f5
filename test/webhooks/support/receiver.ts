import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as a receiver got it. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly path: string;
}

/** How a receiver responds: a status, or whatever the function does. */
export type Reply = number | ((request: IncomingMessage, response: ServerResponse) => void);

/** A real server that receives webhooks. */
export interface Receiver {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
  /** Ids received so far. */
  ids(): string[];
  /** Replies to the next requests, one each; afterwards to all with `usual`. */
  replyWith(...replies: readonly Reply[]): void;
  /** Reply when none is planned. @default 204 */
  usual: Reply;
  /** Stops listening; `start` listens again on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a receiver, over TLS if it gets a certificate, until the test is finished. */
export async function startReceiver(tls?: { readonly key: string; readonly cert: string }): Promise<Receiver> {
  const received: Received[] = [];
  const planned: Reply[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    received.push({
      id: headers["webhook-id"] ?? "",
      body: String(Buffer.concat(chunks)),
      headers,
      path: request.url ?? "",
    });
    const reply = planned.shift() ?? receiver.usual;
    if (typeof reply === "number") response.writeHead(reply).end();
    else reply(request, response);
  };
  let server: Server | undefined;
  let port = 0;
  const start = async () => {
    server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const stopping = server;
    server = undefined;
    if (stopping === undefined) return;
    const closed = once(stopping, "close");
    stopping.close();
    stopping.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  await start();
  const receiver: Receiver = {
    get port() {
      return port;
    },
    get url() {
      return `${tls === undefined ? "http" : "https"}://localhost:${port}/hooks/towerql?key=hidden-query`;
    },
    received,
    ids: () => received.map(({ id }) => id),
    replyWith: (...replies) => void planned.push(...replies),
    usual: 204,
    stop,
    start,
  };
  return receiver;
}
