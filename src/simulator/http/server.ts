/** The HTTP interface: each request goes through faults, authorization and its operation. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "../../kernel/once.js";
import { badRequest, errorBody, type Language, Refusal } from "../refusal.js";
import type { Accounts } from "../users.js";
import { errorCodeSince, versionNumber } from "../versions.js";
import type { World } from "../world.js";
import { type Answer, deliver } from "./answer.js";
import type { Call, Calls } from "./calls.js";
import type { Exchange } from "./exchange.js";
import type { Faults } from "./faults.js";
import { run, unknownOperation } from "./operations.js";

/** Where CloudTower's API is below the host. */
export const basePath = "/v2/api";

/** What the server speaks for. */
export interface Backend {
  readonly world: World;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  /** Answers requests below /simulator; see switchboard.ts. */
  readonly switchboard: (method: string, path: string, body: unknown) => Answer;
}

/** Answers one request. */
export async function serve(backend: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, faults, calls } = backend;
  const method = request.method ?? "GET";
  const url = (request.url ?? "/").split("?")[0] ?? "/";
  if (url === "/simulator" || url.startsWith("/simulator/")) {
    return control(backend, method, url.slice("/simulator".length), request, response);
  }
  const operation = url.startsWith(`${basePath}/`) ? url.slice(basePath.length + 1) : url;
  const requestId = randomUUID();
  calls.opened();
  // A response that waits behind another one on its connection does not hear of the connection's end.
  const { socket } = request;
  const closed = once(() => {
    socket.off("close", closed);
    calls.closed();
  });
  response.once("close", closed);
  socket.once("close", closed);
  const call: { -readonly [K in keyof Call]: Call[K] } = {
    operation,
    method,
    body: undefined,
    token: request.headers.authorization,
    headers: request.headers,
    requestId,
    at: world.clock.now(),
    status: undefined,
  };
  if (faults.takeEarly(operation)) {
    calls.received(call);
    return void request.socket.destroy();
  }
  const raw = await readBody(request);
  const body = parse(raw);
  call.body = body;
  calls.received(call);
  const fault = faults.take(operation, body);
  const language = languageOf(request);
  const make = () => answer(backend, { method, operation, language, token: call.token, raw, body });
  const refuse = (refusal: Refusal) => errorAnswer(world, refusal, operation, language);
  const sent = await deliver(response, fault, make, refuse, { "x-tower-request-id": requestId });
  if (sent === undefined) return;
  call.status = sent.status;
  backend.onExchange?.({
    operation,
    method,
    path: `/${operation}`,
    headers: request.headers,
    requestBody: body ?? raw,
    status: sent.status,
    responseBody: parse(sent.text) ?? sent.text,
    responseHeaders: sent.headers,
  });
}

interface Incoming {
  readonly method: string;
  readonly operation: string;
  readonly language: Language;
  readonly token: string | undefined;
  readonly raw: string;
  readonly body: unknown;
}

/** The answer that a CloudTower without faults gives. */
function answer(backend: Backend, { method, operation, language, token, raw, body }: Incoming): Answer {
  const { world, accounts } = backend;
  world.tasks.settle();
  try {
    if (operation === "get-version" && method === "GET") return json(JSON.stringify(world.store.model.version));
    if (operation === "login" && method === "POST") {
      const credentials = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
      return json(JSON.stringify({ task_id: null, data: { token: accounts.login(credentials) } }));
    }
    const viewer = accounts.authenticate(token);
    if (method !== "POST") throw unknownOperation(operation);
    if (body === undefined) {
      throw badRequest(raw === "" ? "a JSON body is required, got none" : "the body is not valid JSON");
    }
    return json(run(world, operation, { body, viewer, language }));
  } catch (error) {
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, { en: `simulator: ${String(error)}`, zh: "内部错误" });
    return errorAnswer(world, refusal, operation, language);
  }
}

function errorAnswer(world: World, refusal: Refusal, operation: string, language: Language): Answer {
  const withCode = versionNumber(world.store.model.version) >= versionNumber(errorCodeSince);
  const text = JSON.stringify(errorBody(refusal, `/${operation}`, language, withCode));
  return { status: refusal.status, headers: jsonType, text };
}

async function control(
  backend: Backend,
  method: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const raw = await readBody(request);
  // A page in a browser cannot send this type to another origin without asking first.
  const typed = method === "GET" || request.headers["content-type"]?.startsWith("application/json") || raw === "";
  const refused: Answer = { status: 415, headers: jsonType, text: '{"error":"send content-type: application/json"}' };
  const { status, headers, text } = typed ? backend.switchboard(method, path, parse(raw)) : refused;
  response.writeHead(status, headers).end(text);
}

const jsonType = { "content-type": "application/json; charset=utf-8" };

function json(text: string): Answer {
  return { status: 200, headers: jsonType, text };
}

function languageOf(request: IncomingMessage): Language {
  return request.headers["content-language"]?.startsWith("zh") ? "zh-CN" : "en-US";
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
