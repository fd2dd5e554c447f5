import { createHash } from "node:crypto";
import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** Credential that a call to CloudTower is made with. Credentials with different keys share nothing. */
export interface Credential {
  /** Identifies the credential in maps and logs without revealing it. */
  readonly key: string;
  /** The raw token to send; undefined if the caller sent none. */
  token(): Promise<string | undefined> | string | undefined;
  /**
   * A new token after `stale` was refused, or undefined if the token is the client's own: then so is the 401.
   *
   * @throws UpstreamError UPSTREAM_ERROR if the gateway has no other token.
   */
  renew(stale: string): Promise<string | undefined>;
  /** Is notified that CloudTower has accepted a token. */
  accepted(token: string): void;
}

/** Characters that an HTTP header can carry; CloudTower's tokens have no others. */
const SENDABLE = /^[\x20-\x7e]+$/;

/** Whether a value is a token that can be sent. */
export function isSendable(token: unknown): token is string {
  return typeof token === "string" && SENDABLE.test(token);
}

/** A client's own token (without `Bearer`), forwarded unchanged. */
export function forwardedCredential(token: string | undefined): Credential {
  const key = token === undefined ? "anonymous" : createHash("sha256").update(token).digest("base64url").slice(0, 16);
  return { key, token: () => sendable(token), renew: async () => undefined, accepted() {} };
}

function sendable(token: string | undefined): string | undefined {
  if (token === undefined || isSendable(token)) return token;
  throw new TowerError(ErrorCode.Unauthenticated, "The CloudTower token must consist of printable ASCII characters.");
}
