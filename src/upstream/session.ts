import { backoffMs, wait } from "../kernel/backoff.js";
import { Budget } from "../kernel/budget.js";
import type { CancelSignal } from "../kernel/cancellation.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import type { TraceSpan } from "../kernel/trace-span.js";
import type { OwnTurns } from "../kernel/turns/turns.js";
import { unlessAborted } from "../kernel/unless-aborted.js";
import type { Language, UpstreamCall, UpstreamCaller } from "./client/upstream-client.js";
import type { Columns } from "./columns.js";
import { authorizedCall } from "./credentials/authorized-call.js";
import type { Credential } from "./credentials/credential.js";
import type { KnownVersion, MissingInVersionError } from "./known-version.js";
import type { PageSizes } from "./page-sizes.js";
import { withoutPlaceholders } from "./placeholders.js";
import type { ProgressScale } from "./progress-scale.js";
import type { ReadDeduplicator } from "./read-deduplicator.js";
import type { ColumnReader } from "./rows/column-reader.js";
import type { ResponseBody } from "./rows/response-body.js";
import { filtersByProgress, inScale, normalizeTasks } from "./task-rows.js";
import { boundedColumns } from "./unbounded-lists.js";
import { UpstreamError, type UpstreamFailure } from "./upstream-error.js";
import { countEndpointOf, endpointOf, leanEndpoints } from "./wire/endpoints.js";
import { lateList } from "./wire/late-names.js";
import type { UpstreamWrites } from "./write-targets.js";
import type { WriteTracker } from "./write-tracker.js";

/** Options for splitting and retrying calls. */
export interface UpstreamOptions {
  /** Attempts per read, including the first. */
  readonly readAttempts: number;
  /** Maximum number of ids in one `_in` list. */
  readonly idsPerCall: number;
  /** Page size of reads that must be complete. */
  readonly rowsPerCall: number;
}

/** Shared by all sessions of a process. */
export interface SessionShare {
  readonly client: UpstreamCaller;
  readonly reads: ReadDeduplicator;
  readonly writes: WriteTracker;
  readonly options: UpstreamOptions;
  /** How this CloudTower counts the progress of tasks. */
  readonly progressScale: ProgressScale;
  readonly pageSizes: PageSizes;
  readonly columnReader: ColumnReader;
  readonly knownVersion: KnownVersion;
  version(): Promise<string | null>;
}

/** Caller and limits of a session. */
export interface SessionRequest {
  readonly credential: Credential;
  readonly language: Language;
  /** Aborted when the client leaves or the operation's deadline passes. */
  readonly signal: CancelSignal;
  /** When the signal will abort, on the clock of `performance.now()`; it may be extended. Absent if there is no deadline. */
  readonly deadline?: { readonly until?: number };
  readonly requestId: string;
  /** What the operation may use. @default no limits */
  readonly budget?: Budget;
  /** Name of the client in the audit log. @default the credential's key */
  readonly client?: string;
  /** Whom calls are queued for. @default the client */
  readonly owner?: string;
  /** Turns of the client on the event loop, in which responses are parsed and used. @default none: whenever they arrive */
  readonly turns?: OwnTurns;
  /** Span of the operation, below which its calls are. @default none: calls are not traced */
  readonly trace?: TraceSpan;
}

/** How a write is sent. */
export interface WriteOptions {
  /** Cancels the write until it leaves. @default the session's signal */
  readonly unsentSignal?: CancelSignal;
  /** Asked directly before the write leaves: an error keeps it from leaving, and is thrown. */
  readonly objection?: () => Error | undefined;
  /** Called each time when the write leaves. If it never was, the write had no effect. */
  readonly onSent?: () => void;
}

/** Statistics of a caller's upstream calls. */
export interface CallStats {
  /** Number of calls sent or joined. */
  readonly calls: number;
  /** Length of the longest chain of calls that had to wait for each other. */
  readonly rounds: number;
  /** Total time during which at least one call was in flight. */
  readonly milliseconds: number;
}

