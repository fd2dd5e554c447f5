import { expect, test } from "vitest";
import { PollLane, type PollTarget } from "../../../src/flows/watch/poll-lane.js";
import { Turns } from "../../../src/flows/watch/turns.js";
import { ErrorCode, TowerError } from "../../../src/kernel/errors.js";
import { circuitOpenError } from "../../../src/upstream/client/circuit-breaker.js";
import type { UpstreamSession } from "../../../src/upstream/session.js";
import { failureOfStatus, failureOfTransport, UpstreamError } from "../../../src/upstream/upstream-error.js";

const session = { detached: () => session } as unknown as UpstreamSession;
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A lane over numbers, watched by one client; `polls` are the entries of each poll. */
function laneOf(
  count: number,
  isPoison: (entry: number) => boolean = () => false,
  error: Error = new TowerError(ErrorCode.UpstreamError, "CloudTower failed to handle the call."),
) {
  const polls: (readonly number[])[] = [];
  const refused: number[] = [];
  const watched = new Set(Array.from({ length: count }, (_, index) => index));
  const target: PollTarget<number> = {
    stage: "numbers",
    async poll(_, entries) {
      polls.push(entries);
      if (entries.some(isPoison)) throw error;
      return [];
    },
    clientsOf: (entry) => (watched.has(entry) ? ["client"] : []),
    refused: (entry) => void refused.push(entry),
  };
  const lane = new PollLane(target, { batchSize: 500, pollsPerTick: 4 }, { settled() {}, credentialRefused() {} });
  for (const entry of watched) lane.add(entry, "client");
  return { lane, polls, watched, refused };
}

test("10,000 entries cost a bounded number of polls per tick, and each is read once per turn of all", async () => {
  const { lane, polls } = laneOf(10_000);
  for (let tick = 0; tick < 10; tick += 1) {
    const before = polls.length;
    lane.tick(session, false);
    await settle();
    expect(polls.length - before).toBe(4);
  }
  const times = new Map<number, number>();
  for (const entry of polls.flat()) times.set(entry, (times.get(entry) ?? 0) + 1);
  expect(times.size).toBe(10_000);
  expect(new Set(times.values())).toEqual(new Set([2]));
});

test.each([
  ["500", failureOfStatus(500, "", {})],
  ["429", failureOfStatus(429, "", {})],
  ["502 of a proxy", failureOfStatus(502, "", {})],
  ["lost connection", failureOfTransport(Object.assign(new Error("lost"), { code: "ECONNRESET" }), "unknown")],
])(
  "entries that make polls fail with a %s are singled out, and poll failures stop for all others",
  async (_, failure) => {
    const poison = new Set([17, 333]);
    const { lane, polls } = laneOf(500, (entry) => poison.has(entry), new UpstreamError("get-tasks", failure));
    for (let tick = 0; tick < 30; tick += 1) {
      lane.tick(session, false);
      await settle();
    }
    expect(lane.isFailing).toBe(true);
    // Two entries, at most three splits each; afterwards they are alone, and rest.
    const failed = polls.filter((entries) => entries.some((entry) => poison.has(entry)));
    expect(failed.length).toBeLessThan(25);
    expect(
      failed
        .filter(({ length }) => length === 1)
        .map(([entry]) => entry)
        .sort(),
    ).toEqual([17, 333]);
    expect(polls.slice(-5).every((entries) => entries.length === 498)).toBe(true);
    lane.remove(17);
    lane.remove(333);
    expect(lane.isFailing).toBe(false);
  },
);

test("entries that CloudTower does not permit are refused alone, and all others are read", async () => {
  const failure = failureOfStatus(403, "", {});
  const poison = new Set([17, 333]);
  const { lane, polls, refused } = laneOf(500, (entry) => poison.has(entry), new UpstreamError("get-tasks", failure));
  for (let tick = 0; tick < 30; tick += 1) {
    lane.tick(session, false);
    await settle();
  }
  expect(refused.sort()).toEqual([17, 333]);
  expect(polls.filter((entries) => entries.some((entry) => poison.has(entry))).length).toBeLessThan(25);
  expect(new Set(polls.flat()).size).toBe(500);
});

test("many entries that make polls fail are singled out as well, and all others are read again and again", async () => {
  const isPoison = (entry: number) => entry % 20 === 0;
  const { lane, polls } = laneOf(500, isPoison);
  for (let tick = 0; tick < 200; tick += 1) {
    lane.tick(session, false);
    await settle();
  }
  expect(polls.slice(-20).some((entries) => entries.length === 475)).toBe(true);
  const failed = polls.slice(-20).filter((entries) => entries.some(isPoison));
  expect(failed.every(({ length }) => length === 1)).toBe(true);
});

test("entries that failed because CloudTower did are polled together again with the first success", async () => {
  let isDown = true;
  const { lane, polls } = laneOf(500, () => isDown);
  for (let tick = 0; tick < 300; tick += 1) {
    lane.tick(session, false);
    await settle();
  }
  expect(polls.at(-1)).toHaveLength(1);
  isDown = false;
  const before = polls.length;
  const tickOnce = () => {
    lane.tick(session, false);
    return lane.isFailing;
  };
  await expect.poll(tickOnce, { timeout: 10_000 }).toBe(false);
  expect(polls.length - before).toBeLessThan(50);
});

test("entries whose call was never sent, as the circuit is open, stay together", async () => {
  let isOpen = true;
  const { lane, polls } = laneOf(500, () => isOpen, circuitOpenError({ transient: false }));
  for (let tick = 0; tick < 20; tick += 1) {
    lane.tick(session, false);
    await settle();
  }
  isOpen = false;
  lane.tick(session, false);
  await settle();
  expect(polls.every(({ length }) => length === 500)).toBe(true);
});

test("a tick for new entries alone polls no others, and nothing is polled after it has been removed", async () => {
  const { lane, polls, watched } = laneOf(3);
  lane.tick(session, false);
  await settle();
  watched.add(7);
  lane.add(7, "client");
  lane.tick(session, true);
  await settle();
  expect(polls).toEqual([[0, 1, 2], [7]]);
  watched.delete(1);
  lane.remove(1);
  lane.tick(session, false);
  await settle();
  expect(polls[2]).toEqual([0, 2, 7]);
});

test("clients take turns, also if there are more of them than places", () => {
  const turns = new Turns<string>();
  for (let index = 0; index < 1000; index += 1) turns.put(`crowd ${index}`, ["crowd"]);
  turns.put("one", ["a"]);
  turns.put("both", ["a", "b"]);
  expect(turns.take(4)).toEqual(["crowd 0", "one", "both", "crowd 1"]);
  expect(turns.size).toBe(998);

  const many = new Turns<number>();
  for (let client = 0; client < 10; client += 1)
    for (let index = 0; index < 2; index += 1) many.put(client + 10 * index, [`${client}`]);
  expect([many.take(4), many.take(4), many.take(4), many.take(9)]).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, 10, 11],
    [12, 13, 14, 15, 16, 17, 18, 19],
  ]);
});
