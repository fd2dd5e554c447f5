import { enums } from "../upstream/wire/contract.js";
import { badRequest, Refusal } from "./refusal.js";
import { describeValue } from "./store/check-value.js";
import type { Viewer } from "./store/viewer.js";
import type { ApiVersion } from "./versions.js";

/** Credentials of one account. The token works without a login. */
export interface SimulatorUser {
  readonly username: string;
  readonly password: string;
  /** LOCAL; or, for a directory account, AUTHN, whose login also needs `auth_config_id`, and LDAP in versions without AUTHN. */
  readonly source: "LOCAL" | "LDAP" | "AUTHN";
  readonly token: string;
  readonly description: string;
}

/** An account with its permissions. */
export interface Account {
  readonly user: SimulatorUser;
  readonly viewer: Viewer;
  readonly authConfigId: string | null;
}

/** A directory that users can log in by, such as an LDAP server. */
export interface Directory {
  /** `auth_config_id` of logins. */
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** An API key, which is used like a token. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly roles: readonly string[];
}

/** Checks credentials and issues tokens. Lives as long as the simulator. */
export class Accounts {
  /** Mutable: tests change it at any time. */
  directories: readonly Directory[];
  private readonly byToken = new Map<string, Account>();
  private logins = 0;
  private keys = 0;

  constructor(
    readonly accounts: readonly Account[],
    private readonly version: ApiVersion,
  ) {
    for (const account of accounts) this.byToken.set(account.user.token, account);
    const ids = new Set(accounts.flatMap(({ authConfigId }) => authConfigId ?? []));
    this.directories = [...ids].map((id) => ({ id, type: "LDAP", name: "tower.example" }));
  }

  /** The caller with this Authorization header: a token or an API key, with or without "Bearer" before it. Throws a 401. */
  authenticate(authorization: string | undefined): Viewer {
    return this.accountOf(authorization).viewer;
  }

  /** The caller with this Authorization header of HTTP's Basic scheme. Throws a 401. */
  authenticateBasic(authorization: string | undefined): Viewer {
    const encoded = /^basic +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
    const given = Buffer.from(encoded, "base64").toString("utf8");
    const account = this.accounts.find(({ user }) => `${user.username}:${user.password}` === given);
    if (account === undefined) throw unauthorized();
    return account.viewer;
  }

  /** Issues an API key with the permissions of the caller. Throws a 401. */
  createApiKey(authorization: string | undefined, name: string): ApiKey {
    const account = this.accountOf(authorization);
    this.keys += 1;
    const key = `${account.user.token}-key-${this.keys}`;
    this.byToken.set(key, account);
    return {
      id: `${account.viewer.userId.slice(0, -4)}${String(this.keys).padStart(4, "0")}`,
      name,
      key,
      roles: [account.user.username],
    };
  }

  /** Issues a token. Throws a 400 for a malformed body and for wrong credentials. */
  login(body: Readonly<Record<string, unknown>>): string {
    for (const key of ["username", "password"]) {
      if (typeof body[key] !== "string") throw badRequest(`${key} must be a string, got ${describeValue(body[key])}`);
    }
    const source = body.source ?? (this.version.hasOptionalSource ? "LOCAL" : undefined);
    const sources = enums.UserSource.filter((value) => this.version.has(`UserSource.${value}`));
    if (!(sources as readonly unknown[]).includes(source)) {
      throw badRequest(`source must be one of ${sources.join(", ")}, got ${describeValue(body.source)}`);
    }
    const account = this.accounts.find(
      ({ user, authConfigId }) =>
        user.username === body.username &&
        user.password === body.password &&
        user.source === source &&
        (authConfigId === null || authConfigId === body.auth_config_id),
    );
    if (account === undefined) {
      throw new Refusal(400, { en: "Incorrect username or password", zh: "用户名或密码错误" });
    }
    this.logins += 1;
    const token = `${account.user.token}${String(this.logins).padStart(4, "0")}`;
    this.byToken.set(token, account);
    return token;
  }

  private accountOf(authorization: string | undefined): Account {
    const account = this.byToken.get(authorization?.replace(/^bearer +/i, "") ?? "");
    if (account === undefined) throw unauthorized();
    return account;
  }

  /** Revokes all tokens and API keys of a user, including the initial token; without a name, those of all users. */
  revoke(username?: string): void {
    for (const [token, { user }] of this.byToken) {
      if (username === undefined || user.username === username) this.byToken.delete(token);
    }
  }
}

/** 403: a write by a read-only account. */
export function forbidden(): Refusal {
  return new Refusal(403, { en: "You do not have permission to do this", zh: "没有权限执行该操作" });
}

function unauthorized(): Refusal {
  return new Refusal(401, { en: "Unauthorized: the token is missing or not valid", zh: "未登录或登录已失效" });
}
