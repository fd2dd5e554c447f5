import type { IncomingMessage } from "node:http";
import { Webhook } from "standardwebhooks";
import { expect, test, vi } from "vitest";
import { hooksFolder, newSecret, startHooks } from "./support/hooks.js";
import { ManualClock } from "./support/manual-clock.js";
import { type Received, startReceiver } from "./support/receiver.js";
import { OLDEST_AT, ScriptedFeed } from "./support/scripted-feed.js";

const HOUR_MS = 3_600_000;

/** One webhook with its feed and its receiver. */
async function oneHook(options: Parameters<typeof startHooks>[2] = {}) {
  const receiver = await startReceiver();
  const feed = new ScriptedFeed();
  const folder = hooksFolder();
  const secret = newSecret();
  folder.write("secret", secret);
  folder.define([{ name: "one", url: receiver.url }]);
  const start = () => startHooks(folder, { one: feed }, options);
  return { receiver, feed, folder, secret, start };
}

const one = ({ webhooks }: Awaited<ReturnType<typeof startHooks>>) => {
  const [worker] = webhooks.delivering;
  if (worker === undefined) throw new Error("no webhook");
  return worker;
};

/** Verifies a request as of the time when it was sent: the clock of the tests runs ahead. */
function verify(secret: string, { body, headers }: Received): unknown {
  vi.spyOn(Date, "now").mockReturnValueOnce(Number(headers["webhook-timestamp"]) * 1_000);
  return new Webhook(secret).verify(body, headers);
}

test("sends each event once, in order and signed, from the moment of the first start", async () => {
  const { receiver, feed, secret, start } = await oneHook();
  feed.emit("before");
  const hooks = await start();
  await expect.poll(() => feed.opened).toEqual([undefined]);
  feed.emit("a", "b", "c");

  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "c"]);
  expect(receiver.received.map((request) => verify(secret, request))).toEqual([{ id: "a" }, { id: "b" }, { id: "c" }]);
  expect(receiver.received[0]?.headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "TowerQL/test",
  });
  await expect.poll(() => one(hooks).state.cursor).toBe("4");
  expect(one(hooks).state.delivered.map(({ eventId, status }) => [eventId, status])).toEqual([
    ["a", "DELIVERED"],
    ["b", "DELIVERED"],
    ["c", "DELIVERED"],
  ]);
});

