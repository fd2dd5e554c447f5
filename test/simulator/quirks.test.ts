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
