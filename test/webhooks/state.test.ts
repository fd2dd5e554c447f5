import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Logs } from "../../src/coordination/coordination.js";
import { DirectoryStore } from "../../src/webhooks/store/directory-store.js";
import { SharedStore } from "../../src/webhooks/store/shared-store.js";
import { changed, type Delivery, FRESH_STATE, type StateChange } from "../../src/webhooks/store/webhook-state.js";
import { StateTakenError } from "../../src/webhooks/store/webhook-store.js";
import { hooksFolder } from "./support/hooks.js";

const settled = (index: number, kind: Delivery["kind"] = null): StateChange => ({
  type: "settled",
  feed: "taskEvents",
  at: index,
  delivery: {
    ...{
      eventId: `event-${index}`,
      cursor: `cursor-${index}`,
      status: kind === null ? "DELIVERED" : "DEAD_LETTER",
      kind,
    },
    ...{ attempts: 1, firstAttemptAt: index, lastAttemptAt: index, httpStatus: 204, message: null },
  },
});

/** The state of the webhook in a directory, as the next process finds it. */
async function loaded(stateDir: string) {
  const store = await DirectoryStore.open(stateDir);
  return store.load("one").finally(() => store.close());
}

/** A directory with a state of one webhook in it, and its file. */
async function stored(changes: readonly StateChange[]) {
  const { stateDir } = hooksFolder();
  const store = await DirectoryStore.open(stateDir);
  await store.load("one");
  for (const change of changes) await store.record("one", change);
  const state = await store.load("one");
  await store.close();
  return {
    state,
    stateDir,
    file: join(stateDir, "webhooks", "one.jsonl"),
    reload: () => loaded(stateDir),
  };
}

test("a state is the same after it was read again", async () => {
  const { state, reload } = await stored([
    { type: "moved", feed: "taskEvents", cursor: "begin", at: 1 },
    settled(2),
    settled(3, "EXPIRED"),
    { type: "switched", enabled: false },
  ]);
  expect(state).toMatchObject({ enabled: false, cursor: "cursor-3", feed: "taskEvents", cursorAt: 3 });
  expect(await reload()).toEqual(state);
});

test("a file cut off at any byte gives the state of a whole number of changes, or an error; never a fresh state", async () => {
  const changes = [settled(1), settled(2), settled(3)];
  const { file, reload } = await stored(changes);
  const bytes = readFileSync(file);
  const seen = new Set<string | undefined>();
  for (let length = bytes.length; length > 0; length -= 7) {
    writeFileSync(file, bytes.subarray(0, length));
    const outcome = await reload().then(
      ({ cursor }) => cursor ?? "none",
      (error: Error) => error.message,
    );
    seen.add(outcome);
    if (outcome === "none") expect(length).toBeGreaterThan(bytes.indexOf("\n"));
  }
  expect([...seen]).toEqual([
    "cursor-3",
    "cursor-2",
    "cursor-1",
    "none",
    expect.stringContaining("line 1: it has no complete line"),
  ]);
});

test.each([
  ["garbage", "garbage\n", "line 1: it is not JSON"],
  ["nothing", "", "line 1: it has no complete line"],
  ["another document", '{"a":1}\n', "line 1: it is no state of a webhook"],
  ["a newer version", '{"version":2}\n', "line 1: it has version 2, and this TowerQL reads 1"],
  ["an incomplete state", '{"version":1,"state":{"enabled":true}}\n', "line 1: its state is incomplete"],
])("a state file with %s is an error that names the file and the line", async (_, text, expected) => {
  const { stateDir } = hooksFolder();
  mkdirSync(join(stateDir, "webhooks"), { recursive: true });
  const file = join(stateDir, "webhooks", "one.jsonl");
  writeFileSync(file, text);
  const store = await DirectoryStore.open(stateDir);
  await expect(store.load("one")).rejects.toThrow(
    `STATE_DIR has a damaged file, ${file}: ${expected}. Restore the file`,
  );
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a damaged line between others is an error; a line without its end is dropped and written over", async () => {
  const { file, stateDir, reload } = await stored([settled(1)]);
  appendFileSync(file, '{"type":"moved","feed":"taskEv');
  const store = await DirectoryStore.open(stateDir);
  expect((await store.load("one")).cursor).toBe("cursor-1");
  await store.record("one", settled(2));
  await store.close();
  expect((await reload()).cursor).toBe("cursor-2");

  appendFileSync(file, `{"type":"moved"}\n${JSON.stringify(settled(3))}\n`);
  await expect(reload()).rejects.toThrow("line 2: it is no change of a webhook");
});

