import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { type Credential, forwardedCredential } from "../../upstream/credentials/credential.js";
import { type ApiClient, type ApiClients, isExpired } from "./api-clients.js";
import type { Role } from "./roles.js";

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
  /** Name of the client in metrics, of which there are few: that of its entry in CLIENTS_FILE, or its kind. */
  readonly label: string;
  /** What the client may do here. @default undefined: what CloudTower permits its credential */
  readonly role?: Role;
  /** Why the client may do nothing but introspection. @default undefined, if it may do more */
  readonly refused?: string;
}

/** Identifies the caller by the Authorization that the client sent, and by its address. */
export type CallerOf = (authorization: string | undefined, address: string) => Caller;

/** Name in metrics of all clients without a valid credential. */
const ANONYMOUS = "anonymous";
/** Everything but the administration of the gateway. */
const ANONYMOUS_ROLE: Role = "backup";

/** Sends each client's own token upstream. `fallback` is the token of clients without one; only the simulator has it. */
export function forwardCallers(fallback?: string): CallerOf {
  return (authorization, address) => {
    const token = tokenIn(authorization);
    const credential = forwardedCredential(token ?? fallback);
    if (token !== undefined)
      return { credential, client: `token ${credential.key}`, label: "token", hasCredential: true, forwarded: true };
    const refused =
      fallback === undefined ? "No credential: send a CloudTower token in the Authorization header." : undefined;
    const client = `address ${address}`;
    return { credential, client, label: ANONYMOUS, hasCredential: false, forwarded: true, refused };
  };
}

/**
 * Clients send an API key of this gateway, or none if `anonymous` is allowed, and the gateway's own credential goes upstream.
 *
 * @param anonymous whether clients without a key are served, in the role of `ANONYMOUS_ROLE`.
 */
export function serviceCallers(clients: Pick<ApiClients, "find">, credential: Credential, anonymous = false): CallerOf {
  return (authorization, address) => {
    const key = tokenIn(authorization);
    const common = { hasCredential: key !== undefined, forwarded: false };
    const known = key === undefined ? undefined : clients.find(key);
    if (known !== undefined && !isExpired(known)) {
      const { client, label, role } = known;
      return { ...common, credential, client, label, role };
    }
    const nobody = { ...common, client: `address ${address}`, label: ANONYMOUS };
    if (anonymous && key === undefined) return { ...nobody, credential, role: ANONYMOUS_ROLE };
    return { ...nobody, credential: REFUSED, role: "read", refused: refusalOf(key, known) };
  };
}

function refusalOf(key: string | undefined, expired: ApiClient | undefined): string {
  if (expired?.expiresAt !== undefined) {
    return `The API key expired at ${new Date(expired.expiresAt).toISOString()}: ask the gateway's operator for a new one.`;
  }
  const problem = key === undefined ? "No credential" : "Unknown API key";
  return `${problem}: send one of the gateway's API keys in the Authorization header.`;
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
