import { expect } from "vitest";
import type { TestGateway } from "../../support/gateway.js";
import { hold } from "../../support/hold.js";

/** A query that makes exactly one upstream call, `get-vms`. */
export const oneCall = "{ vms(first: 3) { nodes { id } } }";

/** First error of a response, and the time until it came. */
export interface Failure {
  readonly code: unknown;
  readonly message: string;
  readonly milliseconds: number;
}

/** Runs a query that must fail, and checks that its response reveals no internals. */
export async function failureOf(gateway: TestGateway, query = oneCall): Promise<Failure> {
  const startedAt = performance.now();
  const response = await gateway.query(query);
  const milliseconds = performance.now() - startedAt;
  const [error] = response.errors ?? [];
  const text = JSON.stringify(response);
  expect(error, `no error in ${text}`).toBeDefined();
  expect(text).not.toMatch(/127\.0\.0\.1|ECONN|UND_ERR|undici|node_modules|\bat \/|stack|<html/i);
  expect(error?.extensions?.requestId).toMatch(/^[\w-]{8,}$/);
  return { code: error?.extensions?.code, message: error?.message ?? "", milliseconds };
}

/** Holds the responses to calls of an endpoint, `times` of them or all, until the returned function is called. */
export function holdCalls({ simulator }: TestGateway, endpoint: string, times?: number): () => void {
  const { released, release } = hold();
  simulator.faults.add({ operation: endpoint, times, effect: { kind: "hold", until: released } });
  return release;
}

/** Repeats a query until it succeeds, for at most `seconds`. @returns milliseconds that it took. */
export async function untilHealthy(gateway: TestGateway, seconds: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { errors } = await gateway.query(oneCall);
    const milliseconds = performance.now() - startedAt;
    if (errors === undefined) return milliseconds;
    expect(milliseconds, `still failing: ${JSON.stringify(errors)}`).toBeLessThan(seconds * 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Sends queries, 25 at a time, until the circuit is open. */
export async function untilOpen(gateway: TestGateway): Promise<void> {
  const startedAt = performance.now();
  while (gateway.app.upstream.client.state.circuit !== "open") {
    expect(performance.now() - startedAt, "the circuit is still closed").toBeLessThan(10_000);
    await Promise.all(Array.from({ length: 25 }, (_, n) => gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`)));
    await new Promise((resolve) => setTimeout(resolve, 50));
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
