import { backoffMs, wait } from "../kernel/backoff.js";
import type { CancelSignal } from "../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { unlessAborted } from "../kernel/unless-aborted.js";
import type { Language, UpstreamCall, UpstreamCaller } from "./client/upstream-client.js";
import type { Columns } from "./columns.js";
import type { Credential } from "./credentials/credential.js";
import type { ReadDeduplicator } from "./read-deduplicator.js";
import { UpstreamError } from "./upstream-error.js";
import type { UpstreamWrites } from "./write-targets.js";
import type { Writes } from "./writes.js";

/** How calls are cut and repeated. */
export interface UpstreamOptions {
  /** Tries of a read, the first included. */
  readonly readAttempts: number;
  /** Most ids in one `_in` list. */
  readonly idsPerCall: number;
  /** `first` of reads that must be complete. */
  readonly rowsPerCall: number;
}

/** What all sessions of a process share. */
export interface SessionShare {
  readonly client: UpstreamCaller;
  readonly reads: ReadDeduplicator;
  readonly writes: Writes;
  readonly options: UpstreamOptions;
}

/** What a session is opened for. */
export interface SessionRequest {
  readonly credential: Credential;
  readonly language: Language;
  /** Aborted when the client leaves or the operation's deadline passes. */
  readonly signal: CancelSignal;
  /** When the signal aborts by itself, on the clock of `performance.now()`; it may be put off. Absent where there is no deadline. */
  readonly deadline?: { readonly until?: number };
  readonly requestId: string;
  /** Whom the audit names; the credential's key where there is no other name. */
  readonly client?: string;
}

/** What a caller's upstream calls came to. */
export interface CallStats {
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
  constructor(
    private readonly share: SessionShare,
    private readonly request: SessionRequest,
    private readonly counter: CallCounter = new CallCounter(),
    private readonly columns?: Columns,
  ) {}

  get credential(): Credential {
    return this.request.credential;
  }

  get options(): UpstreamOptions {
    return this.share.options;
  }

  get language(): Language {
    return this.request.language;
  }

  /** Aborted when the client leaves or the operation's deadline passes. */
  get signal(): CancelSignal {
    return this.request.signal;
  }

  get requestId(): string {
    return this.request.requestId;
  }

  /** Calls, rounds and time so far. */
  get stats(): CallStats {
    return this.counter.stats;
  }

  /** The same caller with figures of its own: for an event of a subscription, or for what several operations share. */
  fork(signal?: CancelSignal, deadline?: SessionRequest["deadline"]): UpstreamSession {
    const { request, share } = this;
    return new UpstreamSession(share, signal === undefined ? request : { ...request, signal, deadline });
  }

  /** The same caller, for reads of which only these columns are wanted. */
  withColumns(columns: Columns | undefined): UpstreamSession {
    return !columns?.mayThin ? this : new UpstreamSession(this.share, this.request, this.counter, columns);
  }

  /** Sends a read, or joins the same read of the same caller that is under way. */
  read(endpoint: string, body: object): Promise<unknown> {
    const { credential, language, signal } = this.request;
    const text = JSON.stringify(body);
    const key = `${credential.key} ${language} ${endpoint} ${text}`;
    const columns = this.columns?.endpoint === endpoint ? this.columns : undefined;
    return this.counter.count(() =>
      this.share.reads.read(key, signal, columns, (shared, shape) =>
        this.readAgain({ endpoint, body: text, signal: shared, shape }),
      ),
    );
  }

  /**
   * Sends a write once. When the client leaves it goes on, and its end is logged; only a refused credential is renewed and tried again.
   *
   * @throws UpstreamError whose `failure.effect` says whether CloudTower may have acted.
   */
  async write<O extends keyof UpstreamWrites>(endpoint: O, body: UpstreamWrites[O]): Promise<unknown> {
    const { credential, client, requestId, signal } = this.request;
    if (signal.aborted) throw signal.reason;
    const { reads, writes } = this.share;
    reads.barrier();
    const write = { endpoint, body, caller: client ?? credential.key, requestId, signal };
    const made = writes.make(write, ({ onSent, abandonSignal }) =>
      this.authorized(
        { endpoint, body: JSON.stringify(body), intent: "write", onSent, abandonSignal, signal },
        signal,
      ).finally(() => reads.barrier()),
    );
    // Its client may be told before the write has ended.
    return this.counter.count(() => made).finally(() => reads.barrier());
  }

  private async readAgain(call: UpstreamCall & { readonly signal: CancelSignal }): Promise<unknown> {
    const { signal } = call;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.authorized(call, signal);
      } catch (error) {
        const failure = error instanceof UpstreamError ? error.failure : undefined;
        if (!failure?.transient || attempt >= this.options.readAttempts) throw error;
        const pauseMs = Math.max(failure.retryAfterMs ?? 0, backoffMs(attempt + 1, READ_BACKOFF));
        // Waiting longer than the deadline would only turn a clear answer into a late one.
        if (performance.now() + pauseMs >= (this.request.deadline?.until ?? Number.POSITIVE_INFINITY)) throw error;
        if (pauseMs > LONGEST_PAUSE_MS) throw error;
        await wait(pauseMs, signal);
      }
    }
  }

  private async authorized(call: UpstreamCall, signal: CancelSignal): Promise<unknown> {
    const { credential, language, requestId, client: owner = credential.key } = this.request;
    const given = credential.token();
    const token = given instanceof Promise ? await unlessAborted(given, signal) : given;
    if (token === undefined) {
      throw new TowerError(
        ErrorCode.Unauthenticated,
        "expected a CloudTower token in the Authorization header, got none",
      );
    }
    const { client } = this.share;
    try {
      return await client.call({ ...call, token, language, requestId, owner });
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.failure.status !== 401) throw error;
      const renewed = await unlessAborted(credential.renew(token), signal);
      if (renewed === undefined) throw error;
      return client.call({ ...call, token: renewed, language, requestId, owner });
    }
  }
}

/** What the calls of a caller came to; kept together for all views of a session. */
class CallCounter {
  private calls = 0;
  private depth = 0;
  private endedDepth = 0;
  private underWay = 0;
  private busySince = 0;
  private busyMs = 0;

  get stats(): CallStats {
    return { calls: this.calls, rounds: this.depth, milliseconds: this.busyMs };
  }

  /** Counts a call: its depth is one more than that of the deepest call that ended before it began. */
  async count(send: () => Promise<unknown>): Promise<unknown> {
    const depth = this.endedDepth + 1;
    this.calls += 1;
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

/** CloudTower may ask for a longer pause; its callers are told then instead of kept waiting. */
const LONGEST_PAUSE_MS = 10_000;
const READ_BACKOFF = { firstMs: 100, maxMs: 2_000 };
