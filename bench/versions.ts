/**
 * Compares this gateway with that of another checkout: `npm run bench -- versions ../other [pairs]`. Both must have been built.
 *
 * Prints the ratio of the CPU time per query in adjacent turns. A difference smaller than the half-width is none.
 */
import { compare, type Pace } from "./compare.js";
import { StubProcess, twoGateways } from "./contenders.js";
import { SNAPSHOT_COUNT, versionCases } from "./scenarios.js";
import type { Ratio } from "./statistics.js";

const DEFAULT_PAIRS = 21;

const [, otherCheckout, pairs = String(DEFAULT_PAIRS)] = process.argv.slice(2);
if (otherCheckout === undefined || !/^[1-9]\d*$/.test(pairs)) {
  console.error("Use: npm run bench -- versions <directory of the other checkout> [pairs]");
  process.exit(2);
}
const pace: Pace = { warmUpMs: 3000, turns: Number(pairs), turnMs: 800 };
const stub = await StubProcess.start(1000, SNAPSHOT_COUNT);
try {
  for (const oneCase of versionCases()) {
    const [, metrics] = await compare(twoGateways(otherCheckout), stub, oneCase, pace);
    if (metrics === undefined) throw new Error("Nothing was measured.");
    const { cpuPerQuery, throughput, absolute, queries } = metrics;
    console.log(`${oneCase.title}, ${oneCase.clients} clients: ${pairs} pairs, ${queries} queries of each`);
    console.log(
      `  CPU per query ${show(cpuPerQuery)}, throughput ${show(throughput)}; ${absolute.cpuMs.toFixed(2)} ms of CPU`,
    );
  }
} finally {
  stub.stop();
}

function show({ median, halfWidth, low, high }: Ratio): string {
  return `${median.toFixed(3)} ± ${halfWidth.toFixed(3)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
