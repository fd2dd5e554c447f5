import { expect, test } from "vitest";
import { Random } from "../../src/simulator/random.js";
import { FairSemaphore } from "../../src/upstream/client/fair-semaphore.js";

const PERMITS = 32;

/** CloudTower does one call at a time, each in a millisecond. */
const oneByOne = (others: number) => 1 + others;

/** Calls to a fake CloudTower: of a flood, which always has more of them waiting, and of a modest client, one after the other. */
class FakeCloudTower {
  readonly clock = { now: 0 };
  readonly semaphore = new FairSemaphore({ permits: PERMITS, maxQueued: 2_000 }, () => this.clock.now);

  /** @param time of a call in milliseconds, beside so many others. */
  constructor(private readonly time: (others: number) => number) {}

  beginFlood(): void {
    while (this.semaphore.queued < 100) void this.semaphore.acquire("flood", undefined);
  }

  /** Time of a call of the modest client. In the meantime those of the flood end, and others begin. */
  async modestCall(): Promise<number> {
    const others = this.semaphore.held;
    expect(this.semaphore.acquire("modest", undefined)).toBeUndefined();
    const milliseconds = this.time(others);
    this.clock.now += milliseconds;
    this.semaphore.release("modest", { kind: "get-vms", milliseconds });
    for (let n = 0; n < others; n += 1) this.semaphore.release("flood");
    if (others > 0) this.beginFlood();
    await new Promise(setImmediate);
    return milliseconds;
  }
}

test("beside a modest client, a greedy one gets as few calls in flight as it takes for the modest one's to be quick", async () => {
  const cloudTower = new FakeCloudTower(oneByOne);
  for (let n = 0; n < 5; n += 1) await cloudTower.modestCall();
  cloudTower.beginFlood();
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) times.push(await cloudTower.modestCall());

  expect(times.slice(20).reduce((sum, time) => sum + time, 0) / 180).toBeLessThan(6);
  expect(cloudTower.semaphore.held).toBeGreaterThanOrEqual(1);
});

test("a client that comes in a flood finds few calls in flight as well", async () => {
  const cloudTower = new FakeCloudTower(oneByOne);
  cloudTower.beginFlood();
  expect(cloudTower.semaphore.held).toBe(28);
  const times: number[] = [];
  for (let n = 0; n < 100; n += 1) times.push(await cloudTower.modestCall());

  expect(Math.max(...times.slice(5))).toBeLessThan(12);
});

const random = new Random(11);

test.each<[string, () => number]>([
  ["steady", () => 10],
  ["varying", () => 5 + 60 * random.next() ** 2],
])("if CloudTower takes many calls at a time, a greedy client has them: %s times", async (_, time) => {
  const cloudTower = new FakeCloudTower(time);
  for (let n = 0; n < 5; n += 1) await cloudTower.modestCall();
  cloudTower.beginFlood();
  for (let n = 0; n < 300; n += 1) await cloudTower.modestCall();

  expect(cloudTower.semaphore.held).toBeGreaterThanOrEqual(20);
});

test("a greedy client gets its connections back when the modest one has gone", async () => {
  const cloudTower = new FakeCloudTower(oneByOne);
  cloudTower.beginFlood();
  for (let n = 0; n < 20; n += 1) await cloudTower.modestCall();
  expect(cloudTower.semaphore.held).toBeLessThan(8);

  cloudTower.clock.now += 2_000;
  cloudTower.semaphore.release("flood");

  expect(cloudTower.semaphore.held).toBe(28);
});

test("two greedy clients have equal shares, and neither is held back for the other", () => {
  const semaphore = new FairSemaphore({ permits: PERMITS, maxQueued: 2_000 }, () => 0);
  const held = { a: 0, b: 0 };
  for (let n = 0; n < 50; n += 1) {
    for (const owner of ["a", "b"] as const) {
      const permit = semaphore.acquire(owner, undefined);
      if (permit === undefined) held[owner] += 1;
    }
  }

  expect(held.a).toBeGreaterThanOrEqual(14);
  expect(held.b).toBeGreaterThanOrEqual(14);
});
