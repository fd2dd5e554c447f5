import { wait } from "../../kernel/backoff.js";
import { Deadline } from "../../kernel/deadline.js";
import { asError, ErrorCode } from "../../kernel/errors.js";
import { singleFlight } from "../../kernel/single-flight.js";
import type { UpstreamCaller } from "../client/upstream-client.js";
import type { UpstreamObserver } from "../observer.js";
import { UpstreamError } from "../upstream-error.js";
import { authorizedCall } from "./authorized-call.js";
import { type Credential, isSendable } from "./credential.js";
import { loginTarget, UnknownDirectory } from "./login-target.js";
import { lostLogin, refusedCredential, refusedLogin, unknownDirectory } from "./refused-credential.js";

/** The gateway's own account in CloudTower: a token, or a user with a password. */
export interface ServiceAccount {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly source: string;
  /** Directory of the user: `auth_config_id` of the login. Required for the source AUTHN, looked up for LDAP. */
  readonly authConfigId?: string;
}

/** Shorter than the 10 s within which the gateway must be well again: a login that hangs must not prevent the next one. */
const LOGIN_TIMEOUT_MS = 8_000;
/** Minimum time from the start of a login to the start of the next one, also if another gateway's logins revoke our tokens. */
const LOGIN_INTERVAL_MS = 1_000;
/** Pause after a login that CloudTower responded to without a token: it may lock an account after too many failures. */
const REFUSED_PAUSE_MS = 5_000;
/** How long a token counts as accepted after a call that was. */
const ACCEPTED_MS = 5_000;
/** A call that every user may make and that CloudTower handles quickly. */
const TRIAL = { endpoint: "get-clusters", body: JSON.stringify({ first: 1 }) };
/** Statuses of a login that are about the account. Others, such as a proxy's 404, tell nothing of it. */
const ACCOUNT_REFUSED = new Set([400, 401, 403]);

/**
 * The gateway's own credential: a configured token, or a login on first use and again after a 401.
 *
 * Only tokens are kept, never a failed login: what failed is tried again, by one login at a time for all callers and at a bounded rate.
 * That CloudTower refuses the credential is not the clients' fault: they get UPSTREAM_ERROR, never UNAUTHENTICATED.
 */
export class ServiceCredential implements Credential {
  readonly key = "service";
  /** The token in use. */
  private held: string | undefined;
  /** Whether the token in use comes from a login and no call with it has been accepted. */
  private onProbation = false;
  private acceptedAt = Number.NEGATIVE_INFINITY;
  private currentProblem: string | undefined;
  private refusal: { readonly error: UpstreamError; readonly until: number } | undefined;
  private nextLoginAt = Number.NEGATIVE_INFINITY;
  private readonly login = singleFlight(() => this.sendLogin());

  constructor(
    private readonly client: UpstreamCaller,
    private readonly account: ServiceAccount,
    private readonly observer: Pick<UpstreamObserver, "credentialChanged">,
  ) {
    this.held = account.token;
  }

  token(): Promise<string> | string {
    if (this.held !== undefined) return this.held;
    const { refusal } = this;
    if (refusal !== undefined && performance.now() < refusal.until) return Promise.reject(refusal.error);
    return this.login();
  }

  async renew(stale: string): Promise<string> {
    // Another caller with the same stale token may have logged in already.
    if (this.held !== stale) return this.token();
    if (this.account.username === undefined) {
      throw this.refused(
        "CloudTower does not accept the token of the gateway: renew CLOUDTOWER_TOKEN, or set CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD.",
        refusedCredential(),
      );
    }
    this.held = undefined;
    if (this.onProbation) {
      throw this.refused(
        "CloudTower does not accept the token that it issued to the gateway: check whether the account of CLOUDTOWER_USERNAME is enabled.",
        refusedCredential(),
      );
    }
    return this.token();
  }

  accepted(token: string): void {
    if (token !== this.held) return;
    this.onProbation = false;
    this.acceptedAt = performance.now();
    this.change(undefined);
  }

