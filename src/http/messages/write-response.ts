import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { GraphQLFormattedError } from "graphql";
import type { Logger } from "pino";
import { ErrorCode } from "../../kernel/errors.js";
import { refusedErrors } from "./client-errors.js";
import { acceptedTypes, compressionFor, GRAPHQL_TYPE, JSON_TYPE } from "./negotiation.js";
import { Refusal } from "./refusal.js";

/** Answers shorter than this are sent as they are: compressing them gains less than it costs. */
const COMPRESS_FROM_BYTES = 4096;

/** Characters whose encoding takes milliseconds. */
const LONG_TEXT = 1_000_000;

/** Light settings: an answer is made once and read once. */
const compressors = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 4 }),
};

/** Sends a JSON text, compressed where that pays and the client asks for it. The rest of the head must be set. */
export async function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  write: (body: Buffer) => Promise<void> | void = (body) => void response.end(body),
): Promise<void> {
  // To write and to encode a very long text are two pieces of work, between which others have their turn.
  if (text.length > LONG_TEXT) await setImmediate();
  let body: Buffer = Buffer.from(text);
  response.setHeader("vary", appended(response.getHeader("vary"), "accept-encoding"));
  const encoding = body.length < COMPRESS_FROM_BYTES ? undefined : compressionFor(request.headers["accept-encoding"]);
  if (encoding !== undefined) {
    body = await compressors[encoding](body);
    response.setHeader("content-encoding", encoding);
  }
  response.setHeader("content-length", body.length);
  await write(body);
}

/** Answers a request that is not executed, as GraphQL JSON, whatever was thrown. */
export async function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
  requestId: string,
  logger: Logger,
  told: (errors: readonly GraphQLFormattedError[]) => void = () => {},
): Promise<void> {
  const errors = refusedErrors(thrown, requestId, logger);
  told(errors);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const type = acceptedTypes(request.headers.accept).json ?? JSON_TYPE;
  response.statusCode = statusOf(thrown, type, errors[0]?.extensions?.code);
  for (const [name, value] of Object.entries(headersOf(thrown))) response.setHeader(name, value);
  response.setHeader("content-type", `${type}; charset=utf-8`);
  // What follows on the connection would be the rest of a body that is not read.
  if (!request.complete) endAfterAnswer(request, response);
  await sendJson(request, response, JSON.stringify({ errors }));
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  [ErrorCode.Unauthenticated]: 401,
  [ErrorCode.OperationNotAllowed]: 403,
  [ErrorCode.InternalServerError]: 500,
};

/** A well-formed request that is refused has status 200 in the older media type, as the specification wants it. */
function statusOf(thrown: unknown, type: string, code: unknown): number {
  const byCode = STATUS_BY_CODE[String(code)] ?? 400;
  if (!(thrown instanceof Refusal)) return byCode;
  return thrown.http.status ?? (type === GRAPHQL_TYPE ? byCode : 200);
}

function headersOf(thrown: unknown): Readonly<Record<string, string>> {
  return thrown instanceof Refusal ? (thrown.http.headers ?? {}) : {};
}

/** How long the rest of an upload is thrown away, so that the client comes to read the answer. */
const LINGER_MS = 2_000;

function endAfterAnswer(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("connection", "close");
  response.once("finish", () => {
    request.resume();
    const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
    request.socket.once("close", () => clearTimeout(timer));
  });
}

/** A list header with one more name. */
export function appended(header: number | string | string[] | undefined, name: string): string {
  const names = [header ?? []].flat().map(String);
  return names.some((value) => value.toLowerCase().includes(name)) ? names.join(", ") : [...names, name].join(", ");
}
