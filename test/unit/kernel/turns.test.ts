import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Owner, Turns } from "../../../src/kernel/turns/turns.js";

/** Turns whose clock stands still unless a test moves it: work takes no time of its own. */
function turnsOnFakeClock() {
  const clock = { now: 0 };
  return { turns: new Turns(() => clock.now), clock };
}

const alone = (client: string): Owner => ({ share: client, client });

/** Lets every waiter start that can. */
async function untilNobodyWaits(turns: Turns): Promise<void> {
  while (turns.waiting > 0) await setImmediate();
}

/** Turns that somebody already waits for, so that all others wait too, and a log of who starts. */
function contended() {
  const { turns, clock } = turnsOnFakeClock();
  const started: string[] = [];
  void turns.next(alone("first"), 0);
  const wait = (owner: Owner, costMs = 0, label = owner.client) =>
    turns.take(() => owner, costMs)?.then(() => void started.push(label));
  return { turns, clock, started, wait };
}

test("nobody waits while an iteration of the event loop is young", () => {
  const { turns } = turnsOnFakeClock();
  const owner = () => {
    throw new Error("the owner does not matter");
  };

  for (let count = 0; count < 100; count += 1) expect(turns.take(owner)).toBeUndefined();
});

test("only as much work starts at a time as fits into a slice by its estimates, before any of it has begun", async () => {
  const { turns } = turnsOnFakeClock();
  const waiting = Array.from({ length: 10 }, () => turns.take(() => alone("a"), 0.5));

  expect(waiting.map((turn) => turn === undefined)).toEqual([true, true, ...Array(8).fill(false)]);
  await Promise.all(waiting);
  expect(turns.waiting).toBe(0);
});

test("work waits when the iteration has taken its time, and starts in the next one", async () => {
  const { turns, clock } = turnsOnFakeClock();
  expect(turns.take(() => alone("a"))).toBeUndefined();
  clock.now += 2;
  const turn = turns.take(() => alone("a"));
  expect(turn).toBeDefined();
  await turn;
  expect(turns.waiting).toBe(0);
});

test("with 300 requests of one client waiting, another client's starts after one of them", async () => {
  const { turns, started, wait } = contended();
  for (let n = 0; n < 300; n += 1) void wait(alone("a"));
  void wait(alone("b"));
  await untilNobodyWaits(turns);

  expect(started.indexOf("b")).toBeLessThanOrEqual(1);
  expect(started).toHaveLength(301);
});

test("clients take turns in each round, and each client's requests keep their order", async () => {
  const { turns, started, wait } = contended();
  for (let n = 0; n < 50; n += 1) for (const client of ["a", "b", "c"]) void wait(alone(client), 0, `${client}${n}`);
  await untilNobodyWaits(turns);

  for (let n = 0; n < 50; n += 1) {
    expect(started.slice(n * 3, n * 3 + 3).sort()).toEqual([`a${n}`, `b${n}`, `c${n}`]);
  }
});

test("a client with heavy work gets fewer turns than one with light work", async () => {
  const { turns, started, wait } = contended();
  for (let n = 0; n < 10; n += 1) void wait(alone("heavy"), 8);
  for (let n = 0; n < 100; n += 1) void wait(alone("light"), 0);
  await untilNobodyWaits(turns);

  const lastLight = started.lastIndexOf("light");
  expect(started.slice(0, lastLight).filter((client) => client === "heavy").length).toBeLessThanOrEqual(4);
  expect(started).toHaveLength(110);
});

test("however much work is estimated, its client waits for a bounded number of rounds", async () => {
  const { turns, started, wait } = contended();
  void wait(alone("heavy"), Number.MAX_SAFE_INTEGER);
  for (let n = 0; n < 1_000; n += 1) void wait(alone("light"), 0);
  await untilNobodyWaits(turns);

  expect(started.indexOf("heavy")).toBeLessThan(50);
});

test("300 clients with one share together get as many turns as one with its own", async () => {
  const { turns, started, wait } = contended();
  for (let n = 0; n < 300; n += 1) void wait({ share: "address", client: `invented ${n}` });
  for (let n = 0; n < 100; n += 1) void wait(alone("known"));
  await untilNobodyWaits(turns);

  expect(started.slice(0, 200).filter((client) => client === "known").length).toBeGreaterThanOrEqual(99);
  expect(started).toHaveLength(400);
});

test("within a share, a client with one request does not wait for all of another's", async () => {
  const { turns, started, wait } = contended();
  for (let n = 0; n < 300; n += 1) void wait({ share: "address", client: "a" });
  void wait({ share: "address", client: "b" });
  await untilNobodyWaits(turns);

  expect(started.indexOf("b")).toBeLessThanOrEqual(1);
});

