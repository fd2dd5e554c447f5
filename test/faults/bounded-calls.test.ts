import { expect, test } from "vitest";
import { FairSemaphore } from "../../src/upstream/client/fair-semaphore.js";
import { startGateway } from "../support/gateway.js";
import { holdCalls, until } from "./support/failures.js";

test("calls beyond the permits are queued, and calls beyond the queue are refused immediately", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "4", UPSTREAM_QUEUE: "6" } });
  const { calls } = gateway.simulator;
  const release = holdCalls(gateway, "get-vms");

  const codes: unknown[] = [];
  const queries = Array.from({ length: 15 }, async (_, n) => {
    const { errors } = await gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`);
    codes.push(errors?.[0]?.extensions?.code);
  });
  await until(() => codes.length === 5, "five refusals");
  await until(() => calls.inFlight === 4, "four calls in flight");
  release();
  await Promise.all(queries);

  expect(codes.slice(0, 5)).toEqual(Array(5).fill("RATE_LIMITED"));
  expect(codes.slice(5)).toEqual(Array(10).fill(undefined));
  expect(calls.maxInFlight).toBe(4);
});

test("waiting owners are served round-robin, one call each", async () => {
  const semaphore = new FairSemaphore({ permits: 1, maxQueued: 10 });
  const served: string[] = [];
  const acquire = async (owner: string) => {
    await semaphore.acquire(owner, undefined);
    served.push(owner);
    semaphore.release();
  };
  semaphore.acquire("first", undefined);

  const all = [acquire("greedy"), acquire("greedy"), acquire("greedy"), acquire("modest")];
  semaphore.release();
  await Promise.all(all);

  expect(served).toEqual(["greedy", "modest", "greedy", "greedy"]);
  expect([semaphore.held, semaphore.queued]).toEqual([0, 0]);
});

test("a waiter that aborts leaves the queue, and the permit goes to the next one", async () => {
  const semaphore = new FairSemaphore({ permits: 1, maxQueued: 10 });
  const leaving = new AbortController();
  semaphore.acquire("a", undefined);
  const aborted = semaphore.acquire("b", leaving.signal);
  const waiting = semaphore.acquire("c", new AbortController().signal);

  leaving.abort(new Error("left"));
  await expect(aborted).rejects.toThrow("left");
  expect(semaphore.queued).toBe(1);
  semaphore.release();
  await waiting;
  semaphore.release();

  expect([semaphore.held, semaphore.queued]).toEqual([0, 0]);
});
