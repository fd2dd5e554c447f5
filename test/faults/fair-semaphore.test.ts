import { expect, test } from "vitest";
import { Cancellation } from "../../src/kernel/cancellation.js";
import { Random } from "../../src/simulator/random.js";
import { FairSemaphore, type SemaphoreLimits } from "../../src/upstream/client/fair-semaphore.js";

/** A call of a fake client. */
interface FakeCall {
  readonly owner: string;
  /** Position among the calls of its owner. */
  readonly number: number;
  readonly leaving: Cancellation;
  state: "waiting" | "running" | "refused" | "left" | "done";
}

/** Fake clients of one semaphore. Checks after each step that no permit is lost or doubled. */
class FakeClients {
  readonly semaphore: FairSemaphore;
  readonly calls: FakeCall[] = [];
  /** Calls in the order in which they started. */
  readonly started: FakeCall[] = [];

  constructor(readonly limits: SemaphoreLimits) {
    this.semaphore = new FairSemaphore(limits);
  }

  in(state: FakeCall["state"], owner?: string): FakeCall[] {
    return this.calls.filter((call) => call.state === state && (owner === undefined || call.owner === owner));
  }

  async start(owner: string): Promise<FakeCall> {
    const number = this.calls.filter((call) => call.owner === owner).length;
    const call: FakeCall = { owner, number, leaving: new Cancellation(), state: "waiting" };
    this.calls.push(call);
    const run = () => {
      call.state = "running";
      this.started.push(call);
    };
    try {
      const permit = this.semaphore.acquire(owner, call.leaving);
      if (permit === undefined) run();
      else {
        permit.then(run, () => {
          call.state = call.leaving.aborted ? "left" : "refused";
        });
      }
    } catch {
      call.state = "refused";
    }
    await this.check();
    return call;
  }

  async end(call: FakeCall): Promise<void> {
    call.state = "done";
    this.semaphore.release(call.owner);
    await this.check();
  }

  async leave(call: FakeCall): Promise<void> {
    call.leaving.abort(new Error("left"));
    await this.check();
  }

  private async check(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const running = this.in("running").length;
    expect(this.semaphore.held).toBe(running);
    expect(running).toBeLessThanOrEqual(this.limits.permits);
    const waiting = this.in("waiting");
    expect(this.semaphore.queued).toBe(waiting.length);
    expect(waiting.length).toBeLessThanOrEqual(this.limits.maxQueued);
    if (running === this.limits.permits) return;
    // With a permit to spare, only owners that hold some wait.
    const holders = new Set(this.in("running").map(({ owner }) => owner));
    expect(waiting.filter(({ owner }) => !holders.has(owner))).toEqual([]);
  }
}

const sizes: readonly SemaphoreLimits[] = [
  { permits: 1, maxQueued: 3 },
  { permits: 2, maxQueued: 20 },
  { permits: 8, maxQueued: 10 },
  { permits: 32, maxQueued: 40 },
];

test.each(sizes)(
  "random schedules of $permits permits and $maxQueued places lose no permit, double none and keep each owner's order",
  async (limits) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = new Random(seed);
      const clients = new FakeClients(limits);
      const owners = ["a", "b", "c", "d", "e"].slice(0, random.int(1, 5));
      for (let step = 0; step < 200; step += 1) {
        const [running, waiting] = [clients.in("running"), clients.in("waiting")];
        const dice = random.next();
        if (dice < 0.35 && running.length > 0) await clients.end(random.pick(running));
        else if (dice < 0.5 && waiting.length > 0) await clients.leave(random.pick(waiting));
        else await clients.start(random.pick(owners));
      }
      for (let [next] = clients.in("running"); next !== undefined; [next] = clients.in("running")) {
        await clients.end(next);
      }

      expect(clients.in("waiting")).toEqual([]);
      for (const owner of owners) {
        const order = clients.started.filter((call) => call.owner === owner).map(({ number }) => number);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }
  },
);

test("with 1,000 calls of a hostile client in line, another client's call starts immediately or with the next completion", async () => {
  for (const seed of [1, 2]) {
    const random = new Random(seed);
    const clients = new FakeClients({ permits: 32, maxQueued: 2_000 });
    const fillUp = async () => {
      while (clients.in("waiting", "hostile").length < 1_000) await clients.start("hostile");
    };
    await fillUp();
    expect(clients.in("running", "hostile")).toHaveLength(28);

    const others = ["b", "c", "d", "e", "f", "g"];
    for (const [ahead, owner] of others.entries()) {
      const call = await clients.start(owner);
      expect(call.state).toBe(ahead < 4 ? "running" : "waiting");
    }
    for (const owner of ["f", "g"]) {
      await clients.end(random.pick(clients.in("running", "hostile")));
      expect(clients.in("running", owner)).toHaveLength(1);
    }
    await fillUp();
    await clients.start("b");
    for (let n = 0; n < 40; n += 1) await clients.end(random.pick(clients.in("running", "hostile")));
    expect(clients.in("waiting").map(({ owner }) => owner)).not.toContain("b");
  }
});

test("while another owner waits, an owner with half of the permits gets no more", async () => {
  const random = new Random(1);
  const clients = new FakeClients({ permits: 32, maxQueued: 2_000 });
  for (let n = 0; n < 100; n += 1) await clients.start("a");
  for (let n = 0; n < 100; n += 1) await clients.start("b");
  expect(clients.in("running", "a")).toHaveLength(28);

  expect(clients.in("running", "b")).toHaveLength(3);

  for (let held = 28; held > 16; held -= 1) {
    await clients.end(random.pick(clients.in("running", "a")));
    expect(clients.in("running", "a")).toHaveLength(held - 1);
  }
  for (let n = 0; n < 50; n += 1) {
    await clients.end(random.pick(clients.in("running")));
    expect(clients.in("running", "a").length).toBeLessThanOrEqual(16);
    expect(clients.in("running", "b").length).toBeLessThanOrEqual(16);
  }
});

test("waiting owners are served round-robin, one call each", async () => {
  const clients = new FakeClients({ permits: 1, maxQueued: 10 });
  const first = await clients.start("first");
  for (const owner of ["greedy", "greedy", "greedy", "modest"]) await clients.start(owner);

  await clients.end(first);
  for (let n = 0; n < 4; n += 1) for (const call of clients.in("running")) await clients.end(call);

  expect(clients.started.map(({ owner }) => owner)).toEqual(["first", "greedy", "modest", "greedy", "greedy"]);
});

test("a full queue takes the newest call of the longest line, and refuses a call that is itself in it", async () => {
  const clients = new FakeClients({ permits: 1, maxQueued: 5 });
  await clients.start("first");
  for (const owner of ["a", "b", "b", "b", "a"]) await clients.start(owner);

  const newcomer = await clients.start("c");
  expect(newcomer.state).toBe("waiting");
  expect(clients.in("refused")).toMatchObject([{ owner: "b", number: 2 }]);
  await clients.start("b");
  expect(clients.in("refused")).toMatchObject([
    { owner: "b", number: 2 },
    { owner: "b", number: 3 },
  ]);
});

test("a permit that is released twice is an error", () => {
  const semaphore = new FairSemaphore({ permits: 2, maxQueued: 1 });
  semaphore.acquire("a", undefined);
  semaphore.release("a");

  expect(() => semaphore.release("a")).toThrow("released twice");
});
