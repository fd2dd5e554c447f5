import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readWebhooksFile } from "../../src/webhooks/definition/webhooks-file.js";
import { hold } from "../support/hold.js";
import { hooksFolder, newSecret, startHooks } from "./support/hooks.js";
import { startReceiver } from "./support/receiver.js";
import { ScriptedFeed } from "./support/scripted-feed.js";

/** A folder with usable secrets and an authority. */
function folderWithFiles() {
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  folder.write("short", "whsec_c2VjcmV0LWhpZGRlbg==");
  folder.write("three", [newSecret(), newSecret(), newSecret()].join("\n"));
  folder.write("empty", "\n");
  return folder;
}

const USUAL = {
  name: "one",
  url: "https://backup.example/hook",
  secretFile: "secret",
  subscription: "subscription { a }",
};

test.each([
  ["no JSON", "[{", /^WEBHOOKS_FILE \S+ must be JSON[^\n]*\.$/],
  ["a mistake", '[\n  {"url": hidden }]', /^WEBHOOKS_FILE \S+ must be JSON[^\n]*\.$/],
  [
    "a mistake at its end",
    '[\n  {"url": "https://a/?hidden" ',
    /must be JSON; the mistake is at line 2, column \d+\.$/,
  ],
  [
    "other bytes than UTF-8",
    Buffer.from([0xff, 0xfe, 0x5b]),
    /^WEBHOOKS_FILE must be the path of a readable file: it is not UTF-8\.$/,
  ],
  ["no list", "{}", /must be a JSON list of webhooks\.$/],
  ["no object", '["one"]', /, entry 1 must be an object\.$/],
  [
    "an unknown field",
    [{ ...USUAL, secret: "x" }],
    /, entry 1 \("one"\) has an unknown field "secret": the fields are name, /,
  ],
  ["a missing name", [{ ...USUAL, name: undefined }], /, entry 1, field "name" is missing\.$/],
  ["a name that is no file name", [{ ...USUAL, name: "../one" }], /, field "name" must have 1 to 64 letters/],
  ["a number as a name", [{ ...USUAL, name: 1 }], /, entry 1, field "name" must be a text that is not empty\.$/],
  [
    "a name twice",
    [USUAL, { ...USUAL, name: "ONE" }],
    /, entry 2 \("ONE"\), field "name" must be unique, but entry 1 has/,
  ],
  [
    "plain HTTP",
    [{ ...USUAL, url: "http://backup.example/?key=hidden" }],
    /field "url" must be an https URL; .* write "insecure": true\.$/,
  ],
  ["no URL", [{ ...USUAL, url: "backup.example hidden" }], /field "url" must be an https URL such as/],
  [
    "another scheme",
    [{ ...USUAL, url: "ftp://backup.example", insecure: true }],
    /field "url" must be an https URL such as/,
  ],
  [
    "a password",
    [{ ...USUAL, url: "https://me:hidden@backup.example" }],
    /field "url" must have no user name and no password\.$/,
  ],
  ["no switch", [{ ...USUAL, insecure: "yes" }], /field "insecure" must be true or false\.$/],
  ["a missing secret", [{ ...USUAL, secretFile: "nowhere" }], /field "secretFile" must name a readable file: ENOENT/],
  [
    "a short secret",
    [{ ...USUAL, secretFile: "short" }],
    /field "secretFile" must name a file with one or two lines, each "whsec_" and 24 to 64 bytes/,
  ],
  ["three secrets", [{ ...USUAL, secretFile: "three" }], /field "secretFile" must name a file with one or two lines/],
  [
    "an empty secret file",
    [{ ...USUAL, secretFile: "empty" }],
    /field "secretFile" must name a file with one or two lines/,
  ],
  ["no authority", [{ ...USUAL, caFile: "secret" }], /field "caFile" must name a PEM file with a certificate\.$/],
  ["no document", [{ ...USUAL, subscription: " " }], /field "subscription" must be a text that is not empty\.$/],
  ["too many", Array.from({ length: 101 }, () => USUAL), /must have at most 100 webhooks, got 101\.$/],
])("a file with %s is refused with the place", (_, content, expected) => {
  const folder = folderWithFiles();
  const isRaw = typeof content === "string" || Buffer.isBuffer(content);
  folder.write("webhooks.json", isRaw ? content : JSON.stringify(content));
  const read = () => readWebhooksFile(folder.path);
  expect(read).toThrow(expected);
  expect(read).not.toThrow(/hidden/);
});

test("a file that cannot be read is refused by the name of the setting", () => {
  expect(() => readWebhooksFile("/nowhere/webhooks.json")).toThrow(
    /^WEBHOOKS_FILE must be the path of a readable file: ENOENT/,
  );
});

test("a document that cannot be used is refused with the place", async () => {
  const folder = folderWithFiles();
  folder.define([{ name: "one", url: "https://backup.example/hook", subscription: "wrong" }]);
  await expect(startHooks(folder, {})).rejects.toThrow(/, entry 1 \("one"\), field "subscription": No subscription\.$/);
});

