import { Cancellation, type CancelSignal } from "./cancellation.js";
import { ErrorCode, TowerError } from "./errors.js";

/** Reason of a signal aborted by its deadline; never used for anything else. */
export class DeadlinePassed extends TowerError {
  constructor(milliseconds: number) {
    super(ErrorCode.UpstreamTimeout, `The operation did not finish within ${milliseconds / 1000} s.`);
  }
}

/**
 * A signal that aborts with UPSTREAM_TIMEOUT after a time limit, or earlier if it is cancelled. Call `dispose` to clear the timer.
 */
export class Deadline {
  private readonly cancellation = new Cancellation();
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  private passesAt: number;

  /** @param milliseconds time limit; infinity for none. */
  constructor(private milliseconds: number) {
    this.passesAt = performance.now() + milliseconds;
    this.start();
  }

  get signal(): CancelSignal {
    return this.cancellation;
  }

  /** When the deadline passes, on the clock of `performance.now()`. */
  get until(): number {
    return this.passesAt;
  }

  /** Extends the deadline by `more` milliseconds. */
  extend(more: number): void {
    if (this.disposed || this.signal.aborted) return;
    this.milliseconds += more;
    this.passesAt += more;
    clearTimeout(this.timer);
    this.start();
  }

  /** Aborts with the reason, for instance because the client has left. */
  cancel(reason: unknown): void {
    this.cancellation.abort(reason);
  }

  /** Clears the timer. Safe to call twice. */
  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private start(): void {
    if (this.passesAt === Number.POSITIVE_INFINITY) return;
    const pass = () => this.cancellation.abort(new DeadlinePassed(this.milliseconds));
    this.timer = setTimeout(pass, this.passesAt - performance.now());
  }
}