/**
 * CloudTower as one caller sees it during one operation: a credential, a language, a deadline.
 *
 * Reads are retried after lost connections and after 429, 502, 503 and 504; a write is sent once. A 401 renews the credential once,
 * if it can be renewed.
 */
export class UpstreamSession {
  /** Charged for each call and its rows. */
  readonly budget: Budget;

  constructor(
    private readonly share: SessionShare,
    private readonly request: SessionRequest,
    private readonly counter: CallCounter = new CallCounter(),
    private readonly columns?: Columns,
  ) {
    this.budget = request.budget ?? new Budget();
  }

  get credential(): Credential {
    return this.request.credential;
  }

  /** Turns of the client on the event loop, if it has to take any. */
  get turns(): OwnTurns | undefined {
    return this.request.turns;
  }

  get options(): UpstreamOptions {
    return this.share.options;
  }

  /** Sizes of pages that are not too large. */
  get pageSizes(): PageSizes {
    return this.share.pageSizes;
  }

  get language(): Language {
    return this.request.language;
  }

  /** Name of the client that the calls are made for. */
  get client(): string {
    return this.request.client ?? this.credential.key;
  }

  /** Whom the calls are queued for. */
  private get owner(): string {
    return this.request.owner ?? this.client;
  }

  /** How this CloudTower counts the progress of tasks. */
  get progressScale(): ProgressScale {
    return this.share.progressScale;
  }

  /** Aborted when the client leaves or the operation's deadline passes. */
  get signal(): CancelSignal {
    return this.request.signal;
  }

  get requestId(): string {
    return this.request.requestId;
  }

  /** Statistics so far. */
  get stats(): CallStats {
    return this.counter.stats;
  }

  /** Whether a read with the caller's credential has succeeded: CloudTower knows the credential. */
  get credentialAccepted(): boolean {
    return this.counter.hasSucceeded;
  }

  /**
   * The same caller without its operation, for work that several operations share: separate statistics, and no trace.
   *
   * @param budget @default none
   */
  fork(signal: CancelSignal, budget?: Budget): UpstreamSession {
    return new UpstreamSession(this.share, { ...this.request, signal, deadline: undefined, budget, trace: undefined });
  }

  /**
   * The same caller and statistics, for work that must not end with its operation, such as the verification of a write: another signal,
   * no deadline, and calls that are charged but not limited.
   */
  detached(signal: CancelSignal): UpstreamSession {
    const request = { ...this.request, signal, deadline: undefined, budget: this.budget.withoutLimits };
    return new UpstreamSession(this.share, request, this.counter);
  }

  /** The same caller and statistics, for reads that need only these columns. */
  withColumns(columns: Columns | undefined): UpstreamSession {
    return !columns?.mayThin ? this : new UpstreamSession(this.share, this.request, this.counter, columns);
  }

  /** Charges calls that were made for this operation and for others, such as polls. They do not count against its limits. */
  chargeShared(calls: number): void {
    this.counter.addShared(calls);
    for (let call = 0; call < calls; call += 1) this.budget.withoutLimits.spendCall();
  }

  /**
   * Sends a read, or joins an identical read of the same caller in flight.
   *
   * @throws TowerError QUERY_TOO_EXPENSIVE beyond the budget.
   * @throws TowerError UPSTREAM_ERROR if it filters by progress and CloudTower's scale cannot be learned.
   * @throws MissingInVersionError if CloudTower is known to lack a field, an order or an enum value that the read uses; nothing is sent.
   * A list that CloudTower does not have is empty.
   */
  async read(endpoint: string, request: object): Promise<unknown> {
    const isScaled = (endpoint === TASKS || endpoint === TASK_COUNT) && filtersByProgress(request);
    const body = isScaled ? await this.inScale(request) : request;
    const missing = this.missing(endpoint, body);
    const error = missing && (await missing);
    if (error?.lacksList) return nothingListed(endpoint);
    if (error !== undefined) throw error;
    const sent = this.lean(endpoint);
    const { credential, language, signal, requestId, turns, trace } = this.request;
    const { owner } = this;
    this.budget.spendCall();
    const text = JSON.stringify(body);
    const key = `${credential.key} ${language} ${sent} ${text}`;
    const columns = this.columns?.endpoint === endpoint ? this.columns : undefined;
    const reading = this.counter.count(() =>
      this.share.reads.read(key, signal, columns, (shared, shape) =>
        this.retried({
          endpoint: sent,
          body: text,
          signal: shared,
          shape: (response) => shape((kept) => this.rowsOf(endpoint, response, kept ?? boundedColumns(endpoint))),
          language,
          requestId,
          owner,
          turns,
          trace,
        }),
      ),
    );
    const rows = await reading.then(
      (response) => {
        this.counter.hasSucceeded = true;
        return response;
      },
      (failure: unknown) => {
        if (this.isAbsent(endpoint, failure)) return nothingListed(endpoint);
        throw failure;
      },
    );
    // Many operations may have waited for the same response: each goes on in a turn of its client.
    const turn = this.turns?.take(Array.isArray(rows) ? rows.length / ROWS_PER_MS : 0);
    if (turn !== undefined) await turn;
    return rows;
  }

