import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ErrorCode } from "../../kernel/errors.js";
import { requestIdOf } from "./request-id.js";

/** Answers on a connection that has no response object: a request that could not be read, or an upgrade that is refused. */
export function answerRaw(socket: Duplex, status: number, code: ErrorCode, message: string): void {
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
  // A client that neither reads nor leaves is not waited for.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}

const LINGER_MS = 2_000;

/** Answers what `node:http` could not read. */
export function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = KNOWN[error.code ?? ""] ?? [400, "expected an HTTP request, got something that is none"];
  answerRaw(socket, status, ErrorCode.BadRequest, message);
}

const KNOWN: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "expected the whole request sooner, got a part"],
  HPE_HEADER_OVERFLOW: [431, "expected shorter headers, got too many bytes"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "expected shorter chunk extensions, got too many bytes"],
};
