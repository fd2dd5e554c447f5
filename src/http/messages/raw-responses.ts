import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ErrorCode } from "../../kernel/errors.js";
import { destroyAfterLinger } from "./linger.js";
import { requestIdOf } from "./request-id.js";

/** A refusal on a connection without a response object. */
export interface RawRefusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Refuses a request that could not be parsed, or an upgrade, and closes the connection. */
export function refuseRaw(socket: Duplex, { status, code, message }: RawRefusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ errors: [{ message, extensions: { code, requestId: requestIdOf(undefined) } }] });
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
  refuseRaw(socket, { status, code: ErrorCode.BadRequest, message });
}

const KNOWN_ERRORS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive in time. Send it again."],
  HPE_HEADER_OVERFLOW: [431, "Headers too large."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Chunk extensions too large."],
};
