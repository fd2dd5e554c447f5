import { expect } from "vitest";
import type { TestGateway } from "../../support/gateway.js";
import { hold } from "../../support/hold.js";

/** A query that makes exactly one upstream call, `get-vms`. */
export const oneCall = "{ vms(first: 3) { nodes { id } } }";

/** First error of a response. */
export interface Failure {
  readonly code: unknown;
  readonly message: string;
}

/** Runs a query that must fail, and checks that its response reveals no internals. */
export async function failureOf(gateway: TestGateway, query = oneCall): Promise<Failure> {
  const response = await gateway.query(query);
  const [error] = response.errors ?? [];
  const text = JSON.stringify(response);
  expect(error, `no error in ${text}`).toBeDefined();
  expect(text).not.toMatch(/127\.0\.0\.1|ECONN|UND_ERR|undici|node_modules|\bat \/|stack|<html/i);
  expect(error?.extensions?.requestId).toMatch(/^[\w-]{8,}$/);
  return { code: error?.extensions?.code, message: error?.message ?? "" };
}

/** Holds the responses to calls of an endpoint, `times` of them or all, until the returned function is called. */
export function holdCalls({ simulator }: TestGateway, endpoint: string, times?: number): () => void {
  const { released, release } = hold();
  simulator.faults.add({ operation: endpoint, times, effect: { kind: "hold", until: released } });
  return release;
}

/** Repeats a query until it succeeds. The time limit is the test's own: how fast depends on the machine. */
export async function untilHealthy(gateway: TestGateway): Promise<void> {
  while ((await gateway.query(oneCall)).errors !== undefined) await pause();
}

/** Sends queries, 25 at a time, until the circuit is open. */
export async function untilOpen(gateway: TestGateway): Promise<void> {
  while (gateway.app.upstream.client.state.circuit !== "open") {
    await Promise.all(Array.from({ length: 25 }, (_, n) => gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`)));
    await pause();
  }
}

/** Resolves as soon as the condition holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > 10_000) throw new Error(`No sign of ${what} within 10 s.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Lets the gateway work before the next look. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
