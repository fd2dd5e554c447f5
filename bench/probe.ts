/**
 * Sends a trivial query every few milliseconds from its own process, without waiting for earlier responses. Started by fork:
 * `probe.js <origin>`; sends "ready", and on any message stops and sends a ProbeReport.
 */
import { Pool } from "undici";
import { ask } from "./load.js";
import { TRIVIAL_QUERY } from "./queries.js";
import { quantile } from "./statistics.js";

/** Response times of the trivial queries. */
export interface ProbeReport {
  readonly maxMs: number;
  readonly p99Ms: number;
  readonly queries: number;
}

const INTERVAL_MS = 5;
const WARM_UP_QUERIES = 20;

const pool = new Pool(process.argv[2] ?? "", { connections: 256 });
const waitsMs: number[] = [];
const open = new Set<Promise<void>>();

async function trivial(): Promise<void> {
  const sent = performance.now();
  await ask(pool, { query: TRIVIAL_QUERY }, "probe");
  waitsMs.push(performance.now() - sent);
}

for (let query = 0; query < WARM_UP_QUERIES; query++) await trivial();
waitsMs.length = 0;
const timer = setInterval(() => {
  const query = trivial().finally(() => open.delete(query));
  open.add(query);
}, INTERVAL_MS);
process.send?.("ready");

process.on("message", async () => {
  clearInterval(timer);
  await Promise.all(open);
  const report: ProbeReport = {
    maxMs: Math.max(...waitsMs),
    p99Ms: quantile(waitsMs, 0.99),
    queries: waitsMs.length,
  };
  process.send?.(report);
});
process.on("disconnect", () => process.exit());
