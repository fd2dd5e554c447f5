import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** Headers that offer another protocol. */
const OFFER_HEADERS = new Set(["upgrade", "connection", "http2-settings"]);

/**
 * Serves a request that offers another protocol than WebSocket as if it did not, as any server may.
 *
 * Java's HTTP client offers HTTP/2 that way with the first request of a connection. By then `node:http` has released the connection,
 * so the head is put back before the body, without the offer, and the server accepts the connection again.
 */
export function withoutUpgrade(server: Server): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const offered = new WeakSet<Duplex>();
  return ({ method, url, rawHeaders }, socket, head) => {
    const lines = [`${method} ${url} HTTP/1.1`];
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string;
      if (!OFFER_HEADERS.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
    }
    // Each time leaves listeners on the connection, so a client that offers again must open a new one afterwards.
    if (offered.has(socket)) lines.push("connection: close");
    offered.add(socket);
    socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
    server.emit("connection", socket);
  };
}
