import { expect, test } from "vitest";
import { KeyedMutex } from "../../../src/kernel/keyed-mutex.js";

const never = new AbortController().signal;

/** Lets everything that is ready go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for a turn and notes when it has come. */
function ask(turns: KeyedMutex, log: string[], name: string, keys: readonly string[], signal = never) {
  const turn = turns.acquire(keys, signal);
  turn.then(
    () => log.push(name),
    () => log.push(`${name} left`),
  );
  return turn;
}

test("what has a key in common goes one after the other, in order of arrival; other keys beside it", async () => {
  const turns = new KeyedMutex();
  const log: string[] = [];
  const first = ask(turns, log, "first", ["a"]);
  const second = ask(turns, log, "second", ["a"]);
  const third = ask(turns, log, "third", ["a"]);
  ask(turns, log, "other", ["b"]);
  await settled();
  expect(log).toEqual(["first", "other"]);

  (await first)();
  await settled();
  expect(log).toEqual(["first", "other", "second"]);
  (await second)();
  await third;
  expect(log.at(-1)).toBe("third");
});

test("several keys are a turn only together, and callers who name them in another order never wait for each other", async () => {
  const turns = new KeyedMutex();
  const log: string[] = [];
  const first = ask(turns, log, "first", ["a", "b", "a"]);
  const second = ask(turns, log, "second", ["b", "a"]);
  await settled();
  expect(log).toEqual(["first"]);

  (await first)();
  (await second)();
  expect(log).toEqual(["first", "second"]);
  (await turns.acquire(["a", "b"], never))();
});

test("whoever leaves the queue is passed over, and holds nothing that others wait for", async () => {
  const turns = new KeyedMutex();
  const log: string[] = [];
  const leaving = new AbortController();
  const first = ask(turns, log, "first", ["b"]);
  const second = ask(turns, log, "second", ["a", "b"], leaving.signal);
  const third = ask(turns, log, "third", ["a"]);
  await settled();
  expect(log).toEqual(["first"]);

  leaving.abort(new Error("left"));
  await expect(second).rejects.toThrow("left");
  await third;
  expect(log).toEqual(["first", "second left", "third"]);
  (await first)();
});

test("a turn that is given back twice is given back once", async () => {
  const turns = new KeyedMutex();
  const log: string[] = [];
  const first = await turns.acquire(["a"], never);
  const second = ask(turns, log, "second", ["a"]);
  ask(turns, log, "third", ["a"]);
  first();
  first();
  await second;
  await settled();
  expect(log).toEqual(["second"]);
});

test("nobody gets a turn who had left before", async () => {
  await expect(new KeyedMutex().acquire(["a"], AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
});
