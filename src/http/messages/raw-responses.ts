import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { destroyAfterLinger } from "./linger.js";
import { badRequest, type Refusal } from "./refusal.js";
import { requestIdOf } from "./request-id.js";

/** Refuses a request on a connection without a response object, such as an upgrade, and closes the connection. */
export function refuseRaw(socket: Duplex, { errors, http: { status = 400 } }: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
  });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  destroyAfterLinger(socket);
}

/** Refuses a request that `node:http` could not parse. */
export function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = KNOWN_ERRORS[error.code ?? ""] ?? [400, "Malformed HTTP request."];
  refuseRaw(socket, badRequest(message, status));
}

const KNOWN_ERRORS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive in time. Send it again."],
  HPE_INVALID_URL: [
    400,
    "Malformed request target: write a path such as /graphql, with all but ASCII percent-encoded.",
  ],
  HPE_HEADER_OVERFLOW: [431, "Headers too large."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Chunk extensions too large."],
};