  /** The endpoint that is called for a list: without what plans carry inline, if CloudTower is known to have such a one. */
  private lean(endpoint: string): string {
    const lean = leanEndpoints[endpoint];
    return lean !== undefined && this.share.knownVersion.has(`/${lean}`) === true ? lean : endpoint;
  }

  /** Whether a failure says that CloudTower does not have a list, which no document tells of its version. */
  private isAbsent(endpoint: string, error: unknown): boolean {
    const list = lateList(endpoint);
    const isNotFound = error instanceof UpstreamError && error.failure.status === 404;
    return isNotFound && list !== undefined && this.share.knownVersion.isBetweenDocuments(list);
  }

  /** Reads finished tasks, which tell the scale, if it is not known yet. */
  private async inScale(request: object): Promise<object> {
    const { progressScale } = this;
    const known = inScale(request, progressScale);
    if (known !== undefined) return known;
    await this.read(TASKS, { where: { status: "SUCCESSED" }, orderBy: "local_created_at_DESC", first: SCALE_SAMPLE });
    const learned = inScale(request, progressScale);
    if (learned !== undefined) return learned;
    const message =
      "CloudTower does not say whether it counts the progress of tasks to 1 or to 100, and no task has succeeded yet that shows it. Filter by status instead.";
    throw new TowerError(ErrorCode.UpstreamError, message);
  }

  /** Why CloudTower's version would refuse a read; see `KnownVersion.missing`. */
  missing(endpoint: string, body: object): Promise<MissingInVersionError | undefined> | undefined {
    const missing = this.share.knownVersion.missing(endpoint, body);
    return missing && unlessAborted(missing, this.request.signal);
  }

  /** CloudTower's version, or null if unknown. @throws TowerError QUERY_TOO_EXPENSIVE beyond the budget. */
  async version(): Promise<string | null> {
    this.budget.spendCall();
    return this.counter.count(() => unlessAborted(this.share.version(), this.request.signal)) as Promise<string | null>;
  }

  /**
   * Sends a write once. It goes on if the client leaves, and its outcome is logged. It is sent again only if it had no effect for certain:
   * it never left because there was no connection, or a 401 refused it and the credential could be renewed.
   *
   * @throws UpstreamError whose `failure.effect` says whether CloudTower may have acted.
   */
  async write<O extends keyof UpstreamWrites>(
    endpoint: O,
    body: UpstreamWrites[O],
    options: WriteOptions = {},
  ): Promise<unknown> {
    const { credential, client, requestId, signal, language, turns, trace } = this.request;
    const { owner } = this;
    const { unsentSignal = signal } = options;
    if (unsentSignal.aborted) throw unsentSignal.reason;
    this.budget.spendCall();
    const { reads, writes } = this.share;
    reads.barrier();
    const write = { endpoint, body, caller: client ?? credential.key, requestId, signal, trace };
    const written = writes.run(write, ({ onSent, abandonSignal, span }) => {
      const sent = () => {
        onSent();
        options.onSent?.();
      };
      const { objection } = options;
      const call = {
        endpoint,
        body: JSON.stringify(body),
        intent: "write",
        onSent: sent,
        objection,
        abandonSignal,
        signal: unsentSignal,
        language,
        requestId,
        owner,
        turns,
        trace: span,
      } as const;
      return this.retried(call, neverLeft).finally(() => reads.barrier());
    });
    // The client may get its result before the write has ended.
    return this.counter.count(() => written).finally(() => reads.barrier());
  }

