import { createHash } from "node:crypto";
import { ErrorCode, TowerError } from "../../kernel/errors.js";

/** Who a call to CloudTower is made for. Nothing is shared between two credentials with different keys. */
export interface Credential {
  /** Names the credential in maps and logs without revealing it. */
  readonly key: string;
  /** The raw token to send; absent when the caller gave none. */
  token(): Promise<string | undefined> | string | undefined;
  /** A new token after `stale` was refused, or undefined where there is no way to get one. */
  renew(stale: string | undefined): Promise<string | undefined>;
}

/** What an HTTP header can carry; anything else is no token of CloudTower's. */
const SENDABLE = /^[\x20-\x7e]+$/;

/** A client's own token, sent on as it came (without `Bearer`). */
export function forwardedCredential(token: string | undefined): Credential {
  const key = token === undefined ? "anonymous" : createHash("sha256").update(token).digest("base64url").slice(0, 16);
  return { key, token: () => sendable(token), renew: async () => undefined };
}

function sendable(token: string | undefined): string | undefined {
  if (token === undefined || SENDABLE.test(token)) return token;
  throw new TowerError(ErrorCode.Unauthenticated, "expected a CloudTower token of printable ASCII, got something else");
}
