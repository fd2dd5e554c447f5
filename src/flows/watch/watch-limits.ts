/** Maximum number of ids that one client watches with one credential and language. */
export const MAX_IDS_PER_CLIENT = 20_000;
/** Maximum number of ids that all clients of one credential and language watch. */
export const MAX_IDS_PER_LOOP = 100_000;

/** Maximum number of ids in all streams of one client with one credential and language, each counted as often as it is watched. */
export const MAX_WATCHES_PER_CLIENT = 40_000;
/** The same for all clients of one credential and language. */
export const MAX_WATCHES_PER_LOOP = 200_000;

/** Calls that a tick sends at most to read tasks; further tasks are read by the next ticks. */
export const TASK_CALLS_PER_TICK = 8;
/** Passes over snapshots that a tick begins at most; a pass makes up to four calls. */
export const SNAPSHOT_PASSES_PER_TICK = 4;

/** Minimum pause between two ticks, even if many watchers arrive one by one. */
export const MIN_PAUSE_MS = 50;
/** Time limit of a poll; then it counts as failed, and its ids are read again. */
export const POLL_TIMEOUT_MS = 15_000;
/** Pause before what failed is read again, growing with each failure. */
export const FAILURE_BACKOFF = { firstMs: 500, maxMs: 5_000 };
/** Minimum time between two log lines about failures of one loop. */
export const LOG_PAUSE_MS = 30_000;
/** After more failed polls in a row than this, CloudTower itself has failed, not ids in them. */
export const MAX_FAILURES_IN_A_ROW = 32;
/** After more refused entries in a row than this, the caller lacks the permission for all. */
export const MAX_REFUSALS_IN_A_ROW = 16;