  /** These columns of a response's rows, made uniform; undefined for all. */
  private rowsOf(endpoint: string, response: ResponseBody, columns: Columns | undefined): unknown {
    const { columnReader, progressScale: scale } = this.share;
    const rows = columns === undefined ? response.json() : columns.read(response, columnReader);
    const known = withoutPlaceholders(endpoint, rows, columns?.names);
    return endpoint === TASKS ? normalizeTasks(known, { language: this.language, scale }) : known;
  }

  /** Sends a call, again after a transient failure if `mayRepeat` allows it. */
  private async retried(
    call: UpstreamCall & { readonly signal: CancelSignal },
    mayRepeat: (failure: UpstreamFailure) => boolean = () => true,
  ): Promise<unknown> {
    const { signal } = call;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.authorized(call, signal);
      } catch (error) {
        const failure = error instanceof UpstreamError ? error.failure : undefined;
        if (!failure?.transient || attempt >= this.options.readAttempts || !mayRepeat(failure)) throw error;
        const pauseMs = Math.max(failure.retryAfterMs ?? 0, backoffMs(attempt + 1, READ_BACKOFF));
        // Do not wait past the deadline: a clear error now beats a timeout later.
        if (performance.now() + pauseMs >= (this.request.deadline?.until ?? Number.POSITIVE_INFINITY)) throw error;
        if (pauseMs > MAX_RETRY_PAUSE_MS) throw error;
        await wait(pauseMs, signal);
      }
    }
  }

  private authorized(call: UpstreamCall, signal: CancelSignal): Promise<unknown> {
    const { client } = this.share;
    return authorizedCall({ client, credential: this.credential, signal }, call);
  }
}

/** The response of a list, or of its count, that has no rows. */
function nothingListed(endpoint: string): unknown {
  return endpoint.endsWith("-connection") ? { aggregate: { count: 0 } } : [];
}

/** Whether there was no connection to send the call on. */
function neverLeft({ effect, status }: UpstreamFailure): boolean {
  return effect === "none" && status === undefined;
}

/** Counts the calls of a session and of its views with other columns. */
class CallCounter {
  private calls = 0;
  private depth = 0;
  private endedDepth = 0;
  private inFlight = 0;
  private busySince = 0;
  private busyMs = 0;
  /** Whether a read has succeeded. */
  hasSucceeded = false;

  get stats(): CallStats {
    return { calls: this.calls, rounds: this.depth, milliseconds: this.busyMs };
  }

  /** Adds calls that were counted elsewhere. */
  addShared(calls: number): void {
    this.calls += calls;
  }

  /** Counts a call. Its depth is one more than the deepest call that ended before it began. */
  async count(send: () => Promise<unknown>): Promise<unknown> {
    const depth = this.endedDepth + 1;
    this.calls += 1;
    this.depth = Math.max(this.depth, depth);
    if (this.inFlight === 0) this.busySince = performance.now();
    this.inFlight += 1;
    try {
      return await send();
    } finally {
      this.endedDepth = Math.max(this.endedDepth, depth);
      this.inFlight -= 1;
      if (this.inFlight === 0) this.busyMs += performance.now() - this.busySince;
    }
  }
}

const TASKS = endpointOf("Task");
const TASK_COUNT = countEndpointOf("Task");
/** Number of finished tasks that are read to learn the scale of progress. */
const SCALE_SAMPLE = 20;
/** If CloudTower's Retry-After is longer, the read fails instead of waiting. */
const MAX_RETRY_PAUSE_MS = 10_000;
/** Joining so many rows to what they belong to, and writing them into the result, takes about a millisecond. */
const ROWS_PER_MS = 100;
const READ_BACKOFF = { firstMs: 100, maxMs: 2_000 };
