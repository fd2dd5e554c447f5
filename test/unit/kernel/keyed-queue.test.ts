import { expect, it } from "vitest";
import { KeyedQueue } from "../../../src/kernel/keyed-queue.js";

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  let end: (error?: Error) => void = () => {};
  const ended = new Promise<string>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve(name) : reject(error));
  });
  const run = () => {
    log.push(name);
    return ended;
  };
  return { run, end };
}

/** Lets everything that is ready go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it("runs what has one key in order of arrival, and other keys beside it", async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const [first, second, other] = [work(log, "first"), work(log, "second"), work(log, "other")];

  const results = [queue.run("a", first.run), queue.run("a", second.run), queue.run("b", other.run)];
  await settled();
  expect(log).toEqual(["first", "other"]);

  first.end();
  await settled();
  expect(log).toEqual(["first", "other", "second"]);
  second.end();
  other.end();
  expect(await Promise.all(results)).toEqual(["first", "second", "other"]);
});

it("goes on behind work that failed, and tells only its own caller", async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const [first, second] = [work(log, "first"), work(log, "second")];
  const failing = queue.run("a", first.run);
  const following = queue.run("a", second.run);

  first.end(new Error("failed"));
  second.end();

  await expect(failing).rejects.toThrow("failed");
  expect(await following).toBe("second");
});

it("starts at once on a key whose work has ended", async () => {
  const queue = new KeyedQueue();
  await queue.run("a", async () => "done");
  const log: string[] = [];
  const next = work(log, "next");
  const running = queue.run("a", next.run);
  expect(log).toEqual(["next"]);
  next.end();
  await running;
});
