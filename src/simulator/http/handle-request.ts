import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "../../kernel/once.js";
import type { Accounts } from "../accounts.js";
import { badRequest, errorBody, type Language, Refusal } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import type { Tower } from "../tower.js";
import { anyLanguageSince, directoriesSince, resourceChangesSince } from "../versions.js";
import type { Call, CallLog } from "./call-log.js";
import { callEndpoint, unknownEndpoint } from "./endpoints.js";
import type { Exchange } from "./exchange.js";
import type { Faults } from "./faults.js";
import { callGraphql, graphqlPath } from "./graphql-api.js";
import { resourceChanges } from "./resource-changes.js";
import { type HttpResponse, sendResponse } from "./send-response.js";

/** Path prefix of CloudTower's API. */
export const basePath = "/v2/api";

/** Everything a request can reach. Lives as long as the server. */
export interface Backend {
  readonly tower: Tower;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  /** Handles requests below /simulator. */
  readonly controlApi: (method: string, path: string, body: unknown) => HttpResponse;
}

/** Handles one request: faults, authentication, endpoint. */
export async function handleRequest(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { tower, faults, calls } = backend;
  const method = request.method ?? "GET";
  const [url = "/", query = ""] = (request.url ?? "/").split("?");
  if (url === "/simulator" || url.startsWith("/simulator/")) {
    return handleControl(backend, method, url.slice("/simulator".length), request, response);
  }
  const endpoint = url.startsWith(`${basePath}/`) ? url.slice(basePath.length + 1) : url;
  const requestId = randomUUID();
  calls.opened();
  // Listen on the socket too: a pipelined response gets no close event while another one is being sent.
  const { socket } = request;
  const closed = once(() => {
    socket.off("close", closed);
    calls.closed();
  });
  response.once("close", closed);
  socket.once("close", closed);
  const call: { -readonly [K in keyof Call]: Call[K] } = {
    endpoint,
    method,
    body: undefined,
    token: request.headers.authorization,
    headers: request.headers,
    requestId,
    at: tower.clock.now(),
    status: undefined,
  };
  if (faults.takeBeforeBody(endpoint)) {
    calls.received(call);
    return void request.socket.destroy();
  }
  const raw = await readBody(request);
  const body = parse(raw);
  call.body = body;
  calls.received(call);
  const fault = faults.take(endpoint, body);
  const language = languageOf(request);
  const { headers } = request;
  const run = () => respond(backend, { method, endpoint, query, headers, language, token: call.token, raw, body });
  const sent = await sendResponse(response, {
    fault,
    run,
    runLater: (afterMs) => tower.events.schedule(tower.clock.now() + afterMs, () => void run()),
    isWrite: !endpoint.startsWith("get-"),
    refuse: (refusal) => errorResponse(tower, refusal, endpoint, language),
    headers: { "x-tower-request-id": requestId },
  });
  if (sent === undefined) return;
  call.status = sent.status;
  // Neither is part of the published contract.
  if (endpoint === graphqlPath || isOutside(endpoint)) return;
  backend.onExchange?.({
    endpoint,
    method,
    path: `/${endpoint}`,
    headers: request.headers,
    requestBody: body ?? raw,
    status: sent.status,
    responseBody: parse(sent.text) ?? sent.text,
    responseHeaders: sent.headers,
  });
}

interface Incoming {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly endpoint: string;
  /** What follows the question mark of the URL. */
  readonly query: string;
  readonly language: Language;
  readonly token: string | undefined;
  readonly raw: string;
  readonly body: unknown;
}

/** The response without faults. */
function respond(
  backend: Backend,
  { method, endpoint, query, headers, language, token, raw, body }: Incoming,
): HttpResponse {
  const { tower, accounts } = backend;
  tower.tasks.runDue();
  try {
    const { version } = tower.store.model;
    if (endpoint === "get-version" && method === "GET" && version.has("/get-version")) {
      return json(JSON.stringify(version.text));
    }
    if (endpoint === "login" && method === "POST") {
      const credentials = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
      return json(JSON.stringify({ task_id: null, data: { token: accounts.login(credentials) } }));
    }
    if (endpoint === graphqlPath && method === "POST" && isSince(tower, directoriesSince)) {
      return callGraphql(accounts, token, body);
    }
    if (endpoint === "resource-changes" && method === "GET" && isSince(tower, resourceChangesSince)) {
      return json(resourceChanges(tower, accounts.authenticateBasic(token), new URLSearchParams(query)));
    }
    if (isOutside(endpoint)) return webInterface;
    checkLanguage(tower, { headers });
    const viewer = accounts.authenticate(token);
    if (method !== "POST") throw unknownEndpoint(endpoint);
    if (body === undefined) {
      throw badRequest(raw === "" ? "a JSON body is required, got none" : "the body is not valid JSON");
    }
    const result = callEndpoint(tower, endpoint, { body, viewer, language });
    return result === undefined ? { status: 304, headers: {}, text: "" } : json(result);
  } catch (error) {
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, { en: `simulator: ${String(error)}`, zh: "内部错误" });
    return errorResponse(tower, refusal, endpoint, language);
  }
}

function errorResponse(tower: Tower, refusal: Refusal, endpoint: string, language: Language): HttpResponse {
  const withCode = tower.store.model.version.has("ErrorBody.code");
  const text = JSON.stringify(errorBody(refusal, `/${endpoint}`, language, withCode));
  return { status: refusal.status, headers: jsonType, text };
}

function isSince({ store }: Tower, version: string): boolean {
  return store.model.version.isSince(version);
}

async function handleControl(
  backend: Backend,
  method: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const raw = await readBody(request);
  // A page in a browser cannot send this type to another origin without a CORS preflight, which is refused.
  const isJson = method === "GET" || request.headers["content-type"]?.startsWith("application/json") || raw === "";
  const refused: HttpResponse = {
    status: 415,
    headers: jsonType,
    text: '{"error":"Send content-type: application/json."}',
  };
  const { status, headers, text } = isJson ? backend.controlApi(method, path, parse(raw)) : refused;
  response.writeHead(status, headers).end(text);
}

const jsonType = { "content-type": "application/json; charset=utf-8" };

/** What a browser gets elsewhere. A real CloudTower serves its web interface there; what it says to other clients is not documented. */
const webInterface: HttpResponse = {
  status: 404,
  headers: { "content-type": "text/html; charset=utf-8" },
  text: "<!doctype html><title>CloudTower (simulated)</title>The API is at /v2/api.",
};

/** Whether a path is that of neither API. */
function isOutside(endpoint: string): boolean {
  return endpoint.startsWith("/") && endpoint !== graphqlPath;
}

function json(text: string): HttpResponse {
  return { status: 200, headers: jsonType, text };
}

/** The language of texts in the response. What a real CloudTower does with `*` is not documented: here it is English. */
function languageOf(request: IncomingMessage): Language {
  return request.headers["content-language"] === "zh-CN" ? "zh-CN" : "en-US";
}

/** Throws a 400 for a value of `content-language` that this version does not know. */
function checkLanguage(tower: Tower, { headers }: Pick<IncomingMessage, "headers">): void {
  const known = ["zh-CN", "en-US", ...(isSince(tower, anyLanguageSince) ? ["*"] : [])];
  const given = headers["content-language"];
  if (given === undefined || known.includes(given)) return;
  throw badRequest(`content-language must be one of ${known.join(", ")}, got ${describeValue(given)}`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
