import { expect, test, vi } from "vitest";
import { ConflatedStream } from "../../../src/kernel/conflated-stream.js";

/** Reads to the end. */
async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

test("a waiting reader gets each value; a slow one gets the newest, and never misses the last", async () => {
  const stream = new ConflatedStream<number>();
  const waiting = stream.next();
  stream.push(1);
  expect(await waiting).toEqual({ done: false, value: 1 });

  for (const value of [2, 3, 4]) stream.push(value);
  stream.end();
  expect(await all(stream)).toEqual([4]);
});

test("values of different keys do not overwrite each other", async () => {
  const stream = new ConflatedStream<string>();
  stream.push("a1", "a");
  stream.push("b1", "b");
  stream.push("a2", "a");
  stream.end();

  expect((await all(stream)).toSorted()).toEqual(["a2", "b1"]);
});

test("an error comes once, after the newest value", async () => {
  const stream = new ConflatedStream<number>();
  stream.push(1);
  stream.fail(new Error("over"));

  expect(await stream.next()).toEqual({ done: false, value: 1 });
  await expect(stream.next()).rejects.toThrow("over");
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("a waiting reader is notified of the end", async () => {
  const [ending, failing] = [new ConflatedStream<number>(), new ConflatedStream<number>()];
  const [end, failure] = [ending.next(), failing.next()];
  ending.end();
  failing.fail(new Error("over"));

  expect(await end).toEqual({ done: true, value: undefined });
  await expect(failure).rejects.toThrow("over");
});

test("values after the close are dropped, and onClose is called once", async () => {
  const onClose = vi.fn();
  const stream = new ConflatedStream<number>(onClose);
  stream.push(1);
  await stream.return();
  stream.push(2);
  stream.fail(new Error("late"));
  await stream.return();

  expect(stream.over).toBe(true);
  expect(await all(stream)).toEqual([]);
  expect(onClose).toHaveBeenCalledOnce();
});
