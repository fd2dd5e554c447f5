/** The accounts of the simulated CloudTower: who may log in, with what, and what they may see and do. */
import { badRequest, type Refusal, Refusal as RefusalError } from "./refusal.js";
import { describe } from "./store/values.js";
import type { Viewer } from "./store/viewer.js";
import { optionalSourceSince, versionNumber } from "./versions.js";

/** One account. The token works without a login. */
export interface SimulatorUser {
  readonly username: string;
  readonly password: string;
  /** LOCAL, or AUTHN for an account of the directory, whose login also needs `auth_config_id`. */
  readonly source: "LOCAL" | "AUTHN";
  readonly token: string;
  readonly description: string;
}

/** An account with its rights. */
export interface Account {
  readonly user: SimulatorUser;
  readonly viewer: Viewer;
  readonly authConfigId: string | null;
}

/** Checks credentials and hands out tokens. */
export class Accounts {
  private readonly byToken = new Map<string, Account>();
  private logins = 0;

  constructor(
    readonly accounts: readonly Account[],
    private readonly version: string,
  ) {
    for (const account of accounts) this.byToken.set(account.user.token, account);
  }

  /** Who sends this Authorization header. The token is raw: "Bearer x" is not the token x. Throws a 401. */
  authenticate(authorization: string | undefined): Viewer {
    const account = authorization === undefined ? undefined : this.byToken.get(authorization);
    if (account === undefined) throw unauthorized();
    return account.viewer;
  }

  /** A new token for a right password. Throws a 400 for a malformed body and for wrong credentials. */
  login(body: Readonly<Record<string, unknown>>): string {
    for (const key of ["username", "password"]) {
      if (typeof body[key] !== "string") throw badRequest(`${key} must be a string, got ${describe(body[key])}`);
    }
    const optional = versionNumber(this.version) >= versionNumber(optionalSourceSince);
    const source = body.source ?? (optional ? "LOCAL" : undefined);
    if (!["LOCAL", "LDAP", "AUTHN", "SSO"].includes(String(source))) {
      throw badRequest(`source must be one of LOCAL, LDAP, AUTHN, SSO, got ${describe(body.source)}`);
    }
    const account = this.accounts.find(
      ({ user, authConfigId }) =>
        user.username === body.username &&
        user.password === body.password &&
        user.source === source &&
        (authConfigId === null || authConfigId === body.auth_config_id),
    );
    if (account === undefined) {
      throw new RefusalError(400, { en: "Incorrect username or password", zh: "用户名或密码错误" });
    }
    this.logins += 1;
    const token = `${account.user.token}${String(this.logins).padStart(4, "0")}`;
    this.byToken.set(token, account);
    return token;
  }

  /** Makes every token of a user worthless, that of the list included; without a name, every token of all users. */
  revoke(username?: string): void {
    for (const [token, { user }] of this.byToken) {
      if (username === undefined || user.username === username) this.byToken.delete(token);
    }
  }
}

/** 403 for a write of somebody who may only read. */
export function forbidden(): Refusal {
  return new RefusalError(403, { en: "You do not have permission to do this", zh: "没有权限执行该操作" });
}

function unauthorized(): Refusal {
  return new RefusalError(401, { en: "Unauthorized: the token is missing or not valid", zh: "未登录或登录已失效" });
}
