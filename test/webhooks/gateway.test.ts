import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { selfSigned } from "../support/certificate.js";
import { hookedGateway, TASKS_ENDED } from "./support/hooked-gateway.js";
import { hooksFolder, newSecret } from "./support/hooks.js";
import { type Received, type Receiver, startReceiver } from "./support/receiver.js";

/** A gateway with one webhook for ended tasks, which has its first cursor. */
async function startOne(receiver: Receiver, entry: Record<string, unknown> = {}, env: Record<string, string> = {}) {
  const folder = hooksFolder();
  const secret = newSecret();
  folder.write("secret", secret);
  folder.define([{ name: "ended", url: receiver.url, subscription: TASKS_ENDED, ...entry }]);
  const gateway = await hookedGateway(folder, { env });
  await gateway.start();
  await expect.poll(async () => (await gateway.webhooks())[0]?.cursor).toEqual(expect.any(String));
  return { gateway, folder, secret };
}

const bodies = ({ received }: Receiver) => received.map(({ body }) => JSON.parse(body));

/** Whether a receiver that knows these secrets accepts a request. */
function isSignedBy(secret: string, { body, headers }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

test("delivers the result of the document over TLS, signed, and shows it to the administrator", async () => {
  const certificate = await selfSigned("DNS:localhost");
  const receiver = await startReceiver(certificate.tls);
  const { gateway, secret } = await startOne(receiver, { insecure: false, caFile: certificate.path });
  const taskId = await gateway.snapshot("one");

  await expect.poll(() => receiver.received.length).toBe(1);
  const [event] = bodies(receiver);
  expect(event).toEqual({
    data: { taskEvents: { kind: "ENDED", taskId, task: { status: "SUCCEEDED" } } },
    extensions: { cursor: expect.any(String) },
  });
  expect(isSignedBy(secret, receiver.received[0] as Received)).toBe(true);
  const delivered = { eventId: receiver.ids()[0], status: "DELIVERED", deadLetterKind: null, attempts: 1 };
  await expect
    .poll(() => gateway.webhooks())
    .toEqual([
      {
        name: "ended",
        url: `https://localhost:${receiver.port}/hooks/towerql`,
        enabled: true,
        cursor: event.extensions.cursor,
        lagSeconds: 0,
        deliveries: [{ ...delivered, httpStatus: 204, message: null }],
      },
    ]);
  const metrics = await (await fetch(`${gateway.url()}/metrics`)).text();
  expect(metrics).toContain('towerql_webhook_attempts_total{webhook="ended"} 1\n');
  expect(metrics).toContain('towerql_webhook_oldest_undelivered_seconds{webhook="ended"} 0\n');
  expect(metrics).toContain('towerql_webhook_enabled{webhook="ended"} 1\n');
});

test("a certificate of another authority is a failure; nothing is sent", async () => {
  const receiver = await startReceiver((await selfSigned("DNS:localhost")).tls);
  const other = await selfSigned("DNS:localhost");
  const { gateway } = await startOne(receiver, { insecure: false, caFile: other.path });
  await gateway.snapshot("one");

  await expect
    .poll(async () => (await gateway.webhooks())[0]?.deliveries)
    .toMatchObject([
      { status: "PENDING", httpStatus: null, message: expect.stringMatching(/certificate|self-signed/) },
    ]);
  expect(receiver.received).toEqual([]);
});

test("a receiver that was down gets what it missed after a restart of the gateway, with the state of then", async () => {
  const receiver = await startReceiver();
  const { gateway } = await startOne(receiver);
  await receiver.stop();
  const first = await gateway.snapshot("one");
  await expect.poll(() => gateway.clock.sleeping).toBe(1);
  await gateway.stop();
  gateway.simulator.control.patch("Task", first, { status: "FAILED" });
  await receiver.start();
  await gateway.start();
  const second = await gateway.snapshot("two");

  await expect
    .poll(() => bodies(receiver).map(({ data }) => data.taskEvents))
    .toMatchObject([
      { taskId: first, task: { status: "FAILED" } },
      { taskId: second, task: { status: "SUCCEEDED" } },
    ]);
});

test("a retry reads the object again", async () => {
  const receiver = await startReceiver();
  receiver.replyWith(500);
  const { gateway } = await startOne(receiver);
  const taskId = await gateway.snapshot("one");
  await expect.poll(() => gateway.clock.sleeping).toBe(1);
  gateway.simulator.control.patch("Task", taskId, { status: "FAILED" });
  gateway.clock.advance(6_000);

  await expect
    .poll(() => bodies(receiver).map(({ data }) => data.taskEvents.task.status))
    .toEqual(["SUCCEEDED", "FAILED"]);
  expect(new Set(receiver.ids()).size).toBe(1);
});

test("an event whose selection cannot be read in part is retried, then a dead letter", async () => {
  const receiver = await startReceiver();
  const subscription =
    "subscription { taskEvents(filter: { kind: { eq: ENDED } }) { task { status user { source } } } }";
  const { gateway } = await startOne(receiver, { subscription });
  gateway.simulator.faults.add({ operation: "get-users", times: 4, effect: { kind: "status", status: 403 } });
  await gateway.snapshot("one");
  for (const seconds of [6, 33, 132]) {
    await expect.poll(() => gateway.clock.sleeping).toBe(1);
    gateway.clock.advance(seconds * 1_000);
  }
  await expect
    .poll(async () => (await gateway.webhooks())[0]?.deliveries)
    .toMatchObject([
      {
        status: "DEAD_LETTER",
        deadLetterKind: "SELECTION_FAILED",
        attempts: 4,
        message: expect.stringMatching(/^FORBIDDEN: /),
      },
    ]);
  await gateway.snapshot("two");
  await expect
    .poll(() => bodies(receiver))
    .toMatchObject([{ data: { taskEvents: { task: { status: "SUCCEEDED" } } } }]);
});

test("a snapshot that becomes ready is delivered with its ZBS volumes", async () => {
  const receiver = await startReceiver();
  const subscription = `subscription Ready { events: vmSnapshotEvents(filter: { kind: { in: [READY, FAILED] } }) {
    kind snapshotId errors { code } snapshot { cloudTowerId name vm { name } disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`;
  const { gateway } = await startOne(receiver, { subscription });
  await gateway.snapshot("nightly");

  await expect.poll(() => receiver.received.length).toBe(1);
  const [{ data }] = bodies(receiver);
  const disk = { lunSnapshot: { storageVolume: { zbsId: expect.any(String) } } };
  expect(data).toEqual({
    events: {
      kind: "READY",
      snapshotId: data.events.snapshot.cloudTowerId,
      errors: [],
      snapshot: { cloudTowerId: expect.any(String), name: "nightly", vm: { name: "web-prod-01" }, disks: [disk, disk] },
    },
  });
  expect(receiver.ids()[0]).toContain(data.events.snapshotId);
});

test("a webhook whose cursor has expired gets a gap as a dead letter, and goes on with the oldest event", async () => {
  const receiver = await startReceiver();
  receiver.replyWith(410);
  // A list of tasks that fits a page counts as complete.
  const { gateway } = await startOne(receiver, {}, { UPSTREAM_ROWS_PER_CALL: "3" });
  const begin = (await gateway.webhooks())[0]?.cursor;
  const taskIds: string[] = [];
  for (const name of ["one", "two", "three", "four", "five", "six"]) {
    gateway.simulator.advance(60_000);
    taskIds.push(await gateway.snapshot(name));
  }
  await expect.poll(async () => (await gateway.webhooks())[0]?.enabled).toBe(false);
  const { control } = gateway.simulator;
  const kept = new Set(taskIds.slice(2));
  for (const { id } of control.rows("Task")) if (!kept.has(String(id))) control.remove("Task", String(id));
  const oldestAt = control.row("Task", taskIds[2] ?? "")?.finished_at;
  await gateway.admin('mutation { enableWebhook(name: "ended") { enabled } }');

  await expect.poll(() => bodies(receiver).map(({ data }) => data.taskEvents.taskId)).toEqual([taskIds[0], ...kept]);
  const replay = 'mutation ($after: EventCursor!) { replayWebhook(name: "ended", after: $after) { name } }';
  expect(await gateway.admin(replay, { after: begin })).toMatchObject({
    errors: [{ extensions: { code: "CURSOR_EXPIRED", oldest: oldestAt } }],
  });
  const gap = (await gateway.webhooks())[0]?.deliveries.find(({ deadLetterKind }) => deadLetterKind === "GAP");
  expect(gap).toMatchObject({ eventId: null, status: "DEAD_LETTER", attempts: 0, httpStatus: null });
  expect(gap?.message).toMatch(new RegExp(`^Events from 20\\S+Z to ${oldestAt} were not delivered`));
});

test("the administrator replays, tests and switches on; errors name what is wrong", async () => {
  const receiver = await startReceiver();
  const { gateway } = await startOne(receiver);
  const begin = (await gateway.webhooks())[0]?.cursor ?? "";
  await gateway.snapshot("one");
  await expect.poll(() => receiver.ids().length).toBe(1);

  const replay = 'mutation ($after: EventCursor!) { replayWebhook(name: "ended", after: $after) { cursor } }';
  expect(await gateway.admin(replay, { after: begin })).toEqual({ data: { replayWebhook: { cursor: begin } } });
  await expect.poll(() => receiver.ids().length).toBe(2);
  expect(new Set(receiver.ids()).size).toBe(1);
  expect(await gateway.admin(replay, { after: "nonsense" })).toMatchObject({
    errors: [{ extensions: { code: "BAD_USER_INPUT" } }],
  });

  const testing = 'mutation { testWebhook(name: "ended") { delivered httpStatus message } }';
  expect(await gateway.admin(testing)).toEqual({
    data: { testWebhook: { delivered: true, httpStatus: 204, message: null } },
  });
  receiver.replyWith(410);
  await gateway.snapshot("two");
  await expect.poll(async () => (await gateway.webhooks())[0]?.enabled).toBe(false);
  const enable = 'mutation { enableWebhook(name: "ended") { enabled } }';
  expect(await gateway.admin(enable)).toEqual({ data: { enableWebhook: { enabled: true } } });
  await expect.poll(() => receiver.ids().length).toBe(5);

  const shown = "{ webhooks { deliveries(first: 1, status: DELIVERED) { eventId } } }";
  await expect
    .poll(() => gateway.admin(shown))
    .toEqual({ data: { webhooks: [{ deliveries: [{ eventId: receiver.ids()[4] }] }] } });
  expect(await gateway.admin("{ webhooks { deliveries(first: 0) { eventId } } }")).toMatchObject({
    errors: [{ message: "first must be between 1 and 1000, got 0." }],
  });
});

test.each([
  ["that is no subscription", "{ gateway { version } }", "It must be a subscription, but is a query."],
  ["with a syntax error", "subscription {", "Syntax Error: Expected Name, found <EOF>. (line 1, column 15)"],
  [
    "that does not validate",
    "subscription { taskEvents { nothing } }",
    'Cannot query field "nothing" on type "TaskEvent". (line 1, column 29)',
  ],
  [
    "that follows no feed",
    'subscription { taskProgress(taskId: "x") { id } }',
    'It must subscribe to taskEvents or vmSnapshotEvents, but subscribes to "taskProgress".',
  ],
  [
    "with a cursor of its own",
    'subscription { ...F } fragment F on Subscription { taskEvents(after: "x") { id } }',
    'taskEvents must have no argument "after": the gateway itself keeps how far the events were delivered.',
  ],
  [
    "with a filter that says nothing",
    "subscription { taskEvents(filter: { vm: {} }) { id } }",
    expect.stringContaining("vm"),
  ],
  [
    "with the id of another type",
    'subscription { vmSnapshotEvents(filter: { vm: { id: { eq: "Task:one" } } }) { id } }',
    'Not the id of a Vm, but of a Task: "Task:one".',
  ],
  [
    "with a variable that has no value",
    "subscription ($filter: TaskEventFilter!) { taskEvents(filter: $filter) { id } }",
    expect.stringContaining("$filter"),
  ],
  [
    "that costs too much",
    `subscription { taskEvents { task { vm { ${"snapshots(first: 1000) { nodes { vm { ".repeat(3)} id ${"} } }".repeat(3)} } } } }`,
    expect.stringContaining("Too many calls"),
  ],
])("a document %s stops the start with its place", async (_, subscription, problem) => {
  const folder = hooksFolder();
  folder.write("secret", newSecret());
  folder.define([{ name: "bad", url: "http://localhost/", subscription }]);
  const gateway = await hookedGateway(folder);
  const error = await gateway.start().then(
    () => "started",
    ({ message }: Error) => message,
  );
  const place = `WEBHOOKS_FILE ${folder.path}, entry 1 ("bad"), field "subscription": `;
  expect(error.slice(0, place.length)).toBe(place);
  expect(error.slice(place.length)).toEqual(problem);
});
