import { ErrorCode, TowerError } from "../../kernel/errors.js";
import type { PollFailure } from "./poll-lane.js";
import { LOG_PAUSE_MS } from "./watch-limits.js";

/** A poll of a watch loop that failed. */
export interface WatchFailure {
  /** The credential's key; reveals no secret. */
  readonly caller: string;
  /** What was read: `tasks`, `tasks of snapshots`, `snapshots`, `snapshot data`. */
  readonly stage: string;
  /** Code of the error; ODD_ROW if a row could not be evaluated. */
  readonly code: string;
  readonly message: string;
  /** Whether to log it: the loop's first failure since it was well. */
  readonly first: boolean;
}

/** The recovery of a watch loop whose failure was logged. */
export interface WatchRecovery {
  readonly caller: string;
  /** How long it failed. */
  readonly milliseconds: number;
}

/** Is notified of failing polls; must neither throw nor block. */
export interface WatchObserver {
  watchFailed(failure: WatchFailure): void;
  watchRecovered(recovery: WatchRecovery): void;
}

/** Whether the polls of a loop succeed: reports the first failure and the recovery, and counts the ticks in which all polls failed. */
export class LoopHealth {
  lastSuccessAt = performance.now();
  private failedTicks = 0;
  /** Whether a poll has failed, or succeeded, since the tick began. */
  private hasFailed = false;
  private succeeded = false;
  private failingSince: number | undefined;
  private lastLoggedAt = Number.NEGATIVE_INFINITY;
  private isLogged = false;

  constructor(
    private readonly caller: string,
    private readonly observer: WatchObserver,
  ) {}

  get isFailing(): boolean {
    return this.failingSince !== undefined;
  }

  /** @param anyFailing whether the last read of any entry of the loop failed. */
  settled(failure: PollFailure<unknown> | undefined, anySuccess: boolean, anyFailing: boolean): void {
    const now = performance.now();
    if (anySuccess) {
      this.succeeded = true;
      this.lastSuccessAt = now;
    }
    this.hasFailed ||= !anySuccess;
    if (failure !== undefined) this.failed(failure, now);
    else if (!anyFailing) this.recovered(now);
  }

  /** Begins a tick. @returns how many ticks in a row have had failures and no success. */
  beginTick(): number {
    if (this.succeeded) this.failedTicks = 0;
    else if (this.hasFailed) this.failedTicks += 1;
    this.hasFailed = false;
    this.succeeded = false;
    return this.failedTicks;
  }

  private failed({ stage, error, oddRow }: PollFailure<unknown>, now: number): void {
    let first = false;
    if (this.failingSince === undefined) {
      this.failingSince = now;
      first = now - this.lastLoggedAt >= LOG_PAUSE_MS;
      this.isLogged = first;
      if (first) this.lastLoggedAt = now;
    }
    const code = oddRow ? "ODD_ROW" : error instanceof TowerError ? error.code : ErrorCode.InternalServerError;
    this.observer.watchFailed({ caller: this.caller, stage, code, message: error.message, first });
  }

  private recovered(now: number): void {
    const { failingSince, isLogged } = this;
    this.failingSince = undefined;
    if (failingSince === undefined || !isLogged) return;
    this.observer.watchRecovered({ caller: this.caller, milliseconds: now - failingSince });
  }
}
