/** What TowerQL promises of its speed, beside what was measured. */
import type { Case, Figures } from "./compare.js";
import type { StallFigures } from "./stall.js";
import type { WatchersFigures } from "./watchers.js";

/** A promise and how it stands. */
export interface TargetResult {
  readonly promise: string;
  readonly limit: string;
  /** The worst of the figures that the promise is about. */
  readonly measured: string;
  readonly met: boolean;
}

/** Figures of the gateway in one case. */
interface GatewayResult {
  readonly oneCase: Case;
  readonly figures: Figures;
}

interface Target {
  readonly promise: string;
  readonly most?: number;
  readonly least?: number;
  /** The cases that the promise is about, as `VMs/clients/delay`. */
  readonly cases: readonly string[];
  readonly figure: (figures: Figures) => number;
}

const TARGETS: readonly Target[] = [
  {
    promise: "CPU per query, 1,000 VMs",
    most: 1.3,
    cases: ["1000/1/0", "1000/16/0"],
    figure: (f) => f.cpuPerQuery.middle,
  },
  {
    promise: "throughput, 1,000 VMs, 16 clients",
    least: 0.8,
    cases: ["1000/16/0"],
    figure: (f) => f.throughput.middle,
  },
  { promise: "throughput, 20 VMs, 16 clients", least: 0.55, cases: ["20/16/0"], figure: (f) => f.throughput.middle },
  { promise: "peak memory, 1,000 VMs", most: 1.3, cases: ["1000/1/0", "1000/16/0"], figure: (f) => f.peakMemory },
  {
    promise: "median answer, 20 and 200 VMs, 20 ms",
    most: 1,
    cases: ["20/1/20", "200/1/20"],
    figure: (f) => f.p50.middle,
  },
  { promise: "upstream rounds", most: 3, cases: ["20/1/0", "200/1/0", "1000/1/0"], figure: (f) => f.rounds },
];
const LONGEST_STALL_MS = 100;
const LONGEST_MEDIAN_TO_EVENT_MS = 300;
const MOST_KIBIBYTES_PER_WATCHER = 10;

/** The promises that the measured cases say something about. */
export function judge(
  results: readonly GatewayResult[],
  stalls: readonly StallFigures[],
  watchers: WatchersFigures | undefined,
): TargetResult[] {
  const judged = TARGETS.flatMap(({ promise, most, least, cases, figure }) => {
    const measured = results
      .filter((result) => cases.includes(caseKey(result.oneCase)))
      .map(({ figures }) => figure(figures));
    if (measured.length === 0) return [];
    const worst = most === undefined ? Math.min(...measured) : Math.max(...measured);
    const met = worst <= (most ?? Number.POSITIVE_INFINITY) && worst >= (least ?? 0);
    const limit = most === undefined ? `at least ${least}` : `at most ${most}`;
    return [{ promise, limit, measured: worst.toFixed(2), met }];
  });
  for (const { way, longestWaitsMs } of stalls) {
    judged.push(atMost(`wait of others, 10,000 VMs, ${way}`, Math.max(...longestWaitsMs), LONGEST_STALL_MS, "ms"));
  }
  if (watchers) {
    const { medianMs, bytesPerWatcher } = watchers;
    judged.push(atMost("end of a task to the event, median", medianMs, LONGEST_MEDIAN_TO_EVENT_MS, "ms"));
    judged.push(atMost("memory per watcher", bytesPerWatcher / 1024, MOST_KIBIBYTES_PER_WATCHER, "KiB"));
  }
  return judged;
}

function atMost(promise: string, measured: number, limit: number, unit: string): TargetResult {
  return {
    promise,
    limit: `at most ${limit} ${unit}`,
    measured: `${measured.toFixed(0)} ${unit}`,
    met: measured <= limit,
  };
}

function caseKey({ operation, clients, delayMs, oneToken }: Case): string {
  return oneToken || operation.operationName !== "Graph" ? "" : `${operation.variables?.first}/${clients}/${delayMs}`;
}
