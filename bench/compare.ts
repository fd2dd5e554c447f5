/** The side-by-side measurement: all contenders, one case, interleaved turns, equal and complete answers. */
import { isDeepStrictEqual } from "node:util";
import { Pool } from "undici";
import { type Contender, RunningContender, type StubProcess } from "./contenders.js";
import { ask, type Load, load, type Turn } from "./load.js";
import { median, quantile, type Ratio, ratioOf } from "./statistics.js";

/** What is asked, by how many clients, of how slow an upstream. */
export interface Case extends Load {
  readonly title: string;
  readonly delayMs: number;
  /** Throws when the answer's `data` is not what the world of the stub must give. */
  readonly check: (data: unknown) => void;
}

/** How long each contender works. */
export interface Pace {
  readonly warmUpMs: number;
  readonly turns: number;
  readonly turnMs: number;
}

/** One contender's figures in one case; ratios are to the first contender. */
export interface Figures {
  readonly contender: string;
  readonly queries: number;
  readonly throughput: Ratio;
  readonly p50: Ratio;
  /** Of all turns together, for a single turn has too few answers. */
  readonly p99: number;
  readonly cpuPerQuery: Ratio;
  readonly peakMemory: number;
  readonly calls: number;
  readonly rounds: number;
  readonly upstreamBytes: number;
  readonly answerBytes: number;
  /** For the console only: the results file has ratios. */
  readonly absolute: { readonly p50Ms: number; readonly cpuMs: number; readonly peakMemoryBytes: number };
}

/** Upstream delay while calls and rounds are counted: long enough that calls sent together overlap for certain. */
const CENSUS_DELAY_MS = 200;

interface Census {
  readonly answer: Buffer;
  readonly calls: number;
  readonly rounds: number;
  readonly upstreamBytes: number;
}

/** Measures one case with fresh processes. Throws when an answer is incomplete or differs between contenders. */
export async function compare(
  contenders: readonly Contender[],
  stub: StubProcess,
  oneCase: Case,
  pace: Pace,
): Promise<Figures[]> {
  const running: RunningContender[] = [];
  try {
    for (const contender of contenders) running.push(await RunningContender.start(contender, stub.url));
    const censuses = new Map<RunningContender, Census>();
    for (const contender of running) censuses.set(contender, await takeCensus(contender, stub, oneCase));
    checkAnswers(censuses, oneCase);

    await stub.control({ delayMs: oneCase.delayMs });
    const takeTurn = (contender: RunningContender, durationMs: number) =>
      load(contender, oneCase, (censuses.get(contender) as Census).answer, durationMs);
    for (const contender of running) await takeTurn(contender, pace.warmUpMs);

    const turns = new Map<RunningContender, Turn[]>(running.map((contender) => [contender, []]));
    for (let turn = 0; turn < pace.turns; turn++) {
      const order = turn % 2 === 0 ? running : [...running].reverse();
      for (const contender of order) turns.get(contender)?.push(await takeTurn(contender, pace.turnMs));
    }
    return running.map((contender) => figuresOf(contender, running[0] as RunningContender, turns, censuses));
  } finally {
    await Promise.all(running.map((contender) => contender.stop()));
  }
}

async function takeCensus(contender: RunningContender, stub: StubProcess, { operation }: Case): Promise<Census> {
  const pool = new Pool(contender.origin, { connections: 1 });
  // The first query compiles code; while that takes longer than the delay, calls sent together look like a chain.
  await stub.control({ delayMs: 0 });
  await ask(pool, operation, "bench-0");
  await stub.control({ delayMs: CENSUS_DELAY_MS, reset: true });
  const answer = await ask(pool, operation, "bench-0");
  const { calls, rounds, bytes, refused } = await stub.control({});
  await pool.close();
  if (refused.length > 0)
    throw new Error(`${contender.name} asked the stub for what it does not know: ${refused.join("; ")}`);
  return { answer, calls, rounds, upstreamBytes: bytes };
}

function checkAnswers(censuses: ReadonlyMap<RunningContender, Census>, { check, title }: Case): void {
  let reference: unknown;
  for (const [contender, { answer }] of censuses) {
    const { data, errors } = JSON.parse(answer.toString());
    if (errors) throw new Error(`${contender.name}, ${title}: ${JSON.stringify(errors).slice(0, 500)}`);
    check(data);
    reference ??= data;
    if (!isDeepStrictEqual(data, reference))
      throw new Error(`${contender.name}, ${title}: another answer than the others give`);
  }
}

function figuresOf(
  contender: RunningContender,
  reference: RunningContender,
  turns: ReadonlyMap<RunningContender, Turn[]>,
  censuses: ReadonlyMap<RunningContender, Census>,
): Figures {
  const own = turns.get(contender) ?? [];
  const others = turns.get(reference) ?? [];
  const ratio = (figure: (turn: Turn) => number) => ratioOf(own.map(figure), others.map(figure));
  const allLatenciesMs = own.flatMap((turn) => turn.latenciesMs);
  const { calls, rounds, upstreamBytes, answer } = censuses.get(contender) as Census;
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
    answerBytes: answer.length,
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