test("waiters that come while others start are served too, and nothing is kept afterwards", async () => {
  const { turns, wait, started } = contended();
  let left = 500;
  const again = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await wait(alone(`client ${left % 7}`));
    }
  };
  await Promise.all(Array.from({ length: 20 }, again));
  await untilNobodyWaits(turns);

  expect(started.length).toBeGreaterThanOrEqual(480);
  expect(turns.take(() => alone("next"))).toBeUndefined();
});

test("an event-loop iteration ends when the work in it has taken its time", async () => {
  const { turns, clock, started, wait } = contended();
  for (let n = 0; n < 5; n += 1) {
    void wait(alone("a"))?.then(() => {
      clock.now += 3;
    });
  }
  const perIteration: number[] = [];
  while (turns.waiting > 0) {
    const before = started.length;
    await setImmediate();
    perIteration.push(started.length - before);
  }

  expect(Math.max(...perIteration)).toBe(1);
});

test("after long work the event loop runs several times before the next, so that it accepts connections", async () => {
  const { turns, clock, started, wait } = contended();
  for (let n = 0; n < 3; n += 1) {
    void wait(alone("a"))?.then(() => {
      clock.now += 5;
    });
  }
  const startedAt: number[] = [];
  for (let iteration = 0; turns.waiting > 0; iteration += 1) {
    await setImmediate();
    if (started.length > startedAt.length) startedAt.push(iteration);
  }

  expect((startedAt[1] ?? 0) - (startedAt[0] ?? 0)).toBeGreaterThanOrEqual(16);
});

/** Turns in a flood: work of `flood` takes a millisecond each, and has taken all the time lately. */
async function flooded() {
  const all = contended();
  const { turns, clock, wait } = all;
  const work = (owner: Owner, costMs = 1) =>
    wait(owner)?.then(() => {
      clock.now += costMs;
    });
  for (let n = 0; n < 50; n += 1) void work(alone("flood"));
  await untilNobodyWaits(turns);
  all.started.length = 0;
  return { ...all, work };
}

test("in a flood, work of a modest client starts immediately, and other work of it before the flood's", async () => {
  const { turns, started, work } = await flooded();
  for (let n = 0; n < 20; n += 1) void work(alone("flood"));

  expect(turns.take(() => alone("modest"))).toBeUndefined();
  void turns.next(alone("modest"), 0).then(() => void started.push("modest"));
  await untilNobodyWaits(turns);

  expect(started.indexOf("modest")).toBeLessThanOrEqual(1);
  expect(started).toHaveLength(21);
});

test("a client stays modest only while it uses less than half of an equal part", async () => {
  const { turns, clock, work } = await flooded();
  let immediate = 0;
  for (let n = 0; n < 100; n += 1) {
    void work(alone("flood"));
    void work(alone("flood"));
    const turn = turns.take(() => alone("b"));
    if (turn === undefined) {
      immediate += 1;
      clock.now += 1;
    }
    await untilNobodyWaits(turns);
  }

  expect(immediate).toBeGreaterThan(0);
  expect(immediate).toBeLessThan(90);
});

test("long work of a modest client waits, and so does its work after two milliseconds of an iteration", async () => {
  const { turns, clock, work } = await flooded();
  void work(alone("flood"));

  expect(turns.take(() => alone("b"), 8)).toBeDefined();
  expect(turns.take(() => alone("c"))).toBeUndefined();
  clock.now += 3;
  expect(turns.take(() => alone("d"))).toBeDefined();
  await untilNobodyWaits(turns);
});

test("300 requests that a client sends at once do not all count as modest, and nobody starves", async () => {
  const { turns, started, wait } = await flooded();
  for (let n = 0; n < 300; n += 1) void wait(alone("newcomer"), 8);
  for (let n = 0; n < 10; n += 1) void wait(alone("flood"));
  await untilNobodyWaits(turns);

  expect(started.slice(0, 20)).toContain("flood");
  expect(started).toHaveLength(310);
});

test("a modest client's requests keep their order", async () => {
  const { turns, started, wait } = await flooded();
  for (let n = 0; n < 20; n += 1) void wait(alone("flood"));
  for (let n = 0; n < 20; n += 1) void wait(alone("b"), 8, `b${n}`);
  await untilNobodyWaits(turns);

  const own = started.filter((label) => label !== "flood");
  expect(own).toEqual(Array.from({ length: 20 }, (_, n) => `b${n}`));
});
