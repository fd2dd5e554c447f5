import type { IncomingMessage } from "node:http";
import { ErrorCode } from "../../kernel/errors.js";
import { readBody } from "./body.js";
import { badRequest, refusal } from "./refusal.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** The parts of a GraphQL request, checked for their shapes alone. */
export interface RequestParams {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: JsonObject | undefined;
  readonly extensions: JsonObject | undefined;
  /** Id of a persisted operation, where it stands outside of `extensions`. */
  readonly documentId: string | undefined;
}

/**
 * Reads a GraphQL request from a POST body or a GET address.
 *
 * @throws Refusal where it is none.
 */
export async function readParams(request: IncomingMessage, maxBodyBytes: number): Promise<RequestParams> {
  if (request.method === "GET") {
    checkPreflighted(request);
    return fromSearch(new URLSearchParams((request.url ?? "").split("?")[1] ?? ""));
  }
  if (request.method !== "POST")
    throw badRequest("expected GET or POST, got another method", 405, { allow: "GET, POST" });
  const body = parseJson(await readBody(request, maxBodyBytes), "the body");
  if (Array.isArray(body)) throw badRequest("expected one operation, got a batch; send them one by one");
  if (!isObject(body)) throw badRequest("expected a JSON object with a query, got something else");
  const { query, operationName, variables, extensions, documentId } = body;
  return {
    query: optional(query, isString, "query to be a string"),
    operationName: optional(operationName, isString, "operationName to be a string"),
    variables: optional(variables, isObject, "variables to be an object"),
    extensions: optional(extensions, isObject, "extensions to be an object"),
    documentId: optional(documentId, isString, "documentId to be a string"),
  };
}

const PREFLIGHT_HEADERS = ["x-apollo-operation-name", "apollo-require-preflight"];
const SIMPLE_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Refuses what a page of another site could send without being asked for leave first. A POST needs no such look: its content type
 * is one that such a page cannot send.
 */
function checkPreflighted({ headers }: IncomingMessage): void {
  const type = headers["content-type"];
  if (type !== undefined && !SIMPLE_TYPES.test(type)) {
    if (/^application\/json\s*(;|$)/i.test(type)) return;
    throw badRequest("expected a GET request with the content type application/json or none, got another", 415);
  }
  if (PREFLIGHT_HEADERS.some((name) => headers[name])) return;
  // Only browsers send it, for their own pages too; a page's own EventSource can send no other header.
  if (headers["sec-fetch-site"] === "same-origin" && headers.accept === "text/event-stream") return;
  throw badRequest(
    `expected the header "content-type: application/json" or "${PREFLIGHT_HEADERS[1]}: 1" with a GET request (so that no other site can send it), got neither`,
  );
}

function fromSearch(search: URLSearchParams): RequestParams {
  const one = (name: string): string | undefined => {
    const values = search.getAll(name);
    if (values.length > 1) throw badRequest(`expected ${name} once in the address, got it ${values.length} times`);
    return values[0] === "" ? undefined : values[0];
  };
  const json = (name: string) => {
    const text = one(name);
    return text === undefined ? undefined : optional(parseJson(text, name), isObject, `${name} to be a JSON object`);
  };
  return {
    query: one("query"),
    operationName: one("operationName"),
    variables: json("variables"),
    extensions: json("extensions"),
    documentId: one("documentId"),
  };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(ErrorCode.BadRequest, `expected ${where} to be JSON, got something that is not`, { status: 400 });
  }
}

function optional<T>(value: unknown, is: (value: unknown) => value is T, expected: string): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (is(value)) return value;
  throw badRequest(`expected ${expected}, got something else`);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
