import { Webhook } from "standardwebhooks";

/** The parts of a request that a signature covers, with header names in lower case: as node:http, Express or Fastify have it. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> | Headers;
  /** The body as it came, not parsed. */
  readonly body: string | Uint8Array;
}

/** A verified delivery. */
export interface WebhookDelivery {
  /** The event's id: the same when it is delivered again. */
  readonly id: string;
  /** The response of the webhook's subscription. */
  readonly payload: unknown;
}

/**
 * Checks who sent a request and when (within five minutes), and reads it.
 *
 * @param secret what the operator of the gateway shares, `whsec_...`; several while it is being changed.
 * @throws Error if no secret made the signature, or it is too old.
 */
export function verifyWebhook({ headers, body }: WebhookRequest, secret: string | readonly string[]): WebhookDelivery {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const signed = Object.fromEntries(names.map((name) => [name, headerOf(headers, name)]));
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  let failure: unknown = new Error("no secret to verify the webhook with");
  for (const one of typeof secret === "string" ? [secret] : secret) {
    try {
      return { payload: new Webhook(one).verify(text, signed), id: signed["webhook-id"] ?? "" };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function headerOf(headers: WebhookRequest["headers"], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === "string" ? value : "";
}
