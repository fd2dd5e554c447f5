import { expect, test } from "vitest";
import { FairSemaphore } from "../../src/upstream/client/fair-semaphore.js";
import { startGateway } from "../support/gateway.js";
import { until } from "./support/ask.js";

test("no more calls than allowed are under way, the next wait, and those beyond the queue are refused at once", async () => {
  const gateway = await startGateway({ env: { UPSTREAM_CONNECTIONS: "4", UPSTREAM_QUEUE: "6" } });
  const { faults, calls } = gateway.simulator;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  faults.add({ operation: "get-vms", effect: { kind: "hold", until: held } });

  const codes: unknown[] = [];
  const asking = Array.from({ length: 15 }, async (_, n) => {
    const { errors } = await gateway.query(`{ vms(first: ${n + 1}) { nodes { id } } }`);
    codes.push(errors?.[0]?.extensions?.code);
  });
  await until(() => codes.length === 5, "five refusals");
  await until(() => calls.inFlight === 4, "four calls under way");
  release();
  await Promise.all(asking);

  expect(codes.slice(0, 5)).toEqual(Array(5).fill("RATE_LIMITED"));
  expect(codes.slice(5)).toEqual(Array(10).fill(undefined));
  expect(calls.maxInFlight).toBe(4);
});

test("those who wait are served in turn, one call each", async () => {
  const slots = new FairSemaphore({ permits: 1, queue: 10 });
  const served: string[] = [];
  const wait = async (owner: string) => {
    await slots.acquire(owner, undefined);
    served.push(owner);
    slots.release();
  };
  slots.acquire("first", undefined);

  const all = [wait("greedy"), wait("greedy"), wait("greedy"), wait("modest")];
  slots.release();
  await Promise.all(all);

  expect(served).toEqual(["greedy", "modest", "greedy", "greedy"]);
  expect([slots.underWay, slots.queued]).toEqual([0, 0]);
});

test("whoever leaves the queue gives the place behind to the next, and is forgotten", async () => {
  const slots = new FairSemaphore({ permits: 1, queue: 10 });
  const leaving = new AbortController();
  slots.acquire("a", undefined);
  const left = slots.acquire("b", leaving.signal);
  const stays = slots.acquire("c", new AbortController().signal);

  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  expect(slots.queued).toBe(1);
  slots.release();
  await stays;
  slots.release();

  expect([slots.underWay, slots.queued]).toEqual([0, 0]);
});
