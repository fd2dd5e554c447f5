/** Clients that ask one operation again and again, and the figures of doing so. */
import { Pool } from "undici";
import type { RunningContender } from "./contenders.js";

/** An operation as sent. */
export interface Operation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** One contender's turn. */
export interface Turn {
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Sends one operation and gives the body. Throws on any status but 200. */
export async function ask(pool: Pool, operation: Operation, token: string): Promise<Buffer> {
  const { statusCode, body } = await pool.request({
    method: "POST",
    path: "/graphql",
    headers: { "content-type": "application/json", authorization: token },
    body: JSON.stringify(operation),
    headersTimeout: 120_000,
  });
  const answer = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200)
    throw new Error(`${operation.operationName}: status ${statusCode}: ${answer.subarray(0, 500)}`);
  return answer;
}

/** Who asks what. */
export interface Load {
  readonly operation: Operation;
  readonly clients: number;
  /** Normally each client has a token of its own, so that no contender can serve two of them by one upstream call. */
  readonly oneToken?: boolean;
}

/**
 * Lets the clients ask side by side, each as soon as its last answer is there, for at least `durationMs`. Every answer must equal
 * `expected` to the byte.
 */
export async function load(
  contender: RunningContender,
  { operation, clients, oneToken }: Load,
  expected: Buffer,
  durationMs: number,
): Promise<Turn> {
  const pool = new Pool(contender.origin, { connections: clients });
  const latenciesMs: number[] = [];
  const cpuBefore = contender.cpuSeconds();
  const begin = performance.now();
  const client = async (index: number) => {
    do {
      const sent = performance.now();
      const answer = await ask(pool, operation, `bench-${oneToken ? 0 : index}`);
      latenciesMs.push(performance.now() - sent);
      if (!answer.equals(expected)) throw new Error(`${contender.name} gave another answer than before`);
    } while (performance.now() - begin < durationMs);
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  const seconds = (performance.now() - begin) / 1000;
  const cpuSeconds = contender.cpuSeconds() - cpuBefore;
  await pool.close();
  return { latenciesMs, seconds, cpuSeconds };
}
