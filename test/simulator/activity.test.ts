import { expect, test } from "vitest";
import type { Row } from "../../src/upstream/wire/types.js";
import { Client } from "./support/client.js";

const minute = 60_000;
const hour = 60 * minute;
const isNew = { local_created_at_gt: "2026-10-01T00:00:00.000Z" };

/** Tasks that are not part of the inventory, oldest first. */
function newTasks(client: Client): Promise<Row<"Task">[]> {
  return client.list("Task", "tasks", { where: isNew, orderBy: "local_created_at_ASC" });
}

test("nothing happens by itself unless it is switched on, and no more once it is switched off", async () => {
  const client = await Client.open();
  client.simulator.advance(hour);
  expect(await newTasks(client)).toEqual([]);
  client.simulator.control.setActivity({ perMinute: 60 });
  client.simulator.advance(minute);
  client.simulator.control.setActivity({ perMinute: 0 });
  const { length } = await newTasks(client);
  expect(length).toBeGreaterThan(10);
  client.simulator.advance(hour);
  expect(await newTasks(client)).toHaveLength(length);
});

test("others take and delete snapshots and change VMs, and some of it fails", async () => {
  const client = await Client.open({ activity: { perMinute: 20 } });
  client.simulator.advance(hour);
  const tasks = await newTasks(client);
  const mutations = new Set(tasks.map((task) => task.resource_mutation));
  for (const mutation of ["createVmSnapshot", "deleteVmSnapshot", "updateVm", "migrateVm", "updateLicense"]) {
    expect(mutations).toContain(mutation);
  }
  const ended = tasks.filter(({ finished_at }) => finished_at);
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(["SUCCESSED", "FAILED"]));
  expect(new Set(tasks.map(({ user }) => user?.id)).size).toBeGreaterThan(1);
});

test("what happens during a jump of the clock happens at its own time", async () => {
  const client = await Client.open({ activity: { perMinute: 10 } });
  client.simulator.advance(hour);
  const tasks = await newTasks(client);
  const created = tasks.map((task) => Date.parse(String(task.local_created_at)));
  expect(new Set(created.map((at) => Math.floor(at / minute))).size).toBeGreaterThan(50);
  for (const task of tasks.filter(({ finished_at }) => finished_at)) {
    const seconds = (Date.parse(String(task.finished_at)) - Date.parse(String(task.local_created_at))) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(seconds).toBeLessThanOrEqual(6);
  }
});

test("VMs with fixed names and snapshots of clients and of the inventory stay", async () => {
  const client = await Client.open({ activity: { perMinute: 120, planSeconds: 20 } });
  const named = await client.vm("web-prod-01");
  const before = await client.list("VmSnapshot", "vm-snapshots");
  const { id } = await client.snapshot(named, "mine");
  client.simulator.advance(10 * minute);
  const after = new Set((await client.list("VmSnapshot", "vm-snapshots")).map((row) => row.id));
  expect([...before.map((row) => row.id), id].filter((kept) => !after.has(kept))).toEqual([]);
  const [vm] = await client.list("Vm", "vms", { where: { id: named.id } });
  expect(vm).toMatchObject({ status: named.status, entityAsyncStatus: null, snapshots: expect.any(Array) });
  expect(vm?.snapshots).toHaveLength((named.snapshots?.length ?? 0) + 1);
});

test("a plan takes snapshots at its times, deletes its old ones, and its tasks have no user", async () => {
  const client = await Client.open({ taskSeconds: 1, activity: { planSeconds: 60, failing: 0 } });
  client.simulator.advance(hour);
  const tasks = await newTasks(client);
  expect(new Set(tasks.map(({ resource_mutation }) => resource_mutation))).toEqual(
    new Set(["createVmSnapshot", "deleteVmSnapshot"]),
  );
  expect(tasks).toHaveLength(60 * 3);
  expect(tasks.every(({ user }) => user === null)).toBe(true);
  const kept = await client.list("VmSnapshot", "vm-snapshots", { where: { name_starts_with: "plan-" } });
  expect(kept.length).toBeGreaterThanOrEqual(3 * 3);
  expect(kept.length).toBeLessThanOrEqual(3 * 4);
});

test("deletions leave no task if told so", async () => {
  const client = await Client.open({ activity: { perMinute: 10, silentDeletions: 1 } });
  client.simulator.advance(hour);
  const tasks = await newTasks(client);
  expect(tasks.map(({ resource_mutation }) => resource_mutation)).not.toContain("deleteVmSnapshot");
  const made = tasks.filter((task) => task.resource_mutation === "createVmSnapshot" && task.status === "SUCCESSED");
  const left = await client.list("VmSnapshot", "vm-snapshots", { where: isNew });
  expect(made.length).toBeGreaterThan(left.length);
});

test("the outcome that a test sets is for its own task, whatever others do before", async () => {
  const client = await Client.open({ activity: { perMinute: 600, failing: 0 } });
  client.simulator.control.nextTask({ kind: "FAILED", errorCode: "MINE" });
  client.simulator.advance(minute);
  expect((await newTasks(client)).filter(({ status }) => status === "FAILED")).toEqual([]);
  const { taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  client.simulator.advance(minute);
  expect(await client.task(taskId)).toMatchObject({ status: "FAILED", error_code: "MINE" });
});

test("the same seed gives the same activity", async () => {
  const [first, second] = await Promise.all(
    [1, 2].map(async () => {
      const client = await Client.open({ seed: 7, activity: { perMinute: 30 } });
      client.simulator.advance(10 * minute);
      const tasks = await newTasks(client);
      return tasks.slice(0, 100).map((task) => [task.id, task.resource_mutation, task.status]);
    }),
  );
  expect(first).toHaveLength(100);
  expect(first).toEqual(second);
});

test.each([
  [{ perMinute: -1 }, "perMinute must be a number between 0 and 60000, got -1"],
  [{ perMinute: 60_001 }, "perMinute must be a number between 0 and 60000"],
  [{ planSeconds: 0.5 }, "planSeconds must be 0, or 1 or more, got 0.5"],
  [{ failing: "all" as unknown as number }, 'failing must be a number between 0 and 1, got "all"'],
])("%j is refused", async (activity, message) => {
  const client = await Client.open({ vms: 1 });
  expect(() => client.simulator.control.setActivity(activity)).toThrow(message);
});
