import { Cancellation, type CancelSignal } from "../kernel/cancellation.js";
import { asError, ErrorCode, TowerError } from "../kernel/errors.js";
import { unlessAborted } from "../kernel/unless-aborted.js";
import type { UpstreamObserver, WriteRecord } from "./observer.js";
import { UpstreamError } from "./upstream-error.js";

/** A write about to be made. */
export interface Write {
  readonly endpoint: string;
  readonly body: object;
  readonly caller: string;
  readonly requestId: string;
  /** Aborted when the client leaves or its deadline passes. */
  readonly signal: CancelSignal;
}

/** What a write needs of its surroundings while it is under way. */
export interface WriteHandle {
  /** To be called when the write leaves the gateway. */
  readonly onSent: () => void;
  /** Aborted when the write has lasted too long. */
  readonly abandonSignal: CancelSignal;
}

/** The writes under way in this process: each is followed to its end, whoever waits for it, and told to the observer. */
export class Writes {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly limitMs: number,
    private readonly observer: UpstreamObserver,
  ) {}

  /**
   * Makes a write. A client that leaves before it is sent stops it; one that leaves later does not, and is told that nothing is
   * known of the outcome.
   */
  make(write: Write, send: (handle: WriteHandle) => Promise<unknown>): Promise<unknown> {
    const { endpoint, signal } = write;
    const timer = new Cancellation();
    const stop = setTimeout(() => timer.abort(unknown(endpoint)), this.limitMs);
    let sent = false;
    const onSent = () => {
      sent = true;
    };
    const began = performance.now();
    const work = send({ onSent, abandonSignal: timer });
    const followed = work
      .then(
        (answer) => this.tell(write, began, answer, undefined),
        (error: unknown) => (sent ? this.tell(write, began, undefined, asError(error)) : undefined),
      )
      .finally(() => {
        clearTimeout(stop);
        this.underWay.delete(followed);
      });
    this.underWay.add(followed);
    return unlessAborted(work, signal).catch((error: unknown) => {
      if (signal.aborted && error === signal.reason && sent) throw unknown(endpoint);
      throw error;
    });
  }

  /** Resolves when no write is under way any more, or after the time. */
  async settled(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.allSettled(this.underWay), tooLate]);
    clearTimeout(timer);
  }

  private tell(write: Write, began: number, answer: unknown, error: Error | undefined): void {
    const { endpoint, caller, requestId, body } = write;
    const failure = error instanceof UpstreamError ? error.failure : undefined;
    const refused = failure?.effect === "none" || (error instanceof TowerError && failure === undefined);
    const record: WriteRecord = {
      endpoint,
      caller,
      requestId,
      ids: idsIn(body),
      taskIds: textsAt(answer, "task_id"),
      resourceIds: textsAt(answer, "data"),
      outcome: error === undefined ? "accepted" : refused ? "refused" : "unknown",
      status: failure?.status,
      upstreamCode: failure?.upstreamCode,
      upstreamRequestId: failure?.upstreamRequestId,
      milliseconds: performance.now() - began,
    };
    this.observer.writeEnded(record);
  }
}

function unknown(endpoint: string): UpstreamError {
  const message = "CloudTower did not answer the write in time; it is not known whether it was done";
  const failure = {
    code: ErrorCode.UpstreamTimeout,
    message,
    effect: "unknown",
    transient: false,
    fault: true,
  } as const;
  return new UpstreamError(endpoint, failure);
}

/** Every text under a key such as `id`, `id_in` or `vm_id`, however deep. */
function idsIn(value: unknown, isId = false): string[] {
  if (typeof value === "string") return isId ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => idsIn(item, isId));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => idsIn(inner, /(^|_)ids?(_in)?$/.test(key)));
}

/** A field of each item of a write's answer; of an object its id. */
function textsAt(answer: unknown, field: string): string[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((item: Record<string, unknown> | null) => {
    const value = item?.[field];
    const text = typeof value === "object" ? (value as { id?: unknown } | null)?.id : value;
    return typeof text === "string" ? [text] : [];
  });
}
