/** What TowerQL promises of its speed, beside what was measured. */
import type { Case, Figures } from "./compare.js";
import type { StallFigures } from "./stall.js";

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

/** The promises that the measured cases say something about. */
export function judge(results: readonly GatewayResult[], stalls: readonly StallFigures[]): TargetResult[] {
  const judged = TARGETS.flatMap(({ promise, most, least, cases, figure }) => {
    const measured = results.filter((result) => cases.includes(caseKey(result.oneCase))).map((r) => figure(r.figures));
    if (measured.length === 0) return [];
    const worst = most === undefined ? Math.min(...measured) : Math.max(...measured);
    const met = worst <= (most ?? Number.POSITIVE_INFINITY) && worst >= (least ?? 0);
    return [
      { promise, limit: most === undefined ? `at least ${least}` : `at most ${most}`, measured: worst.toFixed(2), met },
    ];
  });
  for (const { way, longestWaitsMs } of stalls) {
    const worst = Math.max(...longestWaitsMs);
    const limit = `at most ${LONGEST_STALL_MS} ms`;
    const promise = `wait of others, 10,000 VMs, ${way}`;
    judged.push({ promise, limit, measured: `${worst.toFixed(0)} ms`, met: worst <= LONGEST_STALL_MS });
  }
  return judged;
}

function caseKey({ operation, clients, delayMs, oneToken }: Case): string {
  return oneToken || operation.operationName !== "Graph" ? "" : `${operation.variables?.first}/${clients}/${delayMs}`;
}
