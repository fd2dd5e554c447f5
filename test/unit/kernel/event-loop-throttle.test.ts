import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { EventLoopThrottle } from "../../../src/kernel/event-loop-throttle.js";

test("the first piece begins at once, the others in order, one in a turn of the event loop", async () => {
  const turns = new EventLoopThrottle();
  const begun: string[] = [];
  expect(turns.acquire()).toBeUndefined();
  for (const piece of ["second", "third"]) void turns.acquire()?.then(() => begun.push(piece));

  const seen: string[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await setImmediate();
    seen.push([...begun]);
  }

  expect(seen).toContainEqual(["second"]);
  expect(begun).toEqual(["second", "third"]);
  expect(turns.acquire()).toBeUndefined();
});
