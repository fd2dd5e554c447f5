import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { type Contender, MAX_PAGE_SIZE, RunningContender, type StubProcess } from "./contenders.js";
import { ask } from "./load.js";
import type { ProbeReport } from "./probe.js";
import { GRAPH_QUERY, PAGE_QUERY } from "./queries.js";
import { checkVms } from "./scenarios.js";

/** Results of one contender in one mode: how long trivial queries of another client wait during a large one. */
export interface StallMetrics {
  readonly mode: string;
  readonly contender: string;
  /** Maximum wait of the trivial queries in each repetition. */
  readonly maxWaitsMs: readonly number[];
  readonly p99WaitMs: number;
  /** Maximum wait without another query: the noise of the machine. */
  readonly idleWaitMs: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

const VM_COUNT = MAX_PAGE_SIZE;
const PAGE_SIZE = 1000;
const WARM_UP_PAGES = 5;
const IDLE_MS = 1000;

const MODES: readonly { readonly title: string; readonly pageSize: number }[] = [
  { title: `pages of ${PAGE_SIZE}`, pageSize: PAGE_SIZE },
  { title: "one query", pageSize: VM_COUNT },
];

/** Measures all modes in new processes, each `repetitions` times. */
export async function measureStalls(
  contenders: readonly Contender[],
  stub: StubProcess,
  repetitions: number,
): Promise<StallMetrics[]> {
  const metrics: StallMetrics[] = [];
  await stub.control({ delayMs: 0, reset: true });
  for (const { title, pageSize } of MODES) {
    for (const contender of contenders) {
      console.error(`stall: ${VM_COUNT} VMs, ${title}: ${contender.name}`);
      metrics.push({ mode: title, ...(await measureOne(contender, stub, pageSize, repetitions)) });
    }
  }
  return metrics;
}

async function measureOne(contender: Contender, stub: StubProcess, pageSize: number, repetitions: number) {
  const running = await RunningContender.start(contender, stub.url);
  const pool = new Pool(running.origin, { connections: 1 });
  try {
    for (let page = 0; page < WARM_UP_PAGES; page++) {
      await ask(pool, { query: GRAPH_QUERY, operationName: "Graph", variables: { first: PAGE_SIZE } }, "bench-0");
    }
    const stopIdleProbe = await startProbe(running.origin);
    await sleep(IDLE_MS);
    const idle = await stopIdleProbe();

    const reports: ProbeReport[] = [];
    let milliseconds = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const stopProbe = await startProbe(running.origin);
      const begin = performance.now();
      const pages = await requestAll(pool, pageSize);
      milliseconds += performance.now() - begin;
      reports.push(await stopProbe());
      checkVms(
        pages.flatMap((page) => JSON.parse(page.toString()).data.vms.nodes),
        VM_COUNT,
      );
    }
    return {
      contender: contender.name,
      maxWaitsMs: reports.map(({ maxMs }) => maxMs),
      p99WaitMs: Math.max(...reports.map(({ p99Ms }) => p99Ms)),
      idleWaitMs: idle.maxMs,
      seconds: milliseconds / 1000 / repetitions,
      peakMemoryBytes: running.peakMemoryBytes(),
    };
  } finally {
    await pool.destroy();
    await running.stop();
  }
}

/** Requests all VMs page by page. Reads only the cursor, from the end of each body. */
async function requestAll(pool: Pool, pageSize: number): Promise<Buffer[]> {
  const pages: Buffer[] = [];
  let after: string | null = null;
  do {
    const variables: Record<string, unknown> = { first: pageSize, after };
    const page = await ask(pool, { query: PAGE_QUERY, operationName: "Page", variables }, "bench-0");
    pages.push(page);
    after = nextCursor(page);
  } while (after !== null && pages.length * pageSize < VM_COUNT);
  return pages;
}

function nextCursor(page: Buffer): string | null {
  const tail = page.subarray(-1000).toString();
  return /"endCursor":"([^"]+)"/.exec(tail)?.[1] ?? null;
}

async function startProbe(origin: string): Promise<() => Promise<ProbeReport>> {
  const probe = fork(fileURLToPath(new URL("./probe.js", import.meta.url)), [origin]);
  await once(probe, "message");
  return async () => {
    const reported = once(probe, "message");
    probe.send("stop");
    const [report] = (await reported) as [ProbeReport];
    probe.kill();
    return report;
  };
}
