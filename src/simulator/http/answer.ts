/** Sends an answer, or spoils it as a fault says. */
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Refusal } from "../refusal.js";
import type { Effect, Fault } from "./faults.js";

/** What goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Runs the operation, unless the fault forbids it, and sends what comes of it. Resolves to what a client has received whole, or
 * to undefined where the connection died.
 */
export async function deliver(
  response: ServerResponse,
  fault: Fault | undefined,
  make: () => Answer,
  refuse: (refusal: Refusal) => Answer,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  // A timer must not keep the process alive, nor a client that has left keep the timer's work.
  if (fault?.latencyMs) await delay(fault.latencyMs, undefined, { ref: false });
  if (response.destroyed) return undefined;
  const effect = fault?.effect;
  const send = (answer: Answer) => sendWhole(response, { ...answer, headers: { ...answer.headers, ...headers } });
  switch (effect?.kind) {
    case undefined:
      return send(make());
    case "status":
      return send(spoiled(effect, refuse));
    case "reset":
      return kill(response);
    case "lost-answer":
      make();
      return kill(response);
    case "hang":
      return undefined;
    case "hold": {
      const answer = make();
      await effect.until;
      return send(answer);
    }
    case "drip":
      return drip(response, make(), effect, headers);
    case "truncated":
      return truncate(response, make(), headers);
    case "malformed":
      return send({ status: 200, headers: { "content-type": "application/json" }, text: '[{"id": "c' });
    case "huge":
      return send({
        status: 200,
        headers: { "content-type": "application/json" },
        text: `["${"x".repeat(effect.bytes)}"]`,
      });
    case "redirect":
      return send({ status: 302, headers: { location: effect.location }, text: "" });
    default:
      return effect satisfies never;
  }
}

function sendWhole(response: ServerResponse, answer: Answer): Answer | undefined {
  if (response.destroyed) return undefined;
  const body = Buffer.from(answer.text);
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length }).end(body);
  return answer;
}

function spoiled(effect: Extract<Effect, { kind: "status" }>, refuse: (refusal: Refusal) => Answer): Answer {
  const message = effect.message ?? `simulated status ${effect.status}`;
  const answer = refuse(new Refusal(effect.status, { en: message, zh: message }, effect.code));
  const headers: Record<string, string> = { ...answer.headers, ...effect.headers };
  if (effect.retryAfter !== undefined) headers["retry-after"] = String(effect.retryAfter);
  if (effect.body === "html") {
    const text = `<html><head><title>${effect.status}</title></head><body><h1>${message}</h1><hr>nginx</body></html>`;
    return { status: effect.status, headers: { ...headers, "content-type": "text/html" }, text };
  }
  return { status: effect.status, headers, text: effect.body === "empty" ? "" : answer.text };
}

function kill(response: ServerResponse): undefined {
  // The response has no socket yet while it waits behind another one on its connection.
  response.req.socket.destroy();
  return undefined;
}

async function drip(
  response: ServerResponse,
  answer: Answer,
  { bytes = 16, everyMs = 100 }: Extract<Effect, { kind: "drip" }>,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  const body = Buffer.from(answer.text);
  response.writeHead(answer.status, { ...answer.headers, ...headers, "content-length": body.length });
  for (let sent = 0; sent < body.length; sent += bytes) {
    if (response.destroyed) return undefined;
    response.write(body.subarray(sent, sent + bytes));
    await delay(everyMs, undefined, { ref: false });
  }
  response.end();
  return answer;
}

async function truncate(
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
): Promise<undefined> {
  const body = Buffer.from(answer.text);
  response.writeHead(answer.status, { ...answer.headers, ...headers, "content-length": body.length });
  await new Promise<void>((resolve) => response.write(body.subarray(0, Math.ceil(body.length / 2)), () => resolve()));
  return kill(response);
}
