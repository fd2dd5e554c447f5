import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { UpstreamClient } from "./client.js";
import type { Credential } from "./credential.js";

/** Who the gateway is to CloudTower. */
export interface ServiceAccount {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly source: string;
}

/**
 * The gateway's own credential: a given token, or a login that is made when first needed and again after a 401.
 *
 * All who wait share one login.
 */
export class ServiceCredential implements Credential {
  readonly key = "service";
  private current: Promise<string> | undefined;

  constructor(
    private readonly client: UpstreamClient,
    private readonly account: ServiceAccount,
  ) {
    if (account.token !== undefined) this.current = Promise.resolve(account.token);
  }

  token(): Promise<string> {
    this.current ??= this.login();
    return this.current;
  }

  async renew(stale: string | undefined): Promise<string | undefined> {
    if (this.account.username === undefined) return undefined;
    const current = await this.current?.catch(() => undefined);
    if (current === stale) this.current = undefined;
    return this.token();
  }

  private login(): Promise<string> {
    const login = this.sendLogin();
    login.catch(() => {
      if (this.current === login) this.current = undefined;
    });
    return login;
  }

  private async sendLogin(): Promise<string> {
    const { username, password, source } = this.account;
    const body = JSON.stringify({ username, password, source });
    const answer = await this.client.call({ operation: "login", body });
    const token = (answer as { data?: { token?: unknown } } | null)?.data?.token;
    if (typeof token === "string") return token;
    throw new TowerError(ErrorCode.UpstreamError, "expected a token from CloudTower's login, got none");
  }
}
