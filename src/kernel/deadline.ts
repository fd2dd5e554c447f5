import { Cancellation, type CancelSignal } from "./cancellation.js";
import { ErrorCode, TowerError } from "./errors.js";

/** The time is up; anything else that aborts a signal has another reason. */
export class DeadlinePassed extends TowerError {
  constructor(milliseconds: number) {
    super(ErrorCode.UpstreamTimeout, `the operation was not done within ${milliseconds / 1000} s`);
  }
}

/**
 * A signal that aborts with UPSTREAM_TIMEOUT after some time, infinity for never, or before when it is cancelled. Its timer must be
 * let go.
 */
export class Deadline {
  private readonly cancellation = new Cancellation();
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;
  private passesAt: number;

  constructor(private milliseconds: number) {
    this.passesAt = performance.now() + milliseconds;
    this.start();
  }

  get signal(): CancelSignal {
    return this.cancellation;
  }

  /** When it passes, on the clock of `performance.now()`. */
  get until(): number {
    return this.passesAt;
  }

  /** Puts it off by so much: for an operation that was told to wait. */
  extend(more: number): void {
    if (this.disposed || this.signal.aborted) return;
    this.milliseconds += more;
    this.passesAt += more;
    clearTimeout(this.timer);
    this.start();
  }

  /** Aborts with the reason: the client has left. */
  cancel(reason: unknown): void {
    this.cancellation.abort(reason);
  }

  /** Lets go of the timer. Safe to call twice. */
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
