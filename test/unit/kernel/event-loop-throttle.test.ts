import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { EventLoopThrottle } from "../../../src/kernel/event-loop-throttle.js";

test("the first task starts immediately, the others in order, one per event-loop turn", async () => {
  const throttle = new EventLoopThrottle();
  const started: string[] = [];
  expect(throttle.acquire()).toBeUndefined();
  for (const task of ["second", "third"]) void throttle.acquire()?.then(() => started.push(task));

  const seen: string[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await setImmediate();
    seen.push([...started]);
  }

  expect(seen).toContainEqual(["second"]);
  expect(started).toEqual(["second", "third"]);
  expect(throttle.acquire()).toBeUndefined();
});
