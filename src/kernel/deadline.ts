import { ErrorCode, TowerError } from "./errors.js";

/** A signal with a timer that must be let go. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** When it passes, on the clock of `performance.now()`. */
  readonly until: number;
  /** Aborts with the reason: the client has left. */
  cancel(reason: Error): void;
  /** Lets go of the timer. Safe to call twice. */
  dispose(): void;
}

/** The time is up; anything else that aborts a signal has another reason. */
export class DeadlinePassed extends TowerError {
  constructor(milliseconds: number) {
    super(ErrorCode.UpstreamTimeout, `the operation was not done within ${milliseconds / 1000} s`);
  }
}

/** A signal that aborts with UPSTREAM_TIMEOUT after some time, or before when it is cancelled. */
export function deadline(milliseconds: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DeadlinePassed(milliseconds));
  }, milliseconds);
  return {
    signal: controller.signal,
    until: performance.now() + milliseconds,
    cancel: (reason) => controller.abort(reason),
    dispose: () => clearTimeout(timer),
  };
}