test("reading the file again adds, changes and removes webhooks, and leaves the others alone", async () => {
  const folder = folderWithFiles();
  const [before, after] = [await startReceiver(), await startReceiver()];
  const names = ["same", "changed", "removed", "added"];
  const feeds = Object.fromEntries(names.map((name) => [name, new ScriptedFeed()]));
  const of = (name: string, url: string) => ({ name, url: `${url}&of=${name}` });
  folder.define([of("same", before.url), of("changed", before.url), of("removed", before.url)]);
  const hooks = await startHooks(folder, feeds);
  const opened = () => names.map((name) => feeds[name]?.opened.length);
  await expect.poll(opened).toEqual([1, 1, 1, 0]);

  folder.define([of("added", after.url), of("changed", after.url), of("same", before.url)]);
  await hooks.webhooks.reload();
  await expect.poll(opened).toEqual([1, 2, 1, 1]);
  expect(hooks.webhooks.delivering.map(({ definition }) => definition.name)).toEqual(["added", "changed", "same"]);
  for (const name of names) feeds[name]?.emit(name);
  await expect.poll(() => [before.ids(), after.ids().sort()]).toEqual([["same"], ["added", "changed"]]);
});

test("a webhook that is changed waits for the response to its attempt, which then counts; stopping meanwhile starts nothing", async () => {
  const folder = folderWithFiles();
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  const define = (path: string) => folder.define([{ name: "one", url: `${receiver.url}${path}` }]);
  define("&a");
  const { webhooks } = await startHooks(folder, { one: feed });
  await expect.poll(() => feed.opened.length).toBe(1);
  const held = hold();
  receiver.replyWith((_request, response) => void held.released.then(() => response.writeHead(204).end()));
  feed.emit("a", "b");
  await expect.poll(() => receiver.ids()).toEqual(["a"]);
  define("&b");
  const reloaded = webhooks.reload();
  held.release();
  await reloaded;
  await expect
    .poll(() => receiver.received.map(({ id, path }) => [id, path.slice(-1)]))
    .toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);

  receiver.usual = () => {};
  feed.emit("c");
  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "c"]);
  define("&c");
  const again = webhooks.reload();
  const stopped = webhooks.stop();
  await receiver.stop();
  await Promise.all([again, stopped]);
  expect(feed.opened).toHaveLength(2);
});

test("a rotated secret is used after the file was read again; the first one signs", async () => {
  const folder = folderWithFiles();
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  folder.define([{ name: "one", url: receiver.url }]);
  const { webhooks } = await startHooks(folder, { one: feed });
  const secrets = [newSecret(), newSecret()];
  folder.write("secret", `${secrets.join("\r\n")}\n`);
  await webhooks.reload();
  expect(webhooks.delivering[0]?.definition.secrets).toEqual(secrets);
});

test("a file with a mistake changes nothing when it is read again, and is logged with the place", async () => {
  const folder = folderWithFiles();
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  folder.define([{ name: "one", url: receiver.url }]);
  const hooks = await startHooks(folder, { one: feed, two: new ScriptedFeed() });
  await expect.poll(() => feed.opened.length).toBe(1);
  folder.define([
    { name: "two", url: receiver.url },
    { name: "one", url: "" },
  ]);
  await hooks.webhooks.reload();
  folder.define([{ name: "two", url: receiver.url, subscription: "wrong" }]);
  await hooks.webhooks.reload();
  feed.emit("a");

  await expect.poll(() => receiver.ids()).toEqual(["a"]);
  const reasons = hooks.log.lines.filter(({ level }) => level === 50).map(({ reason }) => reason);
  expect(reasons).toEqual([
    expect.stringContaining('entry 2 ("one"), field "url"'),
    expect.stringContaining('entry 1 ("two"), field "subscription"'),
  ]);
});

test("a webhook that is defined again goes on where it stopped", async () => {
  const folder = folderWithFiles();
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  const define = () => folder.define([{ name: "one", url: receiver.url }]);
  define();
  const { webhooks } = await startHooks(folder, { one: feed });
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a");
  await expect.poll(() => webhooks.delivering[0]?.state.cursor).toBe("1");
  folder.define([]);
  await webhooks.reload();
  feed.emit("b");
  define();
  await webhooks.reload();
  await expect.poll(() => receiver.ids()).toEqual(["a", "b"]);
});

test("the state file holds no secret and no address", async () => {
  const folder = folderWithFiles();
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  folder.define([{ name: "one", url: receiver.url }]);
  const { webhooks } = await startHooks(folder, { one: feed });
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a");
  await expect.poll(() => webhooks.delivering[0]?.state.cursor).toBe("1");
  const text = readFileSync(`${folder.stateDir}/webhooks/one.jsonl`, "utf8");
  expect(text).toContain('"eventId":"a"');
  expect(text).not.toMatch(/whsec_|hooks\/towerql|hidden/);
});
