import { lookup } from "node:dns/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { type CancelSignal, onAbort } from "../../kernel/cancellation.js";
import { asError } from "../../kernel/errors.js";
import { linkedSignal } from "../../kernel/linked-signal.js";
import { unlessAborted } from "../../kernel/unless-aborted.js";
import type { WebhookDefinition } from "../definition/webhook-definition.js";
import { signedHeaders } from "../definition/webhook-secrets.js";

/** What a receiver made of a message. */
export type SendOutcome =
  | { readonly kind: "response"; readonly status: number }
  /** No response, and why not. */
  | { readonly kind: "none"; readonly message: string };

/** A message to send. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
}

/** An address that a host name has. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Options for `sendWebhook`. */
export interface SendOptions {
  readonly userAgent: string;
  /** Time for the receiver's status, from the look-up of its address on. */
  readonly timeoutMs: number;
  /** Gives up immediately when it aborts. */
  readonly signal: CancelSignal;
  /** Addresses of a host name. @default the system's resolver */
  readonly resolveHost?: (host: string) => Promise<readonly HostAddress[]>;
}

/** What is read of a response's body before its connection is closed. */
const MAX_BODY_BYTES = 64 * 1024;

type Target = Pick<WebhookDefinition, "url" | "secrets" | "ca" | "insecure">;

/**
 * Sends a signed message to a webhook's receiver. Never rejects.
 *
 * The host name is resolved once and the connection goes to those addresses; redirects are not followed: their status is the outcome.
 */
export async function sendWebhook(target: Target, message: Message, options: SendOptions): Promise<SendOutcome> {
  const { timeoutMs, resolveHost = systemResolver } = options;
  const url = new URL(target.url);
  const timeout = new Error(`no response within ${timeoutMs / 1000} s`);
  const { signal, dispose } = linkedSignal([options.signal], timeoutMs, timeout);
  try {
    const addresses = await unlessAborted(addressesOf(url, resolveHost), signal);
    const headers = { ...signedHeaders(target.secrets[0] as string, message), "user-agent": options.userAgent };
    const request = openRequest(url, target, { headers, lookup: pinned(addresses) });
    const response = await post(request, message.body, signal);
    drain(response, timeoutMs);
    return { kind: "response", status: response.statusCode ?? 0 };
  } catch (error) {
    return { kind: "none", message: describe(asError(error)) };
  } finally {
    dispose();
  }
}

/** Sends the body and resolves with the head of the response. Destroys the connection if the signal aborts before. */
function post(request: ClientRequest, body: string, signal: CancelSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      reject(signal.reason);
      request.destroy();
    });
    request.on("error", reject);
    request.on("response", (response) => {
      stopListening();
      resolve(response);
    });
    request.end(body);
  });
}

function openRequest(url: URL, { ca, insecure }: Target, given: Pick<RequestOptions, "headers" | "lookup">) {
  const headers = { "content-type": "application/json", ...(given.headers as Record<string, string>) };
  const options: RequestOptions = { method: "POST", agent: false, lookup: given.lookup, headers };
  if (url.protocol === "http:") return httpRequest(url, options);
  return httpsRequest(url, { ...options, ca, rejectUnauthorized: !insecure });
}

async function addressesOf(
  { hostname }: URL,
  resolveHost: (host: string) => Promise<readonly HostAddress[]>,
): Promise<readonly HostAddress[]> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const addresses = family === 0 ? await resolveHost(host) : [{ address: host, family }];
  if (addresses.length === 0) throw new Error("the host name has no address");
  return addresses;
}

function systemResolver(host: string): Promise<readonly HostAddress[]> {
  return lookup(host, { all: true });
}

function pinned(addresses: readonly HostAddress[]): LookupFunction {
  return (_host, { all }, callback) => {
    const [first] = addresses as readonly [HostAddress, ...HostAddress[]];
    if (all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** Reads a response to its end, so that the receiver sees no broken connection, but neither much nor for long. */
function drain(response: IncomingMessage, timeoutMs: number): void {
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  timer.unref();
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
  response.on("error", () => {});
  response.once("close", () => clearTimeout(timer));
}

/** Node's own reasons: they may name an address, but no part of the URL behind it. */
function describe(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return describe(error.errors[0]);
  return error.message || (error as NodeJS.ErrnoException).code || "the connection failed";
}
