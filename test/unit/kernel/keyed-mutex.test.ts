import { expect, test } from "vitest";
import type { CancelSignal } from "../../../src/kernel/cancellation.js";
import { KeyedMutex } from "../../../src/kernel/keyed-mutex.js";

const never = new AbortController().signal;

/** Runs everything that is ready. */
const flush = () => new Promise((resolve) => setImmediate(resolve));

/** Acquires the keys and logs the name once they are held. */
function acquire(
  mutex: KeyedMutex,
  log: string[],
  name: string,
  keys: readonly string[],
  { signal = never, owner = "" }: { readonly signal?: CancelSignal; readonly owner?: string } = {},
) {
  const acquired = mutex.acquire({ keys, signal, owner });
  acquired.then(
    () => log.push(name),
    () => log.push(`${name} rejected`),
  );
  return acquired;
}

test("callers with a key in common run in order of arrival, and other keys are independent", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const first = acquire(mutex, log, "first", ["a"]);
  const second = acquire(mutex, log, "second", ["a"]);
  const third = acquire(mutex, log, "third", ["a"]);
  acquire(mutex, log, "other", ["b"]);
  await flush();
  expect(log).toEqual(["first", "other"]);

  (await first)();
  await flush();
  expect(log).toEqual(["first", "other", "second"]);
  (await second)();
  await third;
  expect(log.at(-1)).toBe("third");
});

test("several keys are held only together, and callers that name them in another order do not deadlock", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const first = acquire(mutex, log, "first", ["a", "b", "a"]);
  const second = acquire(mutex, log, "second", ["b", "a"]);
  await flush();
  expect(log).toEqual(["first"]);

  (await first)();
  (await second)();
  expect(log).toEqual(["first", "second"]);
  (await mutex.acquire({ keys: ["a", "b"], signal: never, owner: "" }))();
});

test("a caller that aborts is skipped and releases the keys it already holds", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const leaving = new AbortController();
  const first = acquire(mutex, log, "first", ["b"]);
  const second = acquire(mutex, log, "second", ["a", "b"], { signal: leaving.signal });
  const third = acquire(mutex, log, "third", ["a"]);
  await flush();
  expect(log).toEqual(["first"]);

  leaving.abort(new Error("left"));
  await expect(second).rejects.toThrow("left");
  await third;
  expect(log).toEqual(["first", "second rejected", "third"]);
  (await first)();
});

test("an abort that is reported after the key was granted does not remove another waiter", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  let abort = () => {};
  const late: CancelSignal = {
    aborted: false,
    reason: new Error("left"),
    addEventListener(_, listener) {
      abort = listener;
    },
    removeEventListener() {},
  };
  const first = await mutex.acquire({ keys: ["a"], signal: never, owner: "" });
  const second = acquire(mutex, log, "second", ["a"], { signal: late });
  const third = acquire(mutex, log, "third", ["a"]);

  first();
  abort();
  (await second)();
  await flush();

  expect(log).toEqual(["second", "third"]);
  (await third)();
});

test("releasing twice releases once", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const release = await mutex.acquire({ keys: ["a"], signal: never, owner: "" });
  const second = acquire(mutex, log, "second", ["a"]);
  acquire(mutex, log, "third", ["a"]);
  release();
  release();
  await second;
  await flush();
  expect(log).toEqual(["second"]);
});

test("a signal that has already aborted acquires nothing", async () => {
  const acquisition = { keys: ["a"], signal: AbortSignal.abort(new Error("left")), owner: "" };
  await expect(new KeyedMutex().acquire(acquisition)).rejects.toThrow("left");
});

test("owners take turns, so that many requests of one do not hold up a single one of another", async () => {
  const mutex = new KeyedMutex();
  const log: string[] = [];
  const release = await mutex.acquire({ keys: ["a"], signal: never, owner: "holder" });
  const many = ["m1", "m2", "m3"].map((name) => acquire(mutex, log, name, ["a"], { owner: "many" }));
  const single = acquire(mutex, log, "single", ["a"], { owner: "single" });
  release();
  for (const acquired of [many[0], single, many[1], many[2]]) (await acquired)?.();

  expect(log).toEqual(["m1", "single", "m2", "m3"]);
  expect(mutex.isHeld(["a"])).toBe(false);
});
