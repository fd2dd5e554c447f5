import { expect, onTestFinished, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { type Collected, collect } from "./support/stream.js";

const PROGRESS = "subscription($id: ID!) { taskProgress(taskId: $id) { status } }";
const READY =
  "subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) { ready snapshot { disks { lunSnapshot { storageVolume { zbsId } } } } } }";
const POLL_MS = 100;
const LIMITS = { TASK_POLL_QUICK_MS: String(POLL_MS), TASK_POLL_SLOW_MS: String(POLL_MS) };

interface Progress {
  readonly taskProgress: { readonly status: string } | null;
}

/** Adds tasks that run until they are patched. */
function addTasks(backup: Backup, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    backup.simulator.control.insert("Task", { args: {}, status: "EXECUTING", progress: 0.5, resource_id: `r${index}` }),
  );
}

/** Watches each task `times` times, over several connections. */
async function watchAll(backup: Backup, ids: readonly string[], times: number): Promise<Collected<Progress>[]> {
  const sockets = Array.from({ length: 20 }, () => backup.socket());
  const watchers = Array.from({ length: times }, (_, round) =>
    ids.map((id, index) => collect<Progress>(sockets[(index + round) % 20] as never, PROGRESS, { id })),
  ).flat();
  await Promise.all(watchers.map((watcher) => watcher.count(1)));
  return watchers;
}

test("1,000 tasks cost two polls per tick regardless of the watchers, and each watcher gets one final event", async () => {
  const backup = await startBackup({
    simulator: { vms: 12 },
    env: { ...LIMITS, MAX_SUBSCRIPTIONS_PER_CLIENT: "10000" },
  });
  const ids = addTasks(backup, 1000);
  const watchers = await watchAll(backup, ids, 3);
  backup.simulator.calls.clear();
  const began = performance.now();
  for (let tick = 0; tick < 10; tick += 1) await backup.simulator.calls.next("get-tasks");
  const ticks = (performance.now() - began) / POLL_MS;

  expect(backup.simulator.calls.counts).toEqual({ "get-tasks": expect.any(Number) });
  expect(backup.simulator.calls.count()).toBeLessThanOrEqual(2 * Math.ceil(ticks + 1));
  for (const { body } of backup.simulator.calls.all) {
    expect((body as { where: { id_in: string[] } }).where.id_in).toHaveLength(500);
  }

  for (const id of ids) backup.simulator.control.patch("Task", id, { status: "SUCCESSED", progress: 1 });
  const all = await Promise.all(watchers.map(({ done }) => done));
  expect(
    all.every((events) => events.filter(({ data }) => data?.taskProgress?.status === "SUCCEEDED").length === 1),
  ).toBe(true);
  expect(await taskWatchers(backup)).toBe(0);
});

test("watchers of readiness share the loop: a few calls per tick, and none for the chain in the event", async () => {
  const backup = await startBackup({
    simulator: { taskSeconds: 3600 },
    // While a task is open, its snapshot is looked at every half of this time.
    env: { ...LIMITS, MAX_SUBSCRIPTIONS_PER_CLIENT: "10000", TASK_APPEAR_SECONDS: "600" },
  });
  const names = ["web-prod-01", "数据库主节点", "容灾应用-01", "appliance", "dev-sandbox", "legacy-billing"];
  const creation = await Promise.all(names.map((name) => backup.create({ vmId: backup.vmId(name), name: "s" })));
  const sockets = [backup.socket(), backup.socket()];
  const watchers = Array.from({ length: 300 }, (_, index) =>
    collect<{ vmSnapshotReady: { ready: boolean } }>(sockets[index % 2] as never, READY, {
      id: creation[index % creation.length]?.snapshot?.id,
    }),
  );
  await backup.simulator.calls.next("get-tasks");
  await backup.simulator.calls.next("get-tasks");
  backup.simulator.calls.clear();
  for (let tick = 0; tick < 4; tick += 1) await backup.simulator.calls.next("get-tasks");
  // While the tasks run, the snapshots are not read.
  expect(Object.keys(backup.simulator.calls.counts)).toEqual(["get-tasks"]);

  backup.simulator.control.setLags({ lunSnapshotReads: 2 });
  backup.simulator.calls.clear();
  backup.simulator.advance(3_600_000);
  const all = await Promise.all(watchers.map(({ done }) => done));

  expect(all.every(([event, ...more]) => event?.data?.vmSnapshotReady.ready === true && more.length === 0)).toBe(true);
  // Two reads do not show the LUN snapshots: what is not ready is read again, but not the tasks that have ended.
  expect(backup.simulator.calls.count("get-iscsi-lun-snapshots")).toBeLessThanOrEqual(4);
  expect(backup.simulator.calls.count("get-vm-volume-snapshots")).toBeLessThanOrEqual(4);
  expect(backup.simulator.calls.count("get-vm-snapshots")).toBeLessThanOrEqual(4);
  expect(backup.simulator.calls.count("get-tasks")).toBeLessThanOrEqual(2);
});

test("a watcher that leaves frees everything, and the polling stops", async () => {
  const backup = await startBackup({ env: LIMITS });
  const [id = ""] = addTasks(backup, 1);
  const watchers = await watchAll(backup, [id], 40);
  expect(await taskWatchers(backup)).toBe(40);
  for (const watcher of watchers) watcher.stop();
  await Promise.all(watchers.map(({ done }) => done));
  while ((await taskWatchers(backup)) > 0);
  backup.simulator.calls.clear();
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, 3 * POLL_MS);
    onTestFinished(() => clearTimeout(timer));
  });
  expect(backup.simulator.calls.count("get-tasks")).toBe(0);
});

/** How many watch, as the gateway's figures tell. */
async function taskWatchers(backup: Backup): Promise<number> {
  const figures = await (await fetch(`${backup.url}/metrics`)).text();
  return Number(/^towerql_task_watchers (\d+)/m.exec(figures)?.[1]);
}
