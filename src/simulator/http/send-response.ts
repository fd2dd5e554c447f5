import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../refusal.js";
import type { Effect, Fault } from "./faults.js";

/** One HTTP response before it is sent. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Options for `sendResponse`. */
export interface SendOptions {
  readonly fault: Fault | undefined;
  /** Runs the endpoint. Not called if the fault prevents that. */
  readonly run: () => HttpResponse;
  /** Runs the endpoint after this time of the simulator. */
  readonly runLater: (afterMs: number) => void;
  /** Whether the endpoint changes something: it is then run even if the client leaves while it is delayed. */
  readonly isWrite: boolean;
  /** Makes the error response for a fault of kind `status`. */
  readonly refuse: (refusal: Refusal) => HttpResponse;
  /** Headers of every response. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends the endpoint's response, or what the fault makes of it. Resolves to the response if it was sent whole, and to undefined if
 * the connection is gone.
 */
export async function sendResponse(
  response: ServerResponse,
  { fault, run, runLater, isWrite, refuse, headers }: SendOptions,
): Promise<HttpResponse | undefined> {
  // The timer must not keep the process alive.
  if (fault?.latencyMs) await delay(fault.latencyMs, undefined, { ref: false });
  const effect = fault?.effect;
  if (response.destroyed) {
    // A read for a client that has left is no work worth doing; a write was received and is done all the same.
    if (isWrite && effect === undefined) run();
    return undefined;
  }
  const withHeaders = (result: HttpResponse) => ({ ...result, headers: { ...result.headers, ...headers } });
  const send = (result: HttpResponse) => sendWhole(response, withHeaders(result));
  switch (effect?.kind) {
    case undefined:
      return send(run());
    case "status":
      return send(statusResponse(effect, refuse));
    case "reset":
      return reset(response);
    case "lost-answer":
      run();
      return reset(response);
    case "late-commit":
      runLater(effect.afterMs);
      return reset(response);
    case "hang":
      return undefined;
    case "hold": {
      const result = run();
      await effect.until;
      return send(result);
    }
    case "drip":
      return drip(response, withHeaders(run()), effect);
    case "truncated":
      return truncate(response, withHeaders(run()));
    case "malformed":
      return send({ status: 200, headers: { "content-type": "application/json" }, text: '[{"id": "c' });
    case "empty-list":
      return send({ status: 200, headers: { "content-type": "application/json" }, text: "[]" });
    case "huge":
      return send({
        status: 200,
        headers: { "content-type": "application/json" },
        text: `["${"x".repeat(effect.bytes)}"]`,
      });
    case "odd-row":
      return send(withOddRow(run(), effect.row));
    case "redirect":
      return send({ status: 302, headers: { location: effect.location }, text: "" });
    default:
      return effect satisfies never;
  }
}

function withOddRow(result: HttpResponse, row: unknown): HttpResponse {
  const body: unknown = JSON.parse(result.text);
  if (!Array.isArray(body) || body.length === 0) return result;
  return { ...result, text: JSON.stringify([row, ...body.slice(1)]) };
}

function sendWhole(response: ServerResponse, result: HttpResponse): HttpResponse | undefined {
  if (response.destroyed) return undefined;
  const body = Buffer.from(result.text);
  response.writeHead(result.status, { ...result.headers, "content-length": body.length }).end(body);
  return result;
}

function statusResponse(effect: Extract<Effect, { kind: "status" }>, refuse: SendOptions["refuse"]): HttpResponse {
  const message = effect.message ?? `simulated status ${effect.status}`;
  const result = refuse(new Refusal(effect.status, { en: message, zh: message }, effect.code));
  const headers: Record<string, string> = { ...result.headers, ...effect.headers };
  if (effect.retryAfter !== undefined) headers["retry-after"] = String(effect.retryAfter);
  if (effect.body === "html") {
    const text = `<html><head><title>${effect.status}</title></head><body><h1>${message}</h1><hr>nginx</body></html>`;
    return { status: effect.status, headers: { ...headers, "content-type": "text/html" }, text };
  }
  return { status: effect.status, headers, text: effect.body === "empty" ? "" : result.text };
}

function reset(response: ServerResponse): undefined {
  // Not response.socket: a pipelined response has none until the one before it is finished.
  response.req.socket.destroy();
  return undefined;
}

async function drip(
  response: ServerResponse,
  result: HttpResponse,
  { bytes = 16, everyMs = 100 }: Extract<Effect, { kind: "drip" }>,
): Promise<HttpResponse | undefined> {
  const body = Buffer.from(result.text);
  response.writeHead(result.status, { ...result.headers, "content-length": body.length });
  for (let sent = 0; sent < body.length; sent += bytes) {
    if (response.destroyed) return undefined;
    response.write(body.subarray(sent, sent + bytes));
    await delay(everyMs, undefined, { ref: false });
  }
  response.end();
  return result;
}

async function truncate(response: ServerResponse, result: HttpResponse): Promise<undefined> {
  const body = Buffer.from(result.text);
  response.writeHead(result.status, { ...result.headers, "content-length": body.length });
  await new Promise<void>((resolve) => response.write(body.subarray(0, Math.ceil(body.length / 2)), () => resolve()));
  return reset(response);
}
