import { Webhook } from "standardwebhooks";

const PREFIX = "whsec_";
/** Sizes of a secret that Standard Webhooks allows. */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const MAX_SECRETS = 2;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/**
 * The secrets in the text of a file, one per line; empty lines do not count. Undefined if there is none, if there are more than two, or if
 * one is malformed.
 */
export function parseSecrets(text: string): readonly string[] | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length >= 1 && lines.length <= MAX_SECRETS && lines.every(isSecret) ? lines : undefined;
}

/** What a file of secrets must contain, for errors. */
export const SECRETS_EXPECTED = `one or two lines, each "${PREFIX}" and ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes in Base64`;

function isSecret(line: string): boolean {
  const encoded = line.slice(PREFIX.length);
  if (!line.startsWith(PREFIX) || !BASE64.test(encoded)) return false;
  const bytes = Buffer.from(encoded, "base64").length;
  return bytes >= MIN_SECRET_BYTES && bytes <= MAX_SECRET_BYTES;
}

/** What a receiver checks, besides the body. */
export interface SignedMessage {
  /** The `webhook-id`: the same for every attempt. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

/** The headers of Standard Webhooks 1.0 for a message. */
export function signedHeaders(secret: string, { id, sentAt, body }: SignedMessage): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, sentAt, body),
  };
}
