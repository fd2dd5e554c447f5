import { Pool } from "undici";
import type { RunningContender } from "./contenders.js";

/** A GraphQL operation as sent. */
export interface Operation {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Measurements of one turn. */
export interface Turn {
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Sends one operation and returns the response body. Throws on any status but 200. */
export async function ask(pool: Pool, operation: Operation, token: string): Promise<Buffer> {
  const { statusCode, body } = await pool.request({
    method: "POST",
    path: "/graphql",
    headers: { "content-type": "application/json", authorization: token },
    body: JSON.stringify(operation),
    headersTimeout: 120_000,
  });
  const response = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200)
    throw new Error(`${operation.operationName}: status ${statusCode}: ${response.subarray(0, 500)}`);
  return response;
}

/** An operation, and the number of clients that send it. */
export interface Load {
  readonly operation: Operation;
  readonly clients: number;
  /** True if all clients share one token. Otherwise no contender can serve two clients with one upstream call. @default false */
  readonly oneToken?: boolean;
}

/**
 * Runs clients concurrently for at least `durationMs`; each sends the operation again when it has received the response. Throws if a
 * response is not identical to `expected`.
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
      const response = await ask(pool, operation, `bench-${oneToken ? 0 : index}`);
      latenciesMs.push(performance.now() - sent);
      if (!response.equals(expected))
        throw new Error(`${contender.name} returned a response that differs from its first one`);
    } while (performance.now() - begin < durationMs);
  };
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
  const seconds = (performance.now() - begin) / 1000;
  const cpuSeconds = contender.cpuSeconds() - cpuBefore;
  await pool.close();
  return { latenciesMs, seconds, cpuSeconds };
}
