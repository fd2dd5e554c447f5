import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { UpstreamCaller } from "../client/upstream-client.js";
import { UpstreamError } from "../upstream-error.js";
import type { Credential } from "./credential.js";

/** Who the gateway is to CloudTower. */
export interface ServiceAccount {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly source: string;
  /** Which directory, for accounts of one: `auth_config_id` of the login. */
  readonly authConfigId?: string;
}

const LOGIN_TIMEOUT_MS = 15_000;
/** A refused login is not repeated for so long: CloudTower may lock an account that fails too often. */
const REFUSED_FOR_MS = 5_000;

/**
 * The gateway's own credential: a given token, or a login that is made when first needed and again after a 401.
 *
 * All who wait share one login. That CloudTower refuses the gateway is no fault of the gateway's clients: they get UPSTREAM_ERROR,
 * not UNAUTHENTICATED.
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
    // Whoever waited for the same stale token may have started the new login already.
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
    let answer: unknown;
    try {
      answer = await this.client.call({ endpoint: "login", body, secret: password, signal });
    } catch (cause) {
      if (signal.aborted) {
        throw new TowerError(ErrorCode.UpstreamTimeout, "CloudTower did not answer the login in time", { cause });
      }
      const status = cause instanceof UpstreamError ? cause.failure.status : undefined;
      if (status === undefined || status < 400 || status >= 429) throw cause;
      const error = notAccepted(cause);
      this.refused = { error, until: performance.now() + REFUSED_FOR_MS };
      throw error;
    }
    const token = (answer as { data?: { token?: unknown } } | null)?.data?.token;
    if (typeof token === "string" && token !== "") return token;
    throw new TowerError(ErrorCode.UpstreamError, "expected a token from CloudTower's login, got none");
  }
}

function notAccepted(cause: unknown): TowerError {
  return new TowerError(ErrorCode.UpstreamError, "CloudTower does not accept the gateway's own credential", { cause });
}
