import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** Headers that offer another protocol. */
const OFFER = new Set(["upgrade", "connection", "http2-settings"]);

/**
 * Answers a request that offers to change to another protocol than WebSocket as if it did not, which is any server's right.
 *
 * Java's HTTP client offers HTTP/2 that way with each first request. `node:http` has let go of the connection by then, so the
 * request is put back before its body, without the offer, and the server takes the connection anew.
 */
export function withoutUpgrade(server: Server): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const offered = new WeakSet<Duplex>();
  return ({ method, url, rawHeaders }, socket, head) => {
    const lines = [`${method} ${url} HTTP/1.1`];
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = rawHeaders[index] as string;
      if (!OFFER.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
    }
    // Each time leaves something on the connection: a client that offers again gets its answer and a new connection.
    if (offered.has(socket)) lines.push("connection: close");
    offered.add(socket);
    socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
    server.emit("connection", socket);
  };
}