test("retries after the documented pauses with the same id and the state of then, while later events wait", async () => {
  const { receiver, feed, secret, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.usual = 500;
  let reads = 0;
  const body = () => {
    reads += 1;
    return JSON.stringify({ read: reads });
  };
  feed.emit({ id: "a", body }, "b");

  const pauses = [5, 30, 120, 600, 1_800, 3_600, 3_600].map((seconds) => seconds * 1_000);
  for (const [index, pause] of pauses.entries()) {
    await expect.poll(() => [receiver.ids().length, hooks.clock.sleeping]).toEqual([index + 1, 1]);
    expect(hooks.clock.waits.at(-1)).toBeGreaterThanOrEqual(pause);
    expect(hooks.clock.waits.at(-1)).toBeLessThanOrEqual(pause * 1.1);
    hooks.clock.advance(pause - 1);
    expect(receiver.ids()).toHaveLength(index + 1);
    hooks.clock.advance(pause * 0.1 + 1);
  }
  await expect.poll(() => receiver.ids().length).toBe(8);
  expect(one(hooks).lagSeconds).toBeGreaterThan(9_000);
  receiver.usual = 204;
  await expect.poll(() => hooks.clock.sleeping).toBe(1);
  hooks.clock.advance(2 * HOUR_MS);

  await expect.poll(() => receiver.ids()).toEqual([...Array(9).fill("a"), "b"]);
  expect(receiver.received.slice(0, 9).map((request) => verify(secret, request))).toEqual(
    Array.from({ length: 9 }, (_, index) => ({ read: index + 1 })),
  );
  await expect.poll(() => one(hooks).lagSeconds).toBe(0);
  expect(hooks.attempts.filter(({ failure }) => failure === "response")).toHaveLength(8);
}, 60_000);

test("gives an event up after three days and goes on with the next one", async () => {
  const { receiver, feed, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.usual = 503;
  feed.emit("a", "b");
  await expect.poll(() => hooks.clock.sleeping).toBe(1);
  hooks.clock.advance(71 * HOUR_MS);
  await expect.poll(() => [receiver.ids().length, hooks.clock.sleeping]).toEqual([2, 1]);
  receiver.replyWith(503, 204);
  hooks.clock.advance(HOUR_MS);

  await expect.poll(() => receiver.ids()).toEqual(["a", "a", "a", "b"]);
  await expect.poll(() => one(hooks).state.delivered.map(({ eventId }) => eventId)).toEqual(["b"]);
  expect(one(hooks).state.deadLetters).toMatchObject([
    { eventId: "a", kind: "EXPIRED", attempts: 3, httpStatus: 503, message: "the receiver responded with 503" },
  ]);
  expect(hooks.deadLetters).toEqual([{ webhook: "one", kind: "EXPIRED" }]);
});

test("a selection that still fails in part is a dead letter; while CloudTower does not respond, it is retried", async () => {
  const { receiver, feed, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  let isDown = true;
  feed.emit(
    { id: "broken", problem: () => ({ message: "FORBIDDEN: not yours", isTransient: false }) },
    { id: "late", problem: () => (isDown ? { message: "UPSTREAM_UNAVAILABLE", isTransient: true } : undefined) },
  );
  const waitOnce = async (count: number, milliseconds: number) => {
    await expect.poll(() => [hooks.attempts.length, hooks.clock.sleeping]).toEqual([count, 1]);
    hooks.clock.advance(milliseconds);
  };
  for (const [index, seconds] of [6, 33, 132].entries()) await waitOnce(index + 1, seconds * 1_000);
  // "broken" is given up with its fourth attempt; that of "late" follows immediately.
  for (const index of [0, 1, 2, 3, 4]) await waitOnce(5 + index, HOUR_MS);
  isDown = false;
  await waitOnce(10, 2 * HOUR_MS);

  await expect.poll(() => receiver.ids()).toEqual(["late"]);
  expect(one(hooks).state.deadLetters).toMatchObject([
    { eventId: "broken", kind: "SELECTION_FAILED", attempts: 4, message: "FORBIDDEN: not yours" },
  ]);
});

test("410 Gone switches a webhook off across restarts, until it is enabled; then the same event comes first", async () => {
  const { receiver, feed, start } = await oneHook();
  const first = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.replyWith(410);
  feed.emit("a", "b");
  await expect.poll(() => one(first).state.enabled).toBe(false);
  await first.webhooks.stop();
  const hooks = await start();
  expect(one(hooks).state.enabled).toBe(false);
  hooks.clock.advance(HOUR_MS);
  expect(one(hooks).lagSeconds).toBeGreaterThanOrEqual(3_600);
  expect(receiver.ids()).toEqual(["a"]);

  await hooks.webhooks.enable("one", new AbortController().signal);
  await expect.poll(() => receiver.ids()).toEqual(["a", "a", "b"]);
  expect(one(hooks).state.enabled).toBe(true);
});

test.each([
  ["a redirect, which is not followed", 307, "the receiver responded with 307: redirects are not followed"],
  ["no response in time", () => {}, "no response within 0.2 s"],
  [
    "a broken connection",
    (request: IncomingMessage) => void request.socket.destroy(),
    expect.stringMatching(/socket hang up|ECONNRESET/),
  ],
])("%s is a failure, and the event is sent again", async (_, reply, message) => {
  const { receiver, feed, start } = await oneHook({ timeoutMs: 200 });
  const other = await startReceiver();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.replyWith(
    typeof reply === "number"
      ? (_request, response) => void response.writeHead(reply, { location: other.url }).end()
      : (reply as never),
  );
  feed.emit("a");

  await expect.poll(() => hooks.clock.sleeping).toBe(1);
  expect(one(hooks).state.pending).toMatchObject({ eventId: "a", message });
  hooks.clock.advance(6_000);
  await expect.poll(() => receiver.ids()).toEqual(["a", "a"]);
  expect(other.received).toEqual([]);
});

test("a webhook whose receiver hangs or fails delays no other", async () => {
  const [slow, quick] = [await startReceiver(), await startReceiver()];
  slow.usual = () => {};
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  folder.define([
    { name: "slow", url: slow.url },
    { name: "quick", url: quick.url },
  ]);
  const feeds = { slow: new ScriptedFeed(), quick: new ScriptedFeed() };
  await startHooks(folder, feeds);
  await expect.poll(() => [feeds.slow.opened.length, feeds.quick.opened.length]).toEqual([1, 1]);
  for (const feed of Object.values(feeds)) feed.emit("a", "b", "c");

  await expect.poll(() => quick.ids()).toEqual(["a", "b", "c"]);
  expect(slow.ids()).toEqual(["a"]);
  await slow.stop();
});

test("after a kill between response and store, the same id is sent again, and nothing else", async () => {
  const { receiver, feed, start } = await oneHook();
  feed.overlap = 10;
  const first = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a");
  await expect.poll(() => one(first).state.cursor).toBe("1");
  receiver.replyWith((_request, response) => {
    first.kill();
    response.writeHead(204).end();
  });
  feed.emit("b", "c");
  await expect.poll(() => receiver.ids()).toEqual(["a", "b"]);

  const hooks = await start();
  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "b", "c"]);
  await expect.poll(() => one(hooks).state.cursor).toBe("3");
});

test("while the state cannot be written, delivery waits; then it goes on without a repetition", async () => {
  const life = { isOver: false, isDiskFull: false };
  const { receiver, feed, start } = await oneHook({ life });
  const hooks = await start();
  await expect.poll(() => one(hooks).state.cursor).toBe("0");
  life.isDiskFull = true;
  feed.emit("a", "b");
  for (const waits of [1, 2, 3]) {
    await expect.poll(() => [hooks.clock.waits.length, hooks.clock.sleeping]).toEqual([waits, 1]);
    expect(one(hooks).problem).toBe("ENOSPC: no space left on device");
    if (waits === 3) life.isDiskFull = false;
    hooks.clock.advance(60_000);
  }

  await expect.poll(() => receiver.ids()).toEqual(["a", "b"]);
  await expect.poll(() => one(hooks).state.cursor).toBe("2");
  const logged = hooks.log.lines.filter(({ msg }) => String(msg).includes("state"));
  expect(logged.map(({ msg }) => msg)).toEqual([
    "webhook waits: its state cannot be written",
    "webhook's state can be written again",
  ]);
});

test("a receiver that was down is caught up from the last acknowledged event, also across a restart", async () => {
  const clock = new ManualClock();
  const { receiver, feed, start } = await oneHook({ clock });
  const first = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a");
  await expect.poll(() => receiver.ids()).toEqual(["a"]);
  await receiver.stop();
  feed.emit("b");
  await expect.poll(() => first.clock.sleeping).toBe(1);
  expect(one(first).state.pending?.message).toMatch(/ECONNREFUSED/);
  await first.webhooks.stop();
  feed.emit("c");
  clock.advance(HOUR_MS);

  const hooks = await start();
  await expect.poll(() => clock.sleeping).toBe(1);
  expect(one(hooks).lagSeconds).toBe(3_600);
  await receiver.start();
  clock.advance(HOUR_MS);
  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "c"]);
  await expect.poll(() => one(hooks).state.delivered.map(({ attempts }) => attempts)).toEqual([1, 3, 1]);
});

