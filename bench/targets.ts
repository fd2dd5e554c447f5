import type { Case, Metrics } from "./compare.js";
import type { EventsMetrics } from "./events.js";
import type { StallMetrics } from "./stall.js";
import type { WatchersMetrics } from "./watchers.js";

/** A performance target and whether it is met. */
export interface TargetResult {
  readonly target: string;
  readonly limit: string;
  /** The worst result among the cases of the target. */
  readonly measured: string;
  readonly met: boolean;
}

/** Results of the gateway in one case. */
interface GatewayResult {
  readonly oneCase: Case;
  readonly metrics: Metrics;
}

interface Target {
  readonly target: string;
  readonly max?: number;
  readonly min?: number;
  /** Cases of the target, as `VMs/clients/delay` or `snapshots/clients/delay`. */
  readonly cases: readonly string[];
  readonly metric: (metrics: Metrics) => number;
}

const TARGETS: readonly Target[] = [
  cpu("1,000 VMs", 0.8, ["1000/1/0", "1000/16/0"]),
  cpu("200 VMs", 0.95, ["200/1/0", "200/16/0"]),
  cpu("20 VMs, 16 clients", 1.3, ["20/16/0"]),
  cpu("200 snapshots", 1.1, ["snapshots/1/0", "snapshots/16/0"]),
  throughput("1,000 VMs", 1.15, ["1000/1/0", "1000/16/0"]),
  throughput("200 VMs", 1, ["200/1/0", "200/16/0"]),
  throughput("20 VMs, 16 clients", 0.75, ["20/16/0"]),
  throughput("200 snapshots", 0.9, ["snapshots/1/0", "snapshots/16/0"]),
  memory("1,000 VMs, 1 client", 1.2, ["1000/1/0"]),
  memory("1,000 VMs, 16 clients", 1, ["1000/16/0"]),
  memory("200 VMs", 1.3, ["200/1/0", "200/16/0"]),
  memory("20 VMs, 16 clients", 1.4, ["20/16/0"]),
  memory("200 snapshots", 1.3, ["snapshots/1/0", "snapshots/16/0"]),
  {
    target: "median latency, 20 and 200 VMs, 20 ms",
    max: 0.78,
    cases: ["20/1/20", "200/1/20"],
    metric: (f) => f.p50.median,
  },
  { target: "upstream rounds", max: 3, cases: ["20/1/0", "200/1/0", "1000/1/0"], metric: (f) => f.rounds },
];
const MAX_STALL_MS = 60;
const MAX_MEDIAN_TO_EVENT_MS = 250;
const MAX_KIBIBYTES_PER_WATCHER = 10;
const MAX_P99_TO_EVENT_MS = 700;
/** TASK_POLL_SLOW_MS, and what a tick takes. */
const MAX_TO_SUDDEN_EVENT_MS = 2_200;
const MAX_CALLS_PER_TICK = 2;
const MIN_CAUGHT_UP_PER_SECOND = 5_000;

function cpu(what: string, max: number, cases: readonly string[]): Target {
  return { target: `CPU per query, ${what}`, max, cases, metric: (f) => f.cpuPerQuery.median };
}

function throughput(what: string, min: number, cases: readonly string[]): Target {
  return { target: `throughput, ${what}`, min, cases, metric: (f) => f.throughput.median };
}

function memory(what: string, max: number, cases: readonly string[]): Target {
  return { target: `peak memory, ${what}`, max, cases, metric: (f) => f.peakMemory };
}

/** Results for all targets that have measured cases. */
export function judge(
  results: readonly GatewayResult[],
  stalls: readonly StallMetrics[],
  watchers: WatchersMetrics | undefined,
  events: EventsMetrics | undefined,
): TargetResult[] {
  const judged = TARGETS.flatMap(({ target, max, min, cases, metric }) => {
    const measured = results
      .filter((result) => cases.includes(caseKey(result.oneCase)))
      .map(({ metrics }) => metric(metrics));
    if (measured.length === 0) return [];
    const worst = max === undefined ? Math.min(...measured) : Math.max(...measured);
    const met = worst <= (max ?? Number.POSITIVE_INFINITY) && worst >= (min ?? 0);
    const limit = max === undefined ? `at least ${min}` : `at most ${max}`;
    return [{ target, limit, measured: worst.toFixed(2), met }];
  });
  for (const { mode, maxWaitsMs } of stalls) {
    judged.push(atMost(`wait of other clients, 10,000 VMs, ${mode}`, Math.max(...maxWaitsMs), MAX_STALL_MS, "ms"));
  }
  if (watchers) {
    const { medianMs, p99Ms, bytesPerWatcher } = watchers;
    judged.push(atMost("end of a task to event, median", medianMs, MAX_MEDIAN_TO_EVENT_MS, "ms"));
    judged.push(atMost("end of a task to event, p99", p99Ms, MAX_P99_TO_EVENT_MS, "ms"));
    judged.push(atMost("memory per watcher", bytesPerWatcher / 1024, MAX_KIBIBYTES_PER_WATCHER, "KiB"));
  }
  if (events) {
    const { seen, sudden, catchUp, bytesPerSubscriber, maxPollsPerTick } = events;
    const perSecond = catchUp.events / catchUp.seconds;
    judged.push(
      atMost("end of a task seen running to its event, median", seen.medianMs, MAX_MEDIAN_TO_EVENT_MS, "ms"),
      atMost("end of a task seen running to its event, p99", seen.p99Ms, MAX_P99_TO_EVENT_MS, "ms"),
      atMost("end of another task to its event", sudden.maxMs, MAX_TO_SUDDEN_EVENT_MS, "ms"),
      atMost("calls for tasks per tick", maxPollsPerTick, MAX_CALLS_PER_TICK, "calls"),
      atMost("memory per subscriber", bytesPerSubscriber / 1024, MAX_KIBIBYTES_PER_WATCHER, "KiB"),
      {
        target: "missed events caught up per second",
        limit: `at least ${MIN_CAUGHT_UP_PER_SECOND}`,
        measured: perSecond.toFixed(0),
        met: perSecond >= MIN_CAUGHT_UP_PER_SECOND,
      },
    );
  }
  return judged;
}

function atMost(target: string, measured: number, limit: number, unit: string): TargetResult {
  return {
    target,
    limit: `at most ${limit} ${unit}`,
    measured: `${measured.toFixed(0)} ${unit}`,
    met: measured <= limit,
  };
}

function caseKey({ operation: { operationName, variables }, clients, delayMs, oneToken }: Case): string {
  if (oneToken) return "";
  return `${operationName === "Snapshots" ? "snapshots" : variables?.first}/${clients}/${delayMs}`;
}
