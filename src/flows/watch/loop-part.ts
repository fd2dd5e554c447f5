import type { UpstreamSession } from "../../upstream/session.js";
import type { LaneReports } from "./poll-lane.js";
import type { ReadyStates } from "./ready-states.js";
import type { WatchPace } from "./watch-pace.js";

/** Something else that a loop polls, with its watchers. */
export interface LoopPart {
  /** Number of watchers. */
  readonly size: number;
  readonly isFailing: boolean;
  /** How long ago the state was read that its watchers know, in milliseconds; 0 without watchers. */
  readonly lagMs: number;
  /** Begins the polls that are due; see `PollLane.tick`. */
  tick(session: UpstreamSession, onlyFresh: boolean): void;
  /** Whether to poll quickly. */
  isQuick(now: number): boolean;
  /** Ends every stream with the error. */
  fail(error: Error): void;
  /** Cancels all polls. Safe to call twice. */
  stop(reason: unknown): void;
}

/** What a loop offers to its parts. */
export interface LoopAccess {
  /** Of no operation; ends with the loop. */
  readonly session: UpstreamSession;
  readonly pace: WatchPace;
  readonly reports: LaneReports;
  readonly ready: ReadyStates;
  /** Counts a watcher. */
  arrive(): void;
  /** The watcher has left. */
  leave(): void;
  /** Lets the next tick come soon. */
  hurry(): void;
}
