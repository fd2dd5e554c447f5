import { expect, test } from "vitest";
import { captureLog } from "../support/captured-log.js";
import { type Backup, startBackup } from "./support/backup.js";
import { batchEvents, calls, codesOf, copyWith, readyEvent, usable, watchReady, watchTask } from "./support/ready.js";
import { collect } from "./support/stream.js";

const NOBODY = "cl0000000000000000000none";

interface TaskEvent {
  readonly ended: boolean;
  readonly task: { readonly id: string } | null;
  readonly errors: readonly object[];
}

function addTask(backup: Backup, changes: Record<string, unknown> = {}): string {
  return backup.simulator.control.insert("Task", { args: {}, status: "EXECUTING", progress: 0.5, ...changes });
}

/** Whether a call names the id. */
const names = (id: string) => (body: unknown) => JSON.stringify(body).includes(id);

test("odd rows of snapshots delay no other snapshot, and each gets its reason when its time is over", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 0 },
    env: { READY_TIMEOUT_SECONDS: "4" },
    spoilsAnswers: true,
  });
  const good = await usable(backup, "web-prod-01");
  const disks = backup.simulator.control.row("VmSnapshot", good)?.vm_disks as Record<string, unknown>[];
  const data = disks.find(({ type }) => type === "DISK") ?? {};
  const odd: [Record<string, unknown>, string][] = [
    [{ vm_disks: [null] }, "DISKS_UNKNOWN"],
    [{ vm_disks: [...disks, null] }, "DISKS_UNKNOWN"],
    [{ vm_disks: "none" }, "DISKS_UNKNOWN"],
    [{ vm_disks: { length: 1 } }, "DISKS_UNKNOWN"],
    [{ vm_disks: [[]] }, "DISKS_UNKNOWN"],
    [{ vm_disks: [{}] }, "DISK_INCOMPLETE"],
    [{ vm_disks: [{ ...data, snapshot_local_id: "" }] }, "DISK_WITHOUT_LUN"],
    [{ vm_disks: [{ ...data, snapshot_local_id: null }] }, "DISK_WITHOUT_LUN"],
    [{ vm_disks: [{ ...data, snapshot_local_id: { a: 1 } }] }, "LUN_SNAPSHOT_MISSING"],
    [{ vm_nics: null }, "NICS_UNKNOWN"],
    [{ vm_nics: [null] }, "NICS_UNKNOWN"],
    [{ vm_nics: 7 }, "NICS_UNKNOWN"],
    [{ entityAsyncStatus: "A_NEW_STATUS" }, "CHANGING"],
    [{ entityAsyncStatus: { odd: true } }, "CHANGING"],
    [{ cpu: null }, "CONFIGURATION_UNKNOWN"],
    [{ cluster: null }, "CONFIGURATION_UNKNOWN"],
    [{ local_id: "placeholder-1" }, "CONFIGURATION_UNKNOWN"],
  ];
  const socket = backup.socket();
  const streams = odd.map(([changes]) => watchReady(backup, copyWith(backup, good, changes), socket));
  const well = watchReady(backup, good, socket);

  expect(await readyEvent(well)).toMatchObject({ ready: true, reasons: [], errors: [] });
  expect(streams.flatMap(({ received }) => received)).toEqual([]);
  for (const [index, stream] of streams.entries()) {
    const event = await readyEvent(stream);
    const [changes, code] = odd[index] as (typeof odd)[number];
    expect(event, JSON.stringify(changes)).toMatchObject({ ready: false, errors: [{ code: "SNAPSHOT_NOT_READY" }] });
    expect(
      event.reasons.map((reason) => reason.code),
      JSON.stringify(event.reasons),
    ).toContain(code);
    expect(event.reasons.every(({ message }) => message.length > 5)).toBe(true);
  }
});

