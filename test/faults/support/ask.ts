import { expect } from "vitest";
import type { TestGateway } from "../../support/gateway.js";

/** A query that makes exactly one upstream call, `get-vms`. */
export const oneCall = "{ vms(first: 3) { nodes { id } } }";

/** What a client is told when an operation fails. */
export interface Told {
  readonly code: unknown;
  readonly message: string;
  readonly milliseconds: number;
}

/** Runs a query that must fail, and checks that nothing internal is in the answer. */
export async function told(gateway: TestGateway, query = oneCall): Promise<Told> {
  const began = performance.now();
  const answer = await gateway.query(query);
  const milliseconds = performance.now() - began;
  const [error] = answer.errors ?? [];
  expect(error, `an error, got ${JSON.stringify(answer)}`).toBeDefined();
  const text = JSON.stringify(answer);
  expect(text).not.toMatch(/127\.0\.0\.1|ECONN|UND_ERR|undici|node_modules|\bat \/|stack|<html/i);
  expect(error?.extensions?.requestId).toMatch(/^[\w-]{8,}$/);
  return { code: error?.extensions?.code, message: error?.message ?? "", milliseconds };
}

/** Asks until CloudTower's rows come, for at most so many seconds; gives how long it took. */
export async function untilHealthy(gateway: TestGateway, seconds: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { errors } = await gateway.query(oneCall);
    const milliseconds = performance.now() - began;
    if (errors === undefined) return milliseconds;
    expect(milliseconds, `still failing: ${JSON.stringify(errors)}`).toBeLessThan(seconds * 1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves as soon as the condition holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > 10_000) throw new Error(`expected ${what} within 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
