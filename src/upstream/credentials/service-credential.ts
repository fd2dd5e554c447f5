import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { UpstreamCaller } from "../client/upstream-client.js";
import { UpstreamError } from "../upstream-error.js";
import type { Credential } from "./credential.js";

/** The gateway's own account in CloudTower: a token, or a user with a password. */
export interface ServiceAccount {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly source: string;
  /** Directory of the user, for the source AUTHN: `auth_config_id` of the login. */
  readonly authConfigId?: string;
}

const LOGIN_TIMEOUT_MS = 15_000;
/** Pause after a refused login: CloudTower may lock an account after too many failures. */
const REFUSED_PAUSE_MS = 5_000;

/**
 * The gateway's own credential: a configured token, or a login on first use and again after a 401.
 *
 * Concurrent callers share one login. If CloudTower refuses it, that is not the clients' fault: they get UPSTREAM_ERROR, not
 * UNAUTHENTICATED.
 */
export class ServiceCredential implements Credential {
  readonly key = "service";
  private current: Promise<string> | undefined;
  private refused: { readonly error: TowerError; readonly until: number } | undefined;

  constructor(
    private readonly client: UpstreamCaller,
    private readonly account: ServiceAccount,
  ) {
    if (account.token !== undefined) this.current = Promise.resolve(account.token);
  }

  token(): Promise<string> {
    this.current ??= this.login();
    return this.current;
  }

  async renew(stale: string | undefined): Promise<string | undefined> {
    if (this.account.username === undefined) throw notAccepted(undefined);
    const held = this.current;
    const token = await held?.catch(() => undefined);
    // Another caller with the same stale token may have started a new login already.
    if (this.current === held && token === stale) this.current = undefined;
    return this.token();
  }

  private login(): Promise<string> {
    if (this.refused !== undefined && performance.now() < this.refused.until) return Promise.reject(this.refused.error);
    const login = this.sendLogin();
    login.catch(() => {
      if (this.current === login) this.current = undefined;
    });
    return login;
  }

  private async sendLogin(): Promise<string> {
    const { username, password, source, authConfigId: auth_config_id } = this.account;
    const body = JSON.stringify({ username, password, source, auth_config_id });
    const signal = AbortSignal.timeout(LOGIN_TIMEOUT_MS);
    let response: unknown;
    try {
      response = await this.client.call({ endpoint: "login", body, secret: password, signal });
    } catch (cause) {
      if (signal.aborted) {
        throw new TowerError(ErrorCode.UpstreamTimeout, "CloudTower did not respond to the gateway's login in time.", {
          cause,
        });
      }
      const status = cause instanceof UpstreamError ? cause.failure.status : undefined;
      if (status === undefined || status < 400 || status >= 429) throw cause;
      const error = notAccepted(cause);
      this.refused = { error, until: performance.now() + REFUSED_PAUSE_MS };
      throw error;
    }
    const token = (response as { data?: { token?: unknown } } | null)?.data?.token;
    if (typeof token === "string" && token !== "") return token;
    throw new TowerError(ErrorCode.UpstreamError, "CloudTower's response to the gateway's login has no token.");
  }
}

function notAccepted(cause: unknown): TowerError {
  return new TowerError(ErrorCode.UpstreamError, "CloudTower does not accept the gateway's own credential.", { cause });
}
