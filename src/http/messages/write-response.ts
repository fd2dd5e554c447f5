import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { GraphQLFormattedError } from "graphql";
import { ErrorCode } from "../../kernel/errors.js";
import { type ErrorContext, refusedErrors } from "./client-errors.js";
import { destroyAfterLinger } from "./linger.js";
import { acceptedTypes, compressionFor, GRAPHQL_TYPE, JSON_TYPE } from "./negotiation.js";
import { Refusal } from "./refusal.js";

/** Shorter bodies are sent uncompressed: compressing them costs more than it gains. */
const MIN_COMPRESSED_BYTES = 4096;

/** Encoding a longer text takes milliseconds. */
const MAX_SYNCHRONOUS_CHARACTERS = 1_000_000;

/** Fast settings: a response is compressed once and read once. */
const compressors = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 4 }),
};

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sends a JSON text, compressed if that pays and the client accepts it. The rest of the head must be set. */
export async function sendJson(
  { request, response }: Exchange,
  text: string,
  write: (body: Buffer) => Promise<void> | void = (body) => void response.end(body),
): Promise<void> {
  // Serializing and encoding a very long text take one event-loop turn each.
  if (text.length > MAX_SYNCHRONOUS_CHARACTERS) await setImmediate();
  let body: Buffer = Buffer.from(text);
  response.setHeader("vary", appended(response.getHeader("vary"), "accept-encoding"));
  const encoding = body.length < MIN_COMPRESSED_BYTES ? undefined : compressionFor(request.headers["accept-encoding"]);
  if (encoding !== undefined) {
    body = await compressors[encoding](body);
    response.setHeader("content-encoding", encoding);
  }
  response.setHeader("content-length", body.length);
  await write(body);
}

/** Options for `sendRefusal`. */
export interface RefusalOptions extends ErrorContext {
  /** Called with the errors for the client. @default no-op */
  readonly onRefused?: (errors: readonly GraphQLFormattedError[]) => void;
}

/** Responds to a request that is not executed with GraphQL JSON, whatever was thrown. */
export async function sendRefusal(exchange: Exchange, thrown: unknown, options: RefusalOptions): Promise<void> {
  const { request, response } = exchange;
  const errors = refusedErrors(thrown, options);
  options.onRefused?.(errors);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const type = acceptedTypes(request.headers.accept).json ?? JSON_TYPE;
  response.statusCode = statusOf(thrown, type, errors[0]?.extensions?.code);
  for (const [name, value] of Object.entries(headersOf(thrown))) response.setHeader(name, value);
  response.setHeader("content-type", `${type}; charset=utf-8`);
  // The connection cannot be used again: the rest of the unread body would follow.
  if (!request.complete) closeAfterResponse(exchange);
  await sendJson(exchange, JSON.stringify({ errors }));
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  [ErrorCode.Unauthenticated]: 401,
  [ErrorCode.OperationNotAllowed]: 403,
  [ErrorCode.InternalServerError]: 500,
};

/** A refused request that is well-formed gets status 200 with the older media type, as the specification demands. */
function statusOf(thrown: unknown, type: string, code: unknown): number {
  const byCode = STATUS_BY_CODE[String(code)] ?? 400;
  if (!(thrown instanceof Refusal)) return byCode;
  return thrown.http.status ?? (type === GRAPHQL_TYPE ? byCode : 200);
}

function headersOf(thrown: unknown): Readonly<Record<string, string>> {
  return thrown instanceof Refusal ? (thrown.http.headers ?? {}) : {};
}

/** Drains a refused upload, so that the client can read the response. */
function closeAfterResponse({ request, response }: Exchange): void {
  response.setHeader("connection", "close");
  response.once("finish", () => {
    request.resume();
    destroyAfterLinger(request.socket);
  });
}

/** A list header with one more name. */
export function appended(header: number | string | string[] | undefined, name: string): string {
  const names = [header ?? []].flat().map(String);
  return names.some((value) => value.toLowerCase().includes(name)) ? names.join(", ") : [...names, name].join(", ");
}
