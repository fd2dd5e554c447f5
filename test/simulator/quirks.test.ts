import { expect, test } from "vitest";
import { Client } from "./support/client.js";

const minute = 60_000;

test("snapshots carry the cluster's time and tasks CloudTower's", async () => {
  const client = await Client.open({ taskSeconds: 0 });
  client.simulator.control.setQuirks({ clusterClockMs: 3 * minute });
  const { id, taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  const task = await client.task(taskId);
  const ended = Date.parse(String(task?.finished_at));
  const row = client.simulator.control.row("VmSnapshot", id);
  expect(Date.parse(String(row?.local_created_at)) - ended).toBe(3 * minute);
  const disks = row?.vm_disks as { snapshot_local_id: string }[];
  const name = disks.find((disk) => disk.snapshot_local_id)?.snapshot_local_id;
  const [data] = client.simulator.control.rows("IscsiLunSnapshot", { name });
  expect(data?.local_created_at).toBe(row?.local_created_at);
});

test("finished tasks are forgotten after a time", async () => {
  const client = await Client.open();
  const { taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  client.simulator.control.setQuirks({ taskMemoryMs: minute });
  expect(client.simulator.control.rows("Task", {})).toMatchObject([{ id: taskId }]);
  client.simulator.advance(30_000);
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED" });
  client.simulator.advance(minute);
  expect(await client.task(taskId)).toBeUndefined();
});

test("the end of a task is shown late, with its true time, after its effects and after the end of a later task", async () => {
  const client = await Client.open();
  const { control } = client.simulator;
  control.setLags({ taskEndVisibleMs: minute });
  const first = await client.snapshot(await client.vm("web-prod-01"), "first");
  client.simulator.advance(5_000);
  control.setLags({ taskEndVisibleMs: 0 });
  const second = await client.snapshot(await client.vm("appliance"), "second");
  client.simulator.advance(5_000);
  expect(await client.task(first.taskId)).toMatchObject({ status: "EXECUTING", finished_at: null });
  expect(await client.snapshotRow(first.id)).toMatchObject({ entityAsyncStatus: null });
  const later = await client.task(second.taskId);
  expect(later).toMatchObject({ status: "SUCCESSED" });
  client.simulator.advance(minute);
  const earlier = await client.task(first.taskId);
  expect(earlier).toMatchObject({ status: "SUCCESSED", progress: 1 });
  expect(Date.parse(String(earlier?.finished_at))).toBeLessThan(Date.parse(String(later?.finished_at)));
});

test("a snapshot is visible late to all callers, in lists, counts, filters, stubs and writes, and the simulator sees it", async () => {
  const client = await Client.open({ taskSeconds: 1 });
  const vm = await client.vm("web-prod-01");
  client.simulator.control.setLags({ snapshotVisibleMs: minute });
  const { id, taskId } = await client.snapshot(vm, "late");
  client.simulator.advance(2_000);
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED" });
  const seen = async () => ({
    list: (await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vm.id }, name: "late" } })).length,
    count: await client.post("get-vm-snapshots-connection", { where: { id } }),
    filter: (await client.list("Vm", "vms", { where: { snapshots_some: { name: "late" } } })).length,
    stub: (await client.vm("web-prod-01")).snapshots?.filter((stub) => stub.id === id).length,
  });
  expect(await seen()).toEqual({ list: 0, count: { aggregate: { count: 0 } }, filter: 0, stub: 0 });
  expect(await client.post("delete-vm-snapshot", { where: { id } })).toEqual([]);
  expect(client.simulator.control.row("VmSnapshot", id)).toMatchObject({ name: "late" });
  client.simulator.advance(minute);
  expect(await seen()).toEqual({ list: 1, count: { aggregate: { count: 1 } }, filter: 1, stub: 1 });
});

test("a share of the tasks is late", async () => {
  const client = await Client.open({ taskSeconds: 1, vms: 40 });
  const { control } = client.simulator;
  control.setLags({ taskVisibleMs: minute });
  control.setQuirks({ lateShare: 0.5 });
  control.setActivity({ perMinute: 6000 });
  client.simulator.advance(10_000);
  const visible = (await client.list("Task", "tasks")).length;
  control.setActivity({ perMinute: 0 });
  client.simulator.advance(2 * minute);
  const late = (await client.list("Task", "tasks")).length - visible;
  const all = control.rows("Task").length - visible;
  expect(late).toBe(all);
  expect(late).toBeGreaterThan(20);
  expect(visible).toBeGreaterThan(late / 3);
});

test("snapshots and finished tasks have no time if told so, and such tasks are forgotten as well", async () => {
  const client = await Client.open({ taskSeconds: 1 });
  client.simulator.control.setQuirks({ undatedSnapshots: 1, undatedTasks: 1, taskMemoryMs: minute });
  const { id, taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  client.simulator.advance(2_000);
  expect(await client.snapshotRow(id)).toMatchObject({ entityAsyncStatus: null, local_created_at: null });
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED", finished_at: null });
  client.simulator.advance(minute);
  expect(await client.task(taskId)).toBeUndefined();
});

test("a list of tasks has at most so many rows, whatever first says", async () => {
  const client = await Client.open();
  client.simulator.control.setQuirks({ maxTaskRows: 2 });
  expect(await client.list("Task", "tasks", { first: 100 })).toHaveLength(2);
});

test.each([
  ["camel", "createVmSnapshot"],
  ["pascal", "CreateVmSnapshot"],
  ["upper-snake", "CREATE_VM_SNAPSHOT"],
  ["kebab", "create-vm-snapshot"],
  ["empty", ""],
  ["null", null],
] as const)("with the spelling %s a task's mutation is %s", async (mutationSpelling, expected) => {
  const client = await Client.open();
  client.simulator.control.setQuirks({ mutationSpelling });
  const { taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  expect((await client.task(taskId))?.resource_mutation).toBe(expected);
});

test("a rollback that fails has replaced the data of the first half of the disks", async () => {
  const client = await Client.open({ taskSeconds: 0 });
  const { control } = client.simulator;
  const vm = await client.vm("web-prod-01");
  const first = await client.snapshot(vm, "first");
  control.nextTask({ kind: "FAILED" });
  await client.post("rollback-vm", { where: { id: vm.id }, data: { snapshot_id: first.id } });
  const second = await client.snapshot(vm, "second");

  const lineages = (id: string) =>
    ((control.row("VmSnapshot", id)?.vm_disks ?? []) as { snapshot_local_id: string }[]).flatMap(
      ({ snapshot_local_id: name }) =>
        name ? [control.lineage(String(control.rows("IscsiLunSnapshot", { name })[0]?.id))] : [],
    );
  const [before, after] = [lineages(first.id), lineages(second.id)];
  expect(after.map((lineage, index) => lineage === before[index])).toEqual([false, true]);
});
