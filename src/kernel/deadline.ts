import { ErrorCode, TowerError } from "./errors.js";

/** A signal with a timer that must be let go. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Aborts with the reason: the client has left. */
  cancel(reason: Error): void;
  /** Lets go of the timer. Safe to call twice. */
  dispose(): void;
}

/** A signal that aborts with UPSTREAM_TIMEOUT after some time, or before when it is cancelled. */
export function deadline(milliseconds: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const seconds = milliseconds / 1000;
    controller.abort(new TowerError(ErrorCode.UpstreamTimeout, `the operation was not done within ${seconds} s`));
  }, milliseconds);
  return {
    signal: controller.signal,
    cancel: (reason) => controller.abort(reason),
    dispose: () => clearTimeout(timer),
  };
}
