import { isDeepStrictEqual } from "node:util";
import { Pool } from "undici";
import { type Contender, RunningContender, type StubProcess } from "./contenders.js";
import { ask, type Load, load, type Turn } from "./load.js";
import { median, quantile, type Ratio, ratioOf } from "./statistics.js";

/** One case: an operation, the number of clients, and the delay of the upstream. */
export interface Case extends Load {
  readonly title: string;
  readonly delayMs: number;
  /** Throws if the response's `data` is not complete. */
  readonly check: (data: unknown) => void;
}

/** Duration and number of turns of each contender. */
export interface Pace {
  readonly warmUpMs: number;
  readonly turns: number;
  readonly turnMs: number;
}

/** Results of one contender in one case; ratios are to the first contender. */
export interface Metrics {
  readonly contender: string;
  readonly queries: number;
  readonly throughput: Ratio;
  readonly p50: Ratio;
  /** Over all turns, because a single turn has too few responses. */
  readonly p99: number;
  readonly cpuPerQuery: Ratio;
  readonly peakMemory: number;
  readonly calls: number;
  readonly rounds: number;
  readonly upstreamBytes: number;
  readonly responseBytes: number;
  /** Only for the console: the results file has ratios. */
  readonly absolute: { readonly p50Ms: number; readonly cpuMs: number; readonly peakMemoryBytes: number };
}

/** Upstream delay while calls and rounds are counted: long enough that concurrent calls overlap. */
const COUNTING_DELAY_MS = 200;

interface CallCounts {
  readonly response: Buffer;
  readonly calls: number;
  readonly rounds: number;
  readonly upstreamBytes: number;
}

/** Measures one case with all contenders in new processes and interleaved turns. Throws if a response is incomplete or differs between contenders. */
export async function compare(
  contenders: readonly Contender[],
  stub: StubProcess,
  oneCase: Case,
  pace: Pace,
): Promise<Metrics[]> {
  const running: RunningContender[] = [];
  try {
    for (const contender of contenders) running.push(await RunningContender.start(contender, stub.url));
    const callCounts = new Map<RunningContender, CallCounts>();
    for (const contender of running) callCounts.set(contender, await countCalls(contender, stub, oneCase));
    checkResponses(callCounts, oneCase);

    await stub.control({ delayMs: oneCase.delayMs });
    const takeTurn = (contender: RunningContender, durationMs: number) =>
      load(contender, oneCase, (callCounts.get(contender) as CallCounts).response, durationMs);
    for (const contender of running) await takeTurn(contender, pace.warmUpMs);

    const turns = new Map<RunningContender, Turn[]>(running.map((contender) => [contender, []]));
    for (let turn = 0; turn < pace.turns; turn++) {
      const order = turn % 2 === 0 ? running : [...running].reverse();
      for (const contender of order) turns.get(contender)?.push(await takeTurn(contender, pace.turnMs));
    }
    return running.map((contender) => metricsOf(contender, running[0] as RunningContender, turns, callCounts));
  } finally {
    await Promise.all(running.map((contender) => contender.stop()));
  }
}

async function countCalls(contender: RunningContender, stub: StubProcess, { operation }: Case): Promise<CallCounts> {
  const pool = new Pool(contender.origin, { connections: 1 });
  // Warm up: while the first query compiles code, concurrent calls can be further apart than the delay and look like a chain.
  await stub.control({ delayMs: 0 });
  await ask(pool, operation, "bench-0");
  await stub.control({ delayMs: COUNTING_DELAY_MS, reset: true });
  const response = await ask(pool, operation, "bench-0");
  const { calls, rounds, bytes, refused } = await stub.control({});
  await pool.close();
  if (refused.length > 0)
    throw new Error(`${contender.name} sent requests that the stub does not support: ${refused.join("; ")}`);
  return { response, calls, rounds, upstreamBytes: bytes };
}

function checkResponses(callCounts: ReadonlyMap<RunningContender, CallCounts>, { check, title }: Case): void {
  let reference: unknown;
  for (const [contender, { response }] of callCounts) {
    const { data, errors } = JSON.parse(response.toString());
    if (errors) throw new Error(`${contender.name}, ${title}: ${JSON.stringify(errors).slice(0, 500)}`);
    check(data);
    reference ??= data;
    if (!isDeepStrictEqual(data, reference))
      throw new Error(`${contender.name}, ${title}: the response differs from the reference`);
  }
}

function metricsOf(
  contender: RunningContender,
  reference: RunningContender,
  turns: ReadonlyMap<RunningContender, Turn[]>,
  callCounts: ReadonlyMap<RunningContender, CallCounts>,
): Metrics {
  const own = turns.get(contender) ?? [];
  const others = turns.get(reference) ?? [];
  const ratio = (metric: (turn: Turn) => number) => ratioOf(own.map(metric), others.map(metric));
  const allLatenciesMs = own.flatMap((turn) => turn.latenciesMs);
  const { calls, rounds, upstreamBytes, response } = callCounts.get(contender) as CallCounts;
  return {
    contender: contender.name,
    queries: allLatenciesMs.length,
    throughput: ratio(({ latenciesMs, seconds }) => latenciesMs.length / seconds),
    p50: ratio(({ latenciesMs }) => median(latenciesMs)),
    p99:
      quantile(allLatenciesMs, 0.99) /
      quantile(
        others.flatMap((turn) => turn.latenciesMs),
        0.99,
      ),
    cpuPerQuery: ratio(cpuSecondsPerQuery),
    peakMemory: contender.peakMemoryBytes() / reference.peakMemoryBytes(),
    calls,
    rounds,
    upstreamBytes,
    responseBytes: response.length,
    absolute: {
      p50Ms: median(allLatenciesMs),
      cpuMs: median(own.map(cpuSecondsPerQuery)) * 1000,
      peakMemoryBytes: contender.peakMemoryBytes(),
    },
  };
}

function cpuSecondsPerQuery({ cpuSeconds, latenciesMs }: Turn): number {
  return cpuSeconds / latenciesMs.length;
}