  /**
   * Why the gateway cannot use the credential, for its operator; undefined if CloudTower accepts it. Makes a call if none was accepted
   * lately.
   *
   * @param signal ends the wait.
   */
  async problem(signal: AbortSignal): Promise<string | undefined> {
    if (this.currentProblem === undefined && performance.now() < this.acceptedAt + ACCEPTED_MS) return undefined;
    try {
      await authorizedCall({ client: this.client, credential: this, signal }, { ...TRIAL, signal });
    } catch (error) {
      const status = error instanceof UpstreamError ? error.failure.status : undefined;
      if (status === 403) this.accepted(this.held ?? "");
      // Some servers ask for a credential before they look at the path.
      if (status === 404)
        this.change("CloudTower has no API at the path in CLOUDTOWER_URL: leave the path out.", error);
      if (signal.aborted) return this.currentProblem ?? "CloudTower has not yet responded to the gateway's credential.";
    }
    return this.currentProblem;
  }

  private async sendLogin(): Promise<string> {
    const pauseMs = this.nextLoginAt - performance.now();
    if (pauseMs > 0) await wait(pauseMs);
    this.nextLoginAt = performance.now() + LOGIN_INTERVAL_MS;
    const { username, password } = this.account;
    const limit = new Deadline(LOGIN_TIMEOUT_MS);
    let response: unknown;
    try {
      const target = await loginTarget(this.client, this.account, limit.signal);
      const body = JSON.stringify({ username, password, ...target });
      response = await this.client.call({ endpoint: "login", body, secret: password, signal: limit.signal });
    } catch (error) {
      throw this.failed(limit.signal.aborted ? timedOut(error) : error);
    } finally {
      limit.dispose();
    }
    const token = (response as { data?: { token?: unknown } } | null)?.data?.token;
    if (!isSendable(token)) {
      throw this.refused(
        "CloudTower's response to the gateway's login has no usable token: check whether CLOUDTOWER_USERNAME may log in without a second factor.",
        refusedLogin(),
      );
    }
    this.held = token;
    this.onProbation = true;
    return token;
  }

  /** Error for the callers of a login that failed. */
  private failed(error: unknown): Error {
    if (error instanceof UnknownDirectory) return this.refused(error.message, unknownDirectory(error));
    // If the circuit is open, which has a log line of its own, no login was sent: nothing is known of the credential.
    if (!(error instanceof UpstreamError) || error.logged) return asError(error);
    const { fault, status, message } = error.failure;
    if (fault) {
      this.change(`The gateway's login to CloudTower failed: ${message}`, error);
      return lostLogin(error);
    }
    if (status === undefined)
      return this.refused(`The gateway's login to CloudTower failed: ${message}`, refusedLogin(error));
    const refusal = ACCOUNT_REFUSED.has(status) ? refusedCredential(error) : refusedLogin(error);
    const advice = ACCOUNT_REFUSED.has(status)
      ? "check CLOUDTOWER_USERNAME, CLOUDTOWER_PASSWORD and CLOUDTOWER_SOURCE"
      : "it is repeated every few seconds; if this lasts, check CloudTower and any proxy before it";
    return this.refused(`CloudTower refuses the gateway's login (HTTP ${status}): ${advice}.`, refusal);
  }

  /** Notes why there is no token. @returns the error, which callers get during the pause. */
  private refused(reason: string, error: UpstreamError): UpstreamError {
    this.refusal = { error, until: performance.now() + REFUSED_PAUSE_MS };
    this.change(reason, error.cause instanceof UnknownDirectory ? error.cause.cause : error.cause);
    return error;
  }

  private change(reason: string | undefined, cause?: unknown): void {
    if (reason === this.currentProblem) return;
    this.currentProblem = reason;
    this.observer.credentialChanged(reason === undefined ? undefined : { reason, cause });
  }
}

function timedOut(cause: unknown): UpstreamError {
  return new UpstreamError("login", {
    code: ErrorCode.UpstreamTimeout,
    message: "CloudTower did not respond to the gateway's login in time.",
    effect: "none",
    transient: false,
    fault: true,
    cause,
  });
}
