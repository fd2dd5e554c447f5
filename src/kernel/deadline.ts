import { setMaxListeners } from "node:events";
import { ErrorCode, TowerError } from "./errors.js";

/** A signal with a timer that must be let go. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** When it passes, on the clock of `performance.now()`. */
  readonly until: number;
  /** Puts it off by so much: for an operation that was told to wait. */
  extend(milliseconds: number): void;
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
  // Each call of the operation listens, and there may be dozens side by side: that is no leak to warn of.
  setMaxListeners(0, controller.signal);
  let total = milliseconds;
  let until = performance.now() + milliseconds;
  let timer = setTimeout(pass, milliseconds);
  let disposed = false;

  function pass(): void {
    controller.abort(new DeadlinePassed(total));
  }

  return {
    signal: controller.signal,
    get until() {
      return until;
    },
    extend(more) {
      if (disposed || controller.signal.aborted) return;
      total += more;
      until += more;
      clearTimeout(timer);
      timer = setTimeout(pass, until - performance.now());
    },
    cancel: (reason) => controller.abort(reason),
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