test("what is remembered is bounded", () => {
  let state = FRESH_STATE;
  for (let index = 0; index < 12_500; index += 1) {
    state = changed(state, settled(index, index % 10 === 0 ? "EXPIRED" : null));
  }
  expect([state.settledIds.size, state.delivered.length, state.deadLetters.length]).toEqual([10_000, 200, 1_000]);
  expect([state.settledIds.has("event-2499"), state.settledIds.has("event-2500")]).toEqual([false, true]);
  expect([state.delivered.at(-1)?.eventId, state.deadLetters.at(-1)?.eventId]).toEqual(["event-12499", "event-12490"]);
});

test("the file is written anew now and then, so that it is bounded too", async () => {
  const { stateDir } = hooksFolder();
  const store = await DirectoryStore.open(stateDir, { maxChanges: 50 });
  await store.load("one");
  for (let index = 0; index < 270; index += 1) await store.record("one", settled(index));
  const state = await store.load("one");
  await store.close();
  const folder = join(stateDir, "webhooks");
  expect(readdirSync(folder)).toEqual(["one.jsonl"]);
  expect(readFileSync(join(folder, "one.jsonl"), "utf8").trim().split("\n")).toHaveLength(21);
  expect(await loaded(stateDir)).toEqual(state);
});

test("of two processes that use a directory by mistake, the one that came later records; the other one is told", async () => {
  const { stateDir } = hooksFolder();
  const [earlier, later] = [await DirectoryStore.open(stateDir), await DirectoryStore.open(stateDir)];
  await earlier.load("one");
  await earlier.record("one", settled(1));
  expect((await later.load("one")).cursor).toBe("cursor-1");
  await later.record("one", settled(2));
  await expect(earlier.record("one", settled(3))).rejects.toThrow("another gateway uses STATE_DIR");
  await later.record("one", settled(4));
  for (const store of [earlier, later]) await store.close();
  expect((await loaded(stateDir)).cursor).toBe("cursor-4");
});

test("a state that was removed is not written on to: what is recorded would be lost", async () => {
  const { stateDir } = hooksFolder();
  const store = await DirectoryStore.open(stateDir);
  await store.load("one");
  rmSync(join(stateDir, "webhooks", "one.jsonl"));
  await expect(store.record("one", settled(1))).rejects.toThrow("was replaced or removed");
  await store.close();
});

test("a webhook without a file begins fresh", async () => {
  const { stateDir } = hooksFolder();
  const store = await DirectoryStore.open(stateDir);
  expect(await store.load("new")).toEqual(FRESH_STATE);
  await store.close();
});

test("a directory that cannot be made is an error", async () => {
  const folder = hooksFolder();
  const file = folder.write("file", "");
  await expect(DirectoryStore.open(file)).rejects.toThrow(
    "STATE_DIR must be the path of a directory that can be written",
  );
});

test("a change whose record was in doubt is in a shared log once, and only the latest claim appends", async () => {
  const lines: string[] = [];
  let claimed = "";
  let isLost = false;
  const logs: Logs = {
    read: async () => [...lines],
    async claim(_, claim) {
      claimed = claim;
      return [...lines];
    },
    async append(_, claim, entry) {
      if (claim !== claimed) return undefined;
      const length = lines.push(entry);
      if (isLost) throw new Error("the response was lost");
      return length;
    },
    async replace(_, claim, entry) {
      if (claim !== claimed) return false;
      lines.splice(0, lines.length, entry);
      return true;
    },
  };
  const change = { type: "switched", enabled: false } as const;
  const store = new SharedStore(logs);
  expect(await store.load("one")).toEqual(FRESH_STATE);
  isLost = true;
  await expect(store.record("one", change)).rejects.toThrow("lost");
  isLost = false;
  expect((await store.record("one", change)).enabled).toBe(false);
  expect(lines).toHaveLength(2);
  await store.record("one", change);
  expect(lines).toHaveLength(3);

  const other = new SharedStore(logs);
  expect(await other.load("one")).toMatchObject({ enabled: false });
  await expect(store.record("one", change)).rejects.toThrow(StateTakenError);
  // What the logs have lost, the one that loads next knows.
  lines.length = 0;
  expect(await other.load("one")).toMatchObject({ enabled: false });
});