test("odd rows of tasks disturb no other task", async () => {
  const backup = await startBackup({ spoilsAnswers: true });
  const changes: Record<string, unknown>[] = [
    { steps: [null] },
    { steps: "none" },
    { progress: "half" },
    { progress: null },
    { status: "A_NEW_STATUS" },
    { status: null },
    { error_message: { odd: true }, error_code: 7 },
  ];
  const socket = backup.socket();
  const streams = changes.map((change) => watchTask(backup, addTask(backup, change), socket));
  const id = addTask(backup);
  const well = watchTask(backup, id, socket);
  await Promise.all([well, ...streams].map((stream) => stream.count(1)));
  expect(streams.flatMap(({ received }) => received.flatMap(({ errors }) => errors ?? []))).toEqual([]);
  backup.simulator.control.patch("Task", id, { status: "SUCCESSED" });
  expect((await well.done).at(-1)?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED" });
});

test.each([
  ["get-iscsi-lun-snapshots", true],
  ["get-vm-snapshots", true],
  ["get-tasks", false],
] as const)("a 403 on %s ends the watchers that need it, and no other", async (operation, tasksGoOn) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const snapshot = await usable(backup, "web-prod-01");
  const task = addTask(backup);
  const progress = watchTask(backup, task);
  await progress.count(1);
  backup.simulator.faults.add({ operation, effect: { kind: "status", status: 403 } });

  expect(await codesOf(watchReady(backup, snapshot))).toEqual(["FORBIDDEN"]);

  if (!tasksGoOn) return expect(await codesOf(progress)).toEqual(["FORBIDDEN"]);
  await calls(backup, "get-tasks", 2);
  backup.simulator.control.patch("Task", task, { status: "SUCCESSED" });
  expect((await progress.done).at(-1)?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED" });
});

test.each([403, 429, 500, 502])(
  "an id that makes every call fail with %i is singled out; all others are read, and only its own watchers get an error",
  async (status) => {
    const backup = await startBackup({
      simulator: { taskSeconds: 0 },
      env: { READY_TIMEOUT_SECONDS: "5", UPSTREAM_READ_ATTEMPTS: "1" },
      spoilsAnswers: true,
    });
    const good = await usable(backup, "web-prod-01");
    const poison = copyWith(backup, good, {});
    const poisonTask = addTask(backup);
    for (const id of [poison, poisonTask]) {
      backup.simulator.faults.add({ operation: /^get-/, match: names(id), effect: { kind: "status", status } });
    }
    const socket = backup.socket();
    const spoiled = watchReady(backup, poison, socket);
    // One call reads all of them.
    const query =
      "subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) { ended task { id } errors { ... on UnreadableError { readErrorCode } } } }";
    const ids = [poisonTask, ...Array.from({ length: 20 }, () => addTask(backup))];
    const tasks = collect<{ tasksProgress: TaskEvent }>(socket, query, { ids });
    const others = Array.from({ length: 20 }, () => watchReady(backup, copyWith(backup, good, {}), socket));
    for (const event of await Promise.all(others.map(readyEvent))) expect(event.ready).toBe(true);
    await tasks.count(21);
    for (const id of ids) backup.simulator.control.patch("Task", id, { status: "SUCCESSED" });
    const states = (await tasks.done).flatMap(({ data }) => data?.tasksProgress ?? []);
    const readErrorCode = status === 403 ? "FORBIDDEN" : "UPSTREAM_ERROR";
    expect(states.flatMap(({ errors }) => errors)).toEqual([{ readErrorCode }]);
    expect(new Set(states.flatMap(({ ended, task }) => (ended && task ? task.id : []))).size).toBe(20);
    if (status === 403) {
      expect(await codesOf(spoiled)).toEqual(["FORBIDDEN"]);
      expect((await batchEvents(spoiled.batch)).at(-1)).toMatchObject({
        ready: null,
        errors: [{ code: "UNREADABLE" }],
      });
    } else expect(await readyEvent(spoiled)).toMatchObject({ ready: false, reasons: [{ code: "NOT_READ" }] });
  },
);

test("while CloudTower returns no task at all, a task that cannot be read is waited for", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" }, spoilsAnswers: true });
  const id = addTask(backup);
  const off = backup.simulator.faults.add({ operation: "get-tasks", effect: { kind: "status", status: 500 } });
  const stream = watchTask(backup, id);
  // Longer than TASK_APPEAR_SECONDS.
  await calls(backup, "get-tasks", 5);
  expect(stream.received).toEqual([]);
  off();
  await stream.count(1);
  stream.stop();
});

