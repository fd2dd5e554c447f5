/** Large answers: how long a trivial query of somebody else waits while one client asks for 10,000 VMs. */
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

/** One contender's figures for one way of asking. */
export interface StallFigures {
  readonly way: string;
  readonly contender: string;
  /** Longest wait of the trivial queries in each of the repetitions. */
  readonly longestWaitsMs: readonly number[];
  readonly p99WaitMs: number;
  /** Longest wait while nothing else is asked: what the machine itself adds. */
  readonly quietWaitMs: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

const VM_COUNT = MAX_PAGE_SIZE;
const PAGE_SIZE = 1000;
const WARM_UP_PAGES = 5;
const QUIET_MS = 1000;

const WAYS: readonly { readonly title: string; readonly pageSize: number }[] = [
  { title: `pages of ${PAGE_SIZE}`, pageSize: PAGE_SIZE },
  { title: "one query", pageSize: VM_COUNT },
];

/** Measures both ways with fresh processes, each `repetitions` times. */
export async function measureStalls(
  contenders: readonly Contender[],
  stub: StubProcess,
  repetitions: number,
): Promise<StallFigures[]> {
  const figures: StallFigures[] = [];
  await stub.control({ delayMs: 0, reset: true });
  for (const { title, pageSize } of WAYS) {
    for (const contender of contenders) {
      console.error(`stall: ${VM_COUNT} VMs, ${title}: ${contender.name}`);
      figures.push({ way: title, ...(await measureOne(contender, stub, pageSize, repetitions)) });
    }
  }
  return figures;
}

async function measureOne(contender: Contender, stub: StubProcess, pageSize: number, repetitions: number) {
  const running = await RunningContender.start(contender, stub.url);
  const pool = new Pool(running.origin, { connections: 1 });
  try {
    for (let page = 0; page < WARM_UP_PAGES; page++) {
      await ask(pool, { query: GRAPH_QUERY, operationName: "Graph", variables: { first: PAGE_SIZE } }, "bench-0");
    }
    const stopQuietProbe = await startProbe(running.origin);
    await sleep(QUIET_MS);
    const quiet = await stopQuietProbe();

    const reports: ProbeReport[] = [];
    let milliseconds = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const stopProbe = await startProbe(running.origin);
      const begin = performance.now();
      const pages = await askAll(pool, pageSize);
      milliseconds += performance.now() - begin;
      reports.push(await stopProbe());
      checkVms(
        pages.flatMap((page) => JSON.parse(page.toString()).data.vms.nodes),
        VM_COUNT,
      );
    }
    return {
      contender: contender.name,
      longestWaitsMs: reports.map(({ longestMs }) => longestMs),
      p99WaitMs: Math.max(...reports.map(({ p99Ms }) => p99Ms)),
      quietWaitMs: quiet.longestMs,
      seconds: milliseconds / 1000 / repetitions,
      peakMemoryBytes: running.peakMemoryBytes(),
    };
  } finally {
    await pool.destroy();
    await running.stop();
  }
}

/** Asks for all VMs page after page; the bodies are read for the cursor alone, and from their end. */
async function askAll(pool: Pool, pageSize: number): Promise<Buffer[]> {
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
