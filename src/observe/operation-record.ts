import type { CallTally } from "../upstream/session.js";

/** The way by which an operation came. */
export type Transport = "http" | "ws" | "sse";

/** How an operation ended: `refused` before it was executed, `left` by its client. */
export type OperationOutcome = "ok" | "errors" | "refused" | "left";

/** An operation that has ended. */
export interface FinishedOperation {
  readonly transport: Transport;
  readonly requestId: string;
  /** The key of the credential, which reveals nothing of it; absent where the operation was refused before it was looked at. */
  readonly caller: string | undefined;
  readonly kind: "query" | "mutation" | "subscription" | undefined;
  /** The name that the client gave it, if it did. */
  readonly name: string | undefined;
  /** What the cost limit took it for. */
  readonly cost: number | undefined;
  readonly outcome: OperationOutcome;
  /** The code of each error that the client got. */
  readonly codes: readonly string[];
  /** Calls sent to CloudTower for it, or joined. */
  readonly calls: number;
  /** Events of a subscription that were sent. */
  readonly events: number;
  /** Time of day of the beginning, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** Is told of operations; must neither throw nor take long. */
export interface OperationObserver {
  finished(operation: FinishedOperation): void;
}

const LONGEST_NAME = 100;

/** What becomes known of an operation while it runs; told to the observer once, at its end. */
export class OperationRecord implements CallTally {
  caller: string | undefined;
  kind: FinishedOperation["kind"];
  name: string | undefined;
  cost: number | undefined;
  calls = 0;
  events = 0;
  private readonly codes: string[] = [];
  private executed = false;
  private left = false;
  private ended = false;
  private readonly startedAt = Date.now();
  private readonly began = performance.now();

  constructor(
    private readonly observer: OperationObserver,
    readonly transport: Transport,
    readonly requestId: string,
  ) {}

  /** The operation passed all checks and is executed from now on. */
  running(): void {
    this.executed = true;
  }

  /** The client gets an error with this code. */
  failed(code: string): void {
    // A query can fail in each of its fields; the line needs no more than what kinds there were.
    if (this.codes.length < 100) this.codes.push(code);
  }

  /** The client was gone before the end. */
  abandoned(): void {
    this.left = true;
  }

  /** Tells the observer. Safe to call twice. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    const { transport, requestId, caller, kind, cost, codes, calls, events, startedAt } = this;
    const name = this.name?.slice(0, LONGEST_NAME);
    const milliseconds = performance.now() - this.began;
    const outcome = this.outcome();
    const known = { transport, requestId, caller, kind, name, cost, outcome, codes, calls, events };
    this.observer.finished({ ...known, startedAt, milliseconds });
  }

  private outcome(): OperationOutcome {
    if (this.left) return "left";
    if (this.codes.length === 0) return "ok";
    return this.executed ? "errors" : "refused";
  }
}
