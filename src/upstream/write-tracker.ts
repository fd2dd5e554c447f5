import { Cancellation, type CancelSignal } from "../kernel/cancellation.js";
import { asError, ErrorCode, TowerError } from "../kernel/errors.js";
import type { TraceSpan } from "../kernel/trace-span.js";
import { unlessAborted } from "../kernel/unless-aborted.js";
import type { SentWrite, UpstreamObserver, WriteRecord } from "./observer.js";
import { UpstreamError } from "./upstream-error.js";

/** A write to be sent. */
export interface Write {
  readonly endpoint: string;
  readonly body: object;
  /** Name of the client in the audit log. */
  readonly caller: string;
  readonly requestId: string;
  /** Aborted when the client leaves or its deadline passes. */
  readonly signal: CancelSignal;
  /** Span of the operation. @default none */
  readonly trace?: TraceSpan | undefined;
}

/** Passed to the function that sends a write. */
export interface WriteHandle {
  /** Call it right before the request is sent. */
  readonly onSent: () => void;
  /** Aborted when the write takes longer than the limit. */
  readonly abandonSignal: CancelSignal;
  /** Span of the write. */
  readonly span: TraceSpan | undefined;
}

/** Tracks each write of the process to its end, even after its client has left, and reports it to the observer. */
export class WriteTracker {
  private readonly inFlight = new Map<Promise<unknown>, (result: WriteResult) => void>();

  /** @param limitMs time after which a write is abandoned, with an unknown effect. */
  constructor(
    private readonly limitMs: number,
    private readonly observer: UpstreamObserver,
  ) {}

  /**
   * Runs a write. If its client leaves before it is sent, it is not sent; if the client leaves later, the write goes on.
   *
   * @throws UpstreamError with the effect `unknown` if the client left after the write was sent.
   */
  run(write: Write, send: (handle: WriteHandle) => Promise<unknown>): Promise<unknown> {
    const { endpoint, signal } = write;
    const abandonment = new Cancellation();
    const timer = setTimeout(() => abandonment.abort(unknownEffect(endpoint)), this.limitMs);
    let sent = false;
    const onSent = () => {
      if (sent) return;
      sent = true;
      this.observer.writeSent(sentWrite(write));
    };
    const startedAt = performance.now();
    let reported = false;
    const span = write.trace?.begin("write", `write ${endpoint}`, { "towerql.upstream_endpoint": endpoint });
    const report = (result: WriteResult) => {
      if (reported) return;
      reported = true;
      const record = recordOf(write, result, performance.now() - startedAt);
      if (sent) this.observer.writeEnded(record);
      span?.end({ "towerql.outcome": sent ? record.outcome : "not sent" }, record.outcome !== "accepted");
    };
    const work = send({ onSent, abandonSignal: abandonment, span });
    const tracked = work
      .then(
        (response) => report({ response }),
        (error: unknown) => report({ error: asError(error) }),
      )
      .finally(() => {
        clearTimeout(timer);
        this.inFlight.delete(tracked);
      });
    this.inFlight.set(tracked, report);
    return unlessAborted(work, signal).catch((error: unknown) => {
      if (signal.aborted && error === signal.reason && sent) throw unknownEffect(endpoint);
      throw error;
    });
  }

  /** Resolves when no write is in flight, or after the timeout; writes that are still in flight then are reported as unknown. */
  async settled(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.allSettled(this.inFlight.keys()), timeout]);
    clearTimeout(timer);
    const error = new TowerError(ErrorCode.UpstreamUnavailable, "The gateway has stopped.");
    for (const report of this.inFlight.values()) report({ error });
  }
}

type WriteResult = { readonly response: unknown } | { readonly error: Error };

/** The record of a write that was sent. */
function recordOf(write: Write, result: WriteResult, milliseconds: number) {
  const error = "error" in result ? result.error : undefined;
  const response = "response" in result ? result.response : undefined;
  const failure = error instanceof UpstreamError ? error.failure : undefined;
  const record: WriteRecord = {
    ...sentWrite(write),
    taskIds: textsAt(response, "task_id"),
    resourceIds: textsAt(response, "data"),
    outcome: error === undefined ? "accepted" : failure?.effect === "none" ? "refused" : "unknown",
    status: failure?.status,
    upstreamCode: failure?.upstreamCode,
    upstreamRequestId: failure?.upstreamRequestId,
    milliseconds,
  };
  return record;
}

function sentWrite({ endpoint, caller, requestId, body }: Write): SentWrite {
  return {
    ...{ endpoint, caller, requestId },
    ids: textsUnder(body, /(^|_)ids?(_in)?$/),
    names: textsUnder(body, /^name$/),
  };
}

function unknownEffect(endpoint: string): UpstreamError {
  const failure = {
    code: ErrorCode.UpstreamTimeout,
    message: "CloudTower did not respond to the write in time. Whether it took effect is unknown.",
    effect: "unknown",
    transient: false,
    fault: true,
  } as const;
  return new UpstreamError(endpoint, failure);
}

/** All texts under a key that matches, at any depth. */
function textsUnder(value: unknown, keys: RegExp, matches = false): string[] {
  if (typeof value === "string") return matches ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => textsUnder(item, keys, matches));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsUnder(inner, keys, keys.test(key)));
}

/** A field of each item of a write's response; its id if it is an object. */
function textsAt(response: unknown, field: string): string[] {
  if (!Array.isArray(response)) return [];
  return response.flatMap((item: Record<string, unknown> | null) => {
    const value = item?.[field];
    const text = typeof value === "object" ? (value as { id?: unknown } | null)?.id : value;
    return typeof text === "string" ? [text] : [];
  });
}