test("a client without the permission to read tasks is told so for each of many, without a call for each", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" }, spoilsAnswers: true });
  backup.simulator.faults.add({ operation: "get-tasks", effect: { kind: "status", status: 403 } });
  const ids = Array.from({ length: 400 }, () => addTask(backup));
  const query = "subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) { errors { code } } }";
  const received = await collect<{ tasksProgress: TaskEvent }>(backup.socket(), query, { ids }).done;
  expect(received.map(({ data }) => data?.tasksProgress.errors)).toEqual(ids.map(() => [{ code: "UNREADABLE" }]));
  expect(backup.simulator.calls.count("get-tasks")).toBeLessThan(100);
});

test("a call that hangs holds up the ids in it alone", async () => {
  const backup = await startBackup({ env: { UPSTREAM_IDS_PER_CALL: "1" } });
  const [stuck, id] = [addTask(backup), addTask(backup)];
  backup.simulator.faults.add({ operation: "get-tasks", match: names(stuck), effect: { kind: "hang" } });
  const socket = backup.socket();
  const hanging = watchTask(backup, stuck, socket);
  await backup.simulator.calls.next("get-tasks");
  const well = watchTask(backup, id, socket);
  await well.count(1);
  backup.simulator.control.patch("Task", id, { status: "SUCCESSED" });
  expect((await well.done).at(-1)?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED" });
  expect(hanging.received).toEqual([]);
  hanging.stop();
});

test("thousands of invented ids of one client do not delay the snapshot of another", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 3600 },
    env: {
      AUTH_MODE: "service",
      CLOUDTOWER_USERNAME: "admin",
      CLOUDTOWER_PASSWORD: "admin-pass",
      API_KEYS: "one-long-api-key,another-api-key",
      UPSTREAM_IDS_PER_CALL: "20",
      TASK_APPEAR_SECONDS: "60",
    },
  });
  const crowd = backup.socket({ Authorization: "one-long-api-key" });
  const creation = await backup.create(
    { vmId: backup.vmId("web-prod-01"), name: "s" },
    { authorization: "another-api-key" },
  );
  const streams = Array.from({ length: 900 }, (_, index) => watchReady(backup, `cl${index}`.padEnd(25, "x"), crowd));
  const id = creation.snapshot?.cloudTowerId ?? "";
  const own = watchReady(backup, id, backup.socket({ Authorization: "another-api-key" }));
  await calls(backup, "get-tasks", 120);
  // 45 calls for a turn of all; but the other client's only id has a place in each turn of its own.
  const asked = backup.simulator.calls.all.filter(({ endpoint }) => endpoint === "get-tasks").slice(-100);
  const share = asked.filter(({ body }) => names(id)(body)).length;
  expect(share).toBeGreaterThan(10);
  backup.simulator.advance(3_600_000);
  expect(await readyEvent(own)).toMatchObject({ ready: true });
  for (const stream of streams) stream.stop();
});

test("each watcher has its own time, however long the object has been watched by others", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { READY_TIMEOUT_SECONDS: "2" } });
  backup.simulator.control.setLags({ lunSnapshotMs: 3_600_000 });
  const { snapshot } = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const id = snapshot?.cloudTowerId ?? "";
  const [first, firstTask] = [watchReady(backup, id), watchTask(backup, NOBODY)];
  await calls(backup, "get-tasks", 10);
  const [second, secondTask] = [watchReady(backup, id), watchTask(backup, NOBODY)];
  await firstTask.done;
  expect(secondTask.received).toEqual([]);
  await first.done;
  expect(second.received).toEqual([]);
  expect(await codesOf(secondTask)).toEqual(["NOT_FOUND"]);
  expect((await readyEvent(second)).reasons[0]?.code).toBe("LUN_SNAPSHOT_MISSING");
});

