import type { IncomingMessage } from "node:http";
import { decodeUtf8 } from "../../kernel/text/decode-utf8.js";
import { quote } from "../../kernel/text/global-id.js";
import { readBody } from "./body.js";
import { badRequest } from "./refusal.js";
import { targetUrl } from "./request-target.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Parts of a GraphQL request; only their shapes are checked. */
export interface RequestParams {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: JsonObject | undefined;
  readonly extensions: JsonObject | undefined;
  /** Id of a persisted operation, if given outside of `extensions`. */
  readonly documentId: string | undefined;
}

/** What happens while a body is received. */
export interface BodyHooks {
  /** See `readBody`. */
  readonly mayHold?: (bytes: number) => boolean;
  /** Called with the length of the body before it is parsed, which waits for the promise. @default no-op */
  readonly onRead?: (characters: number) => Promise<void> | undefined;
}

/**
 * Reads a GraphQL request from the body of a POST or the URL of a GET.
 *
 * @throws Refusal if it is malformed.
 */
export async function readParams(
  request: IncomingMessage,
  maxBodyBytes: number,
  { mayHold, onRead = () => undefined }: BodyHooks = {},
): Promise<RequestParams> {
  if (request.method === "GET") {
    checkPreflighted(request);
    return fromSearch(targetUrl(request));
  }
  if (request.method !== "POST") {
    throw badRequest(`The method must be GET or POST, got ${request.method}.`, 405, { allow: "GET, POST" });
  }
  const text = await readBody(request, maxBodyBytes, mayHold);
  const ready = onRead(text.length);
  if (ready !== undefined) {
    await ready;
    if (request.socket.destroyed) throw badRequest("The client has left.");
  }
  const body = parseJson(text, "The body");
  if (Array.isArray(body)) throw badRequest("Batches are not supported: send one operation per request.");
  if (!isObject(body)) throw badRequest("The body must be a JSON object with a query.");
  const { query, operationName, variables, extensions, documentId } = body;
  return {
    query: optional(query, isString, "query must be a string"),
    operationName: optional(operationName, isString, "operationName must be a string"),
    variables: optional(variables, isObject, "variables must be an object"),
    extensions: optional(extensions, isObject, "extensions must be an object"),
    documentId: optional(documentId, isString, "documentId must be a string"),
  };
}

const PREFLIGHT_HEADERS = ["x-apollo-operation-name", "apollo-require-preflight"];
const SIMPLE_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Refuses a GET that a page of another site could send without a preflight. A POST needs no check: its content type always causes a
 * preflight.
 */
function checkPreflighted({ headers }: IncomingMessage): void {
  const type = headers["content-type"];
  if (type !== undefined && !SIMPLE_TYPES.test(type)) {
    if (/^application\/json\s*(;|$)/i.test(type)) return;
    throw badRequest(`Content-Type of a GET must be application/json or missing, got ${quote(type)}.`, 415);
  }
  if (PREFLIGHT_HEADERS.some((name) => headers[name])) return;
  // Sent by browsers alone. An EventSource, on a page of this origin, can set no other header.
  if (headers["sec-fetch-site"] === "same-origin" && headers.accept === "text/event-stream") return;
  throw badRequest(
    `A GET needs the header "content-type: application/json" or "${PREFLIGHT_HEADERS[1]}: 1", so that pages of other sites cannot send it.`,
  );
}

function fromSearch({ search, searchParams }: URL): RequestParams {
  // Only checked: a URL parser replaces malformed characters.
  if (decodeUtf8(percentDecoded(search)) === undefined) {
    throw badRequest("The query of the URL is not valid UTF-8: percent-encode UTF-8.");
  }
  const one = (name: string): string | undefined => {
    const values = searchParams.getAll(name);
    if (values.length > 1) throw badRequest(`${name} must occur once in the URL, got it ${values.length} times.`);
    return values[0] === "" ? undefined : values[0];
  };
  const json = (name: string) => {
    const text = one(name);
    return text === undefined ? undefined : optional(parseJson(text, name), isObject, `${name} must be a JSON object`);
  };
  return {
    query: one("query"),
    operationName: one("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
    documentId: one("documentId"),
  };
}

/** Bytes of a URL's query, in which everything beyond ASCII is percent-encoded. */
function percentDecoded(search: string): Buffer {
  const decoded = search.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, "latin1");
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`${what} is not valid JSON.`);
  }
}

function optional<T>(value: unknown, is: (value: unknown) => value is T, rule: string): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (is(value)) return value;
  throw badRequest(`${rule}, got ${kindOf(value)}.`);
}

/** The value itself is not shown: serializing it could overflow the stack. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
