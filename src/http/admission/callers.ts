import { createHash, timingSafeEqual } from "node:crypto";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { type Credential, forwardedCredential } from "../../upstream/credentials/credential.js";

/** The client that an operation is executed for. */
export interface Caller {
  /** Credential for the calls to CloudTower. */
  readonly credential: Credential;
  /** Name of the client in limits and logs, which does not reveal its credential; its address if it has none. */
  readonly client: string;
  /** Whether the client sent a credential of its own, valid or not. */
  readonly hasCredential: boolean;
  /** Whether CloudTower itself checks the client's credential. */
  readonly forwarded: boolean;
  /** Whether the client may use the fields for administrators. @default false */
  readonly isAdmin?: boolean;
  /** Why the client may do nothing but introspection. @default undefined, if it may do more */
  readonly refused?: string;
}

/** Identifies the caller by the Authorization that the client sent, and by its address. */
export type CallerOf = (authorization: string | undefined, address: string) => Caller;

/** Sends each client's own token upstream. `fallback` is the token of clients without one; only the simulator has it. */
export function forwardCallers(fallback?: string): CallerOf {
  return (authorization, address) => {
    const token = tokenIn(authorization);
    const credential = forwardedCredential(token ?? fallback);
    if (token !== undefined)
      return { credential, client: `token ${credential.key}`, hasCredential: true, forwarded: true };
    const refused =
      fallback === undefined ? "No credential: send a CloudTower token in the Authorization header." : undefined;
    return { credential, client: `address ${address}`, hasCredential: false, forwarded: true, refused };
  };
}

/** Options for `serviceCallers`. */
export interface ServiceCallers {
  /** Whether clients without a key are served. @default false */
  readonly anonymous?: boolean;
  /** Key of administrators. @default there are none */
  readonly adminKey?: string;
}

/** Clients send a key of this gateway, or none if `anonymous` is allowed, and the gateway's own credential goes upstream. */
export function serviceCallers(
  keys: readonly string[],
  credential: Credential,
  { anonymous = false, adminKey }: ServiceCallers = {},
): CallerOf {
  const adminKeys = adminKey === undefined ? [] : [adminKey].map(digest);
  const known = [...keys.map(digest), ...adminKeys];
  return (authorization, address) => {
    const token = tokenIn(authorization);
    const given = digest(token ?? "");
    // All keys are compared, so that the time reveals nothing.
    const accepted = known.filter((key) => timingSafeEqual(key, given)).length > 0;
    const common = { hasCredential: token !== undefined, forwarded: false };
    const isAdmin = adminKeys.filter((key) => timingSafeEqual(key, given)).length > 0;
    if (accepted) return { ...common, credential, client: `key ${given.toString("base64url").slice(0, 16)}`, isAdmin };
    const client = `address ${address}`;
    if (anonymous && token === undefined) return { ...common, credential, client };
    const problem = token === undefined ? "No credential" : "Unknown API key";
    const refused = `${problem}: send one of the gateway's API keys in the Authorization header.`;
    return { ...common, credential: REFUSED, client, refused };
  };
}

/** Fails when used. */
const REFUSED: Credential = {
  key: "refused",
  token: () => Promise.reject(new TowerError(ErrorCode.Unauthenticated, "Unknown API key.")),
  renew: () => Promise.resolve(undefined),
  accepted() {},
};

/** Token of an Authorization header, with or without "Bearer" before it. */
export function tokenIn(authorization: string | undefined): string | undefined {
  const token = authorization?.trim().replace(/^bearer\s+/i, "");
  return token === undefined || token === "" || /^bearer$/i.test(token) ? undefined : token;
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