test("an expired cursor is a dead letter of kind GAP with both times, and delivery goes on from the oldest event", async () => {
  const { receiver, feed, start } = await oneHook();
  const first = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a");
  await expect.poll(() => one(first).state.cursor).toBe("1");
  const worker = one(first);
  await first.webhooks.stop();
  const left = new Date(worker.state.cursorAt).toISOString();
  feed.emit("b", "c", "d");
  feed.oldest = 2;

  const hooks = await start();
  await expect.poll(() => receiver.ids()).toEqual(["a", "c", "d"]);
  const message = `Events from ${left} to ${OLDEST_AT} were not delivered: CloudTower no longer shows them.`;
  expect(one(hooks).state.deadLetters).toMatchObject([{ eventId: null, kind: "GAP", message }]);
  expect(hooks.deadLetters).toEqual([{ webhook: "one", kind: "GAP" }]);
});

test("a cursor that stays expired is tried again with pauses: one gap, not thousands", async () => {
  const { feed, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => one(hooks).state.cursor).toBe("0");
  await hooks.webhooks.stop();
  feed.oldest = 2;
  feed.isAlwaysExpired = true;
  const again = await start();
  for (const count of [3, 4]) {
    await expect.poll(() => [feed.opened.length, again.clock.sleeping]).toEqual([count, 1]);
    again.clock.advance(60_000);
  }
  expect(one(again).state.deadLetters).toHaveLength(1);
});

