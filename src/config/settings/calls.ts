import { integer } from "../parsers.js";
import { setting } from "../setting.js";

/** Calls to CloudTower, and how it is watched. */
export const callsSettings = {
  connections: setting(
    "UPSTREAM_CONNECTIONS",
    integer(1, 1024),
    "32",
    "Maximum number of clients' calls in flight; one more connection is reserved for pings and logins.",
  ),
  connectTimeoutSeconds: setting(
    "UPSTREAM_CONNECT_TIMEOUT_SECONDS",
    integer(1, 300),
    "5",
    "Maximum time to connect to CloudTower, in seconds.",
  ),
  upstreamQueue: setting(
    "UPSTREAM_QUEUE",
    integer(0, 1_000_000),
    "2000",
    "Maximum number of calls waiting for a connection; beyond it, the client with the most gets RATE_LIMITED. 0 for no queue.",
  ),
  silenceTimeoutSeconds: setting(
    "UPSTREAM_TIMEOUT_SECONDS",
    integer(1, 3600),
    "30",
    "Give up on a call after CloudTower has sent nothing for this long, in seconds.",
  ),
  writeTimeoutSeconds: setting(
    "UPSTREAM_WRITE_TIMEOUT_SECONDS",
    integer(1, 3600),
    "120",
    "Maximum time to wait for the response to a write, even after its client has left, in seconds. As long, a write with an unknown outcome is not sent again.",
  ),
  readAttempts: setting(
    "UPSTREAM_READ_ATTEMPTS",
    integer(1, 10),
    "3",
    "Attempts per read, including the first, when the network or a proxy fails.",
  ),
  maxResponseMiB: setting(
    "UPSTREAM_MAX_ANSWER_MIB",
    integer(1, 2048),
    "64",
    "Maximum size of a response from CloudTower, in MiB; longer lists are read in smaller pages.",
  ),
  idsPerCall: setting(
    "UPSTREAM_IDS_PER_CALL",
    integer(1, 10_000),
    "500",
    "Maximum number of ids in one call to CloudTower; longer lists are split.",
  ),
  rowsPerCall: setting(
    "UPSTREAM_ROWS_PER_CALL",
    integer(1, 100_000),
    "10000",
    "Maximum number of rows in one response from CloudTower; further rows are read page by page.",
  ),
  writeVerifySeconds: setting(
    "WRITE_VERIFY_SECONDS",
    integer(1, 300),
    "10",
    "How long to keep looking for the effect of a write whose response was lost, in seconds.",
  ),
  taskPollQuickMs: setting(
    "TASK_POLL_QUICK_MS",
    integer(10, 60_000),
    "250",
    "Poll interval while a task is young or nearly done, in milliseconds.",
  ),
  taskPollSlowMs: setting(
    "TASK_POLL_SLOW_MS",
    integer(10, 600_000),
    "2000",
    "Poll interval for other tasks, in milliseconds.",
  ),
  taskAppearSeconds: setting(
    "TASK_APPEAR_SECONDS",
    integer(1, 3600),
    "10",
    "Maximum time to wait for a task that CloudTower does not list yet, or on which alone it fails, in seconds.",
  ),
  readyTimeoutSeconds: setting(
    "READY_TIMEOUT_SECONDS",
    integer(1, 86_400),
    "600",
    "Maximum time that `vmSnapshotReady` and `vmSnapshotsReady` wait for a snapshot to become usable, in seconds; for `vmSnapshotEvents`, after the task that creates it has ended.",
  ),
  eventsOverlapSeconds: setting(
    "EVENTS_OVERLAP_SECONDS",
    integer(0, 3600),
    "30",
    "How far each poll for events reads back, for rows that become visible late, in seconds.",
  ),
  eventsSweepSeconds: setting(
    "EVENTS_SWEEP_SECONDS",
    integer(1, 86_400),
    "900",
    "How far a poll reads back every 30 s, in seconds. Events of what becomes visible even later are lost.",
  ),
} as const;
