const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Pauses before the first retries; after them, a retry follows every hour. */
const PAUSES_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS];

/** How long an event is retried. */
const MAX_RETRY_MS = 72 * HOUR_MS;

/** Attempts for an event whose selection cannot be read completely, although CloudTower responds: three minutes. */
const MAX_SELECTION_ATTEMPTS = 4;

/** Up to this share is added to a pause, so that webhooks of one receiver spread out. */
const JITTER = 0.1;

/** What is known of an event that failed. */
export interface FailedAttempts {
  /** Attempts so far. */
  readonly attempts: number;
  /** Time since the first attempt, in milliseconds. */
  readonly elapsedMs: number;
  /** Whether its selection cannot be read completely, for a reason that waiting is unlikely to change. */
  readonly isSelection: boolean;
}

/** Milliseconds until the next attempt; undefined if the event is given up. */
export function retryPauseMs(
  { attempts, elapsedMs, isSelection }: FailedAttempts,
  random: () => number = Math.random,
): number | undefined {
  if (isSelection && attempts >= MAX_SELECTION_ATTEMPTS) return undefined;
  const pause = (PAUSES_MS[attempts - 1] ?? HOUR_MS) * (1 + JITTER * random());
  return elapsedMs + pause > MAX_RETRY_MS ? undefined : pause;
}