test("the first failure of a loop and its recovery are logged once each, and counted", async () => {
  const log = captureLog();
  const backup = await startBackup({ logger: log.logger, spoilsAnswers: true });
  const id = addTask(backup);
  const stream = watchTask(backup, id);
  await stream.count(1);
  const metric = async (name: string) => {
    const text = await (await fetch(`${backup.url}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1) ?? 0,
    );
  };
  const off = backup.simulator.faults.add({ operation: "get-tasks", effect: { kind: "status", status: 500 } });
  await calls(backup, "get-tasks", 2);
  const failures = 'towerql_watch_poll_failures_total{stage="tasks",code="UPSTREAM_ERROR"}';
  await expect.poll(() => metric(failures)).toBeGreaterThan(1);
  expect(await metric("towerql_watch_loops_failing")).toBe(1);
  off();
  // The pause grows with each failure.
  await expect.poll(() => metric("towerql_watch_loops_failing"), { timeout: 15_000 }).toBe(0);
  const lines = log.lines.filter(({ msg }) => String(msg).startsWith("polling for subscriptions"));
  expect(lines).toMatchObject([
    { level: 40, stage: "tasks", code: "UPSTREAM_ERROR", caller: expect.any(String) },
    { level: 30, milliseconds: expect.any(Number) },
  ]);
  backup.simulator.control.patch("Task", id, { status: "SUCCESSED" });
  await stream.done;
});

test("a client can watch a bounded number of ids; the error names the limit", async () => {
  const backup = await startBackup({ env: { TASK_APPEAR_SECONDS: "60" } });
  const socket = backup.socket();
  const query = "subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) { ended } }";
  const watch = (round: number) =>
    collect(socket, query, { ids: Array.from({ length: 500 }, (_, index) => `t${round}x${index}`) });
  const streams = Array.from({ length: 40 }, (_, round) => watch(round));
  const [refusal] = await watch(40).done;
  expect(refusal?.errors).toMatchObject([
    { message: expect.stringContaining("at most 20000 per client"), extensions: { code: "RATE_LIMITED" } },
  ]);
  // Ids that the client watches already cost nothing, and those that it leaves are free again.
  const again = watch(3);
  streams[5]?.stop();
  await streams[5]?.done;
  const next = watch(41);
  await calls(backup, "get-tasks", 2);
  expect([...again.received, ...next.received]).toEqual([]);
  for (const stream of [...streams, again, next]) stream.stop();
});

test("a client cannot watch the same ids in any number of streams", async () => {
  const backup = await startBackup({ env: { TASK_APPEAR_SECONDS: "60" } });
  const socket = backup.socket();
  const ids = Array.from({ length: 500 }, (_, index) => `t${index}`);
  const query = "subscription($ids: [ID!]!) { tasksProgress(taskIds: $ids) { ended } }";
  const watch = () => collect(socket, query, { ids });
  const streams = Array.from({ length: 80 }, watch);
  const [refusal] = await watch().done;
  expect(refusal?.errors).toMatchObject([
    { message: expect.stringContaining("at most 40000 in all"), extensions: { code: "RATE_LIMITED" } },
  ]);
  streams[0]?.stop();
  await streams[0]?.done;
  const next = watch();
  await calls(backup, "get-tasks", 2);
  expect(next.received).toEqual([]);
  for (const stream of [...streams, next]) stream.stop();
});

test("whichever calls fail, every watcher gets its final event", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 0 },
    env: { UPSTREAM_READ_ATTEMPTS: "1", UPSTREAM_IDS_PER_CALL: "4", TASK_APPEAR_SECONDS: "600" },
    spoilsAnswers: true,
  });
  const good = await usable(backup, "web-prod-01");
  const { control, faults } = backup.simulator;
  const snapshots = Array.from({ length: 12 }, () => copyWith(backup, good, { entityAsyncStatus: "CREATING" }));
  const tasks = Array.from({ length: 12 }, () => addTask(backup));
  for (const effect of [
    { kind: "status", status: 500 },
    { kind: "malformed" },
    { kind: "truncated" },
    { kind: "status", status: 400 },
  ] as const) {
    faults.add({ operation: /^get-/, chance: 0.06, times: 5, effect });
  }
  const socket = backup.socket();
  const ready = snapshots.map((id) => watchReady(backup, id, socket));
  const progress = tasks.map((id) => watchTask(backup, id, socket));
  await calls(backup, "get-tasks", 10);
  expect(ready.flatMap(({ received }) => received)).toEqual([]);
  for (const id of snapshots) control.patch("VmSnapshot", id, { entityAsyncStatus: null });
  for (const id of tasks) control.patch("Task", id, { status: "SUCCESSED" });

  for (const event of await Promise.all(ready.map(readyEvent))) expect(event.ready).toBe(true);
  for (const { done } of progress) {
    expect((await done).at(-1)?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED", progress: 1 });
  }
}, 60_000);
