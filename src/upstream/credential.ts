import { createHash } from "node:crypto";

/** Who a call to CloudTower is made for. Nothing is shared between two credentials with different keys. */
export interface Credential {
  /** Names the credential in maps and logs without revealing it. */
  readonly key: string;
  /** The raw token to send; absent when the caller gave none. */
  token(): Promise<string | undefined>;
  /** A new token after `stale` was refused, or undefined where there is no way to get one. */
  renew(stale: string | undefined): Promise<string | undefined>;
}

/** A client's own token, sent on as it came (without `Bearer`). */
export function forwardedCredential(token: string | undefined): Credential {
  const key = token === undefined ? "anonymous" : createHash("sha256").update(token).digest("base64url").slice(0, 16);
  return { key, token: async () => token, renew: async () => undefined };
}
