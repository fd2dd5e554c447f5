import { expect, test } from "vitest";
import { TaskEvent, type TaskKind } from "../../../src/flows/events/event.types.js";
import { EventStream, MAX_LAG } from "../../../src/flows/events/event-stream.js";

const event = (kind: TaskKind, task: string, number: number) =>
  new TaskEvent(`cursor ${number}`, { id: `${task} ${kind} ${number}`, kind, at: null, row: { id: task } });
const read = async (stream: EventStream<TaskEvent>) => ((await stream.next()).value as TaskEvent | undefined)?.cursor;

test("a reader that lags too far gets EVENTS_LAGGED with the cursor of what it got last", async () => {
  let closed = 0;
  const stream = new EventStream<TaskEvent>("cursor 0", undefined, () => {
    closed += 1;
  });
  for (let number = 1; number <= MAX_LAG; number += 1) stream.push(event("ENDED", `t${number}`, number));
  expect([await read(stream), await read(stream)]).toEqual(["cursor 1", "cursor 2"]);
  for (let number = 1; number <= 3; number += 1) stream.push(event("ENDED", `u${number}`, MAX_LAG + number));
  expect(closed).toBe(1);
  await expect(stream.next()).rejects.toMatchObject({ code: "EVENTS_LAGGED", details: { cursor: "cursor 2" } });
  expect(await stream.next()).toMatchObject({ done: true });
});

test("progress is conflated, and its cursor never comes before an event that it covers", async () => {
  const stream = new EventStream<TaskEvent>("cursor 0", undefined, () => {});
  stream.push(event("PROGRESSED", "a", 1));
  stream.push(event("ENDED", "b", 2));
  for (let number = 3; number < 50_000; number += 1) stream.push(event("PROGRESSED", "a", number));
  stream.push(event("BOOKMARK", "", 50_000));
  expect([await read(stream), await read(stream), await read(stream)]).toEqual([
    "cursor 2",
    "cursor 49999",
    "cursor 50000",
  ]);
  stream.push(event("PROGRESSED", "a", 50_001));
  stream.push(event("ENDED", "a", 50_002));
  stream.push(event("PROGRESSED", "c", 50_003));
  stream.push(event("PROGRESSED", "c", 50_004));
  expect([await read(stream), await read(stream), await read(stream)]).toEqual([
    "cursor 50001",
    "cursor 50002",
    "cursor 50004",
  ]);
});

test("a stream that is returned while it waits, or while it replays, ends and releases what it holds", async () => {
  const closed: string[] = [];
  const waiting = new EventStream<TaskEvent>("c", undefined, () => closed.push("waiting"));
  const next = waiting.next();
  await waiting.return();
  expect(await next).toMatchObject({ done: true });
  const replay = { next: () => new Promise<undefined>(() => {}), isAtEnd: false, close: () => closed.push("replay") };
  const replaying = new EventStream<TaskEvent>("c", replay, () => closed.push("replaying"));
  void replaying.next();
  await replaying.return();
  await replaying.return();
  waiting.push(event("ENDED", "a", 1));
  expect(await waiting.next()).toMatchObject({ done: true });
  expect(closed).toEqual(["waiting", "replay", "replaying"]);
});
