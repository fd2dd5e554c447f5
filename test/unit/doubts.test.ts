import { expect, test } from "vitest";
import { LocalIntents } from "../../src/coordination/local/local-intents.js";
import { argumentsName, KnownUsers } from "../../src/flows/writes/own-tasks.js";
import type { Row } from "../../src/upstream/wire/types.js";

const HOUR_MS = 3_600_000;

test("a write that is in doubt no longer is still remembered, but not beyond a bound", async () => {
  const intents = new LocalIntents(1, 2);
  for (const key of ["a", "b", "c"]) await intents.keep(new Map([[key, key]]), 0, "call");
  await intents.keep(new Map([["in doubt", ""]]), HOUR_MS, "call");
  await intents.keep(new Map([["d", "d"]]), 0, "call");

  const known = await intents.known(["a", "b", "c", "d"]);

  expect([...known].map(([key, { note }]) => [key, note])).toEqual([
    ["b", "b"],
    ["c", "c"],
    ["d", "d"],
  ]);
  for (const { leftMs } of known.values()) expect(leftMs).toBeLessThanOrEqual(0);
});

test("full intents refuse more writes instead of forgetting any, and take them when others have expired", async () => {
  const intents = new LocalIntents(2);
  await intents.keep(new Map([["expired", ""]]), 0, "call");
  await intents.keep(new Map([["a", ""]]), HOUR_MS, "call");
  await intents.keep(new Map([["b", ""]]), HOUR_MS, "call");

  await expect(intents.keep(new Map([["c", ""]]), HOUR_MS, "call")).rejects.toMatchObject({ code: "RATE_LIMITED" });
  await intents.keep(new Map([["b", "again"]]), HOUR_MS, "call");

  expect([...(await intents.known(["a", "b", "c"])).keys()]).toEqual(["a", "b"]);
});

const task = (id: string, userId: string | null, args: unknown = {}) =>
  ({ id, args, user: userId === null ? null : { id: userId, name: userId } }) as Row<"Task">;

test("only tasks of other users than the caller's known one are certainly another's", () => {
  const users = new KnownUsers();
  users.learn("caller", task("accepted", "me"));
  const isAnother = (caller: string) => ["me", "other", null].map((user) => users.isAnother(caller, task("a", user)));
  expect([isAnother("caller"), isAnother("unknown")]).toEqual([
    [false, true, false],
    [false, false, false],
  ]);
});

test("tasks of another user, or of none, are not the caller's once the caller's user is known", () => {
  const users = new KnownUsers();
  users.learn("caller", task("accepted", "me"));
  const own = users.ownTasks("caller", [task("a", "me"), task("b", "other"), task("c", null)]);
  expect(own.map(({ id }) => id)).toEqual(["a"]);
});

test("while the caller's user is unknown, tasks of one user may be the caller's, those of several are not", () => {
  const users = new KnownUsers();
  expect(users.ownTasks("caller", [task("a", "x"), task("b", null)]).map(({ id }) => id)).toEqual(["a"]);
  expect(users.ownTasks("caller", [task("a", "x"), task("b", "y")])).toEqual([]);
});

test("finds names in arguments at any depth, and in JSON in texts, but not parts of names", () => {
  const args = { input: JSON.stringify({ where: { id_in: ["vm-1"] } }), data: [{ snapshot_id: "snapshot-1" }] };
  expect(argumentsName(task("a", null, args), ["vm-1", "snapshot-1"])).toBe(true);
  expect(argumentsName(task("a", null, args), ["vm"])).toBe(false);
  expect(argumentsName(task("a", null, null), ["vm"])).toBe(false);
});
