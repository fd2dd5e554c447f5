import { createHash, timingSafeEqual } from "node:crypto";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { type Credential, forwardedCredential } from "../../upstream/credentials/credential.js";

/** For whom an operation is executed. */
export interface Caller {
  /** For whom CloudTower is called. */
  readonly credential: Credential;
  /** Names the client for limits and logs without revealing its credential. Clients without one are told apart by address. */
  readonly client: string;
  /** Whether the client showed a credential of its own, be it good or not. */
  readonly named: boolean;
  /** Whether CloudTower itself judges the client's credential. */
  readonly forwarded: boolean;
  /** Why nothing but introspection is answered. */
  readonly refused?: string;
}

/** Finds out who calls, by what the client sent as Authorization and where it sent it from. */
export type CallerOf = (authorization: string | undefined, address: string) => Caller;

/** Each client's own token goes upstream. `fallback` is whom a client without one acts as; only the simulator has it. */
export function forwardCallers(fallback?: string): CallerOf {
  return (authorization, address) => {
    const token = tokenIn(authorization);
    const credential = forwardedCredential(token ?? fallback);
    if (token !== undefined) return { credential, client: `token ${credential.key}`, named: true, forwarded: true };
    const refused =
      fallback === undefined ? "expected a CloudTower token in the Authorization header, got none" : undefined;
    return { credential, client: `address ${address}`, named: false, forwarded: true, refused };
  };
}

/** Clients show a key of this gateway, or none where `anonymous` is allowed, and the gateway's own credential goes upstream. */
export function serviceCallers(keys: readonly string[], credential: Credential, anonymous = false): CallerOf {
  const known = keys.map(digest);
  return (authorization, address) => {
    const token = tokenIn(authorization);
    const given = digest(token ?? "");
    // Every key is compared, so that the time tells nothing.
    const accepted = known.filter((key) => timingSafeEqual(key, given)).length > 0;
    const common = { named: token !== undefined, forwarded: false };
    if (accepted) return { ...common, credential, client: `key ${given.toString("base64url").slice(0, 16)}` };
    const client = `address ${address}`;
    if (anonymous && token === undefined) return { ...common, credential, client };
    const got = token === undefined ? "got none" : "got another";
    const refused = `expected one of the gateway's API keys in the Authorization header, ${got}`;
    return { ...common, credential: REFUSED, client, refused };
  };
}

/** Refuses when it is used. */
const REFUSED: Credential = {
  key: "refused",
  token: () => Promise.reject(new TowerError(ErrorCode.Unauthenticated, "expected one of the gateway's API keys")),
  renew: () => Promise.resolve(undefined),
};

/** The token of an Authorization header: bare, or behind "Bearer". */
export function tokenIn(authorization: string | undefined): string | undefined {
  const token = authorization?.trim().replace(/^bearer\s+/i, "");
  return token === undefined || token === "" || /^bearer$/i.test(token) ? undefined : token;
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
