/** How often to poll, and for how long to wait. */
export interface WatchPace {
  /** Poll interval while something has just begun, has just ended or is about to. */
  readonly quickMs: number;
  /** Poll interval otherwise. */
  readonly slowMs: number;
  /** How long to wait for a task or snapshot that CloudTower does not show. */
  readonly appearMs: number;
  /** How long a snapshot may take to become usable. */
  readonly readyTimeoutMs: number;
}

/** How long something counts as just begun or just ended, in milliseconds. */
export const FRESH_MS = 5_000;
