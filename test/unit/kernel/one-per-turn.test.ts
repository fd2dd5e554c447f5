import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { OnePerTurn } from "../../../src/kernel/one-per-turn.js";

test("the first piece begins at once, the others in order, one in a turn of the event loop", async () => {
  const turns = new OnePerTurn();
  const begun: string[] = [];
  expect(turns.take()).toBeUndefined();
  for (const piece of ["second", "third"]) void turns.take()?.then(() => begun.push(piece));

  const seen: string[][] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    await setImmediate();
    seen.push([...begun]);
  }

  expect(seen).toContainEqual(["second"]);
  expect(begun).toEqual(["second", "third"]);
  expect(turns.take()).toBeUndefined();
});
