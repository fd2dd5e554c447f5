import { wait } from "../../kernel/backoff.js";
import type { CancelSignal } from "../../kernel/cancellation.js";

/** The time that retries are planned on. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after the time; rejects with the signal's reason as soon as it aborts. */
  wait(milliseconds: number, signal: CancelSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Date.now(), wait };