test("a feed that fails is opened again with pauses, and one log line", async () => {
  const { receiver, feed, start } = await oneHook();
  feed.failure = new Error("CloudTower is away");
  const hooks = await start();
  for (const count of [1, 2, 3]) {
    await expect.poll(() => [feed.opened.length, hooks.clock.sleeping]).toEqual([count, 1]);
    expect(one(hooks).problem).toBe("CloudTower is away");
    if (count === 3) feed.failure = undefined;
    hooks.clock.advance(60_000);
  }
  await expect.poll(() => feed.opened.length).toBe(4);
  feed.emit("a");

  await expect.poll(() => receiver.ids()).toEqual(["a"]);
  const messages = hooks.log.lines.map(({ msg }) => msg);
  expect(one(hooks).problem).toBeUndefined();
  expect(messages).toEqual([
    "webhook is insecure: it may send unencrypted, and trusts any certificate",
    "webhook cannot read its events",
    "webhook reads its events again",
    "webhook delivered",
  ]);
});

test("a stream that ended because its reader was too slow is opened again where it was", async () => {
  const { receiver, feed, start } = await oneHook();
  feed.overlap = 2;
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.replyWith(204, 500);
  feed.emit("a", "b", "c");
  await expect.poll(() => hooks.clock.sleeping).toBe(1);
  feed.hasLagged = true;
  hooks.clock.advance(6_000);

  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "b", "c"]);
  expect(feed.opened).toEqual([undefined, "2"]);
  expect(one(hooks).state.deadLetters).toEqual([]);
});

test("replay sends again what came after a cursor, under the same ids; a cursor that cannot be used changes nothing", async () => {
  const { receiver, feed, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  feed.emit("a", "b", "c");
  await expect.poll(() => one(hooks).state.cursor).toBe("3");

  await expect(hooks.webhooks.replay("one", "nonsense", new AbortController().signal)).rejects.toThrow("not a cursor");
  expect(one(hooks).state.cursor).toBe("3");
  await hooks.webhooks.replay("one", "1", new AbortController().signal);
  await expect.poll(() => receiver.ids()).toEqual(["a", "b", "c", "b", "c"]);
  await expect(hooks.webhooks.replay("two", "1", new AbortController().signal)).rejects.toThrow(
    'No webhook is named "two"',
  );
});

test("a test delivery reports the outcome and moves nothing", async () => {
  const { receiver, feed, secret, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => one(hooks).state.cursor).toBe("0");
  expect(await hooks.webhooks.test("one")).toEqual({ delivered: true, httpStatus: 204, message: null });
  receiver.replyWith(410);
  expect(await hooks.webhooks.test("one")).toEqual({
    ...{ delivered: false, httpStatus: 410, message: "the receiver responded with 410" },
  });
  expect(receiver.ids()).toEqual([expect.stringMatching(/^test_/), expect.stringMatching(/^test_/)]);
  expect(verify(secret, receiver.received[0] as Received)).toEqual({ data: null, extensions: { test: true } });
  expect(one(hooks).state).toMatchObject({ enabled: true, cursor: "0", delivered: [] });
  feed.emit("a");
  await expect.poll(() => receiver.ids().at(-1)).toBe("a");
});

test("nothing secret is logged", async () => {
  const { receiver, feed, secret, start } = await oneHook();
  const hooks = await start();
  await expect.poll(() => feed.opened.length).toBe(1);
  receiver.replyWith(500, 307, 410);
  feed.emit("a");
  for (const count of [1, 2]) {
    await expect.poll(() => [receiver.ids().length, hooks.clock.sleeping]).toEqual([count, 1]);
    hooks.clock.advance(60_000);
  }
  await expect.poll(() => one(hooks).state.enabled).toBe(false);
  expect(hooks.log.text()).not.toContain("hidden-query");
  expect(hooks.log.text()).not.toContain(secret.slice("whsec_".length));
  expect(hooks.log.lines.length).toBeGreaterThan(3);
});
