import { backoffMs, wait } from "../kernel/backoff.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { Language, UpstreamClient } from "./client.js";
import type { Credential } from "./credential.js";
import type { SharedReads } from "./shared-reads.js";
import { UpstreamError } from "./upstream-error.js";

/** What all sessions of a process share. */
export interface UpstreamOptions {
  /** Tries of a read, the first included. */
  readonly readAttempts: number;
  /** Most ids in one `_in` list. */
  readonly idsPerCall: number;
  /** `first` of reads that must be complete. */
  readonly rowsPerCall: number;
}

/** What a caller's upstream calls came to. */
export interface UpstreamUse {
  /** Calls sent or joined. */
  readonly calls: number;
  /** Longest chain of calls that had to wait for one another. */
  readonly rounds: number;
  /** Sum of the time in which at least one call was under way. */
  readonly milliseconds: number;
}

/**
 * CloudTower as one caller sees it for the length of one operation: a credential, a language, a deadline.
 *
 * Reads are repeated on lost connections and on 429, 502, 503 and 504; a write is sent once. A 401 renews the credential once,
 * where it can be renewed.
 */
export class UpstreamSession {
  private callCount = 0;
  private depth = 0;
  private endedDepth = 0;
  private underWay = 0;
  private busySince = 0;
  private busyMs = 0;

  constructor(
    private readonly client: UpstreamClient,
    private readonly shared: SharedReads,
    readonly credential: Credential,
    readonly options: UpstreamOptions,
    readonly language: Language,
    /** Aborted when the client leaves or the operation's deadline passes. */
    readonly signal: AbortSignal,
    readonly requestId: string,
  ) {}

  /** Calls, rounds and time so far. */
  get use(): UpstreamUse {
    return { calls: this.callCount, rounds: this.depth, milliseconds: this.busyMs };
  }

  /** The same caller with loaders' worth of state left out: for the next event of a subscription. */
  fork(signal: AbortSignal = this.signal): UpstreamSession {
    return new UpstreamSession(
      this.client,
      this.shared,
      this.credential,
      this.options,
      this.language,
      signal,
      this.requestId,
    );
  }

  /** Sends a read, or joins the same read of the same caller that is under way. */
  read(operation: string, body: object): Promise<unknown> {
    const text = JSON.stringify(body);
    const key = `${this.credential.key} ${this.language} ${operation} ${text}`;
    return this.counted(() => this.shared.read(key, this.signal, (signal) => this.readAgain(operation, text, signal)));
  }

  /**
   * Sends a write once. It is not aborted when the client leaves; only a refused credential is renewed and tried again.
   *
   * @throws UpstreamError whose `failure.effect` says whether CloudTower may have acted.
   */
  async write(operation: string, body: object): Promise<unknown> {
    if (this.signal.aborted) throw this.signal.reason;
    this.shared.barrier();
    try {
      return await this.counted(() => this.authorized(operation, JSON.stringify(body), undefined));
    } finally {
      this.shared.barrier();
    }
  }

  private async readAgain(operation: string, body: string, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.authorized(operation, body, signal);
      } catch (error) {
        const failure = error instanceof UpstreamError ? error.failure : undefined;
        if (!failure?.transient || attempt >= this.options.readAttempts) throw error;
        await wait(Math.max(failure.retryAfterMs ?? 0, backoffMs(attempt + 1, READ_BACKOFF)), signal);
      }
    }
  }

  private async authorized(operation: string, body: string, signal: AbortSignal | undefined): Promise<unknown> {
    const { client, credential, language, requestId } = this;
    const token = await credential.token();
    if (token === undefined) {
      throw new TowerError(
        ErrorCode.Unauthenticated,
        "expected a CloudTower token in the Authorization header, got none",
      );
    }
    try {
      return await client.call({ operation, body, token, language, requestId, signal });
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.failure.status !== 401) throw error;
      const renewed = await credential.renew(token);
      if (renewed === undefined) throw error;
      return client.call({ operation, body, token: renewed, language, requestId, signal });
    }
  }

  /** Keeps the figures: a call's depth is one more than that of the deepest call that ended before it began. */
  private async counted(send: () => Promise<unknown>): Promise<unknown> {
    const depth = this.endedDepth + 1;
    this.callCount += 1;
    this.depth = Math.max(this.depth, depth);
    if (this.underWay === 0) this.busySince = performance.now();
    this.underWay += 1;
    try {
      return await send();
    } finally {
      this.endedDepth = Math.max(this.endedDepth, depth);
      this.underWay -= 1;
      if (this.underWay === 0) this.busyMs += performance.now() - this.busySince;
    }
  }
}

const READ_BACKOFF = { firstMs: 100, maxMs: 2_000 };
