/** Pace of watching. */
export interface WatchPace {
  /** Between polls while something has just begun, has just ended or is about to. */
  readonly quickMs: number;
  /** Between polls otherwise. */
  readonly slowMs: number;
  /** How long a task or snapshot that CloudTower does not show is waited for. */
  readonly appearMs: number;
  /** How long a snapshot may take to become usable. */
  readonly readyTimeoutMs: number;
}

/** How long something counts as just begun or just ended. */
export const FRESH_MS = 5_000;
