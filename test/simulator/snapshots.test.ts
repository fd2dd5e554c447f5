import { expect, test } from "vitest";
import { Client } from "./support/client.js";

test("a task goes from PENDING to EXECUTING to SUCCESSED while progress and steps grow", async () => {
  const client = await Client.open({ taskSeconds: 10 });
  const { id, taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  const pending = await client.task(taskId);
  expect(pending).toMatchObject({ status: "PENDING", progress: 0, resource_id: id, resource_type: "VmSnapshot" });
  expect(pending?.steps?.map(({ current }) => current)).toEqual([0, 0]);
  expect(pending).toMatchObject({ resource_mutation: "createVmSnapshot", finished_at: null, user: { name: "admin" } });
  client.simulator.advance(5000);
  const half = await client.task(taskId);
  expect(half).toMatchObject({ status: "EXECUTING" });
  expect(half?.progress).toBeGreaterThan(0.4);
  const [bytes] = half?.steps ?? [];
  expect(bytes).toMatchObject({ unit: "BYTE", finished: false });
  expect(bytes?.current).toBeGreaterThan(0);
  expect(bytes?.per_second).toBeGreaterThan(0);
  client.simulator.advance(5000);
  const done = await client.task(taskId);
  expect(done).toMatchObject({ status: "SUCCESSED", progress: 1 });
  expect(done?.steps?.map(({ current, total, finished }) => [current === total, finished])).toEqual([
    [true, true],
    [true, true],
  ]);
});

test("the response of a create has all fields, of which only the id is meaningful", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const [item] = await client.post<{ task_id: string; data: Record<string, unknown> }[]>("create-vm-snapshot", {
    data: [{ vm_id: vm.id, name: "s" }],
  });
  const row = await client.snapshotRow(String(item?.data.id));
  expect(Object.keys(item?.data ?? {}).sort()).toEqual(Object.keys(row ?? {}).sort());
  expect(item?.data).toMatchObject({ name: "", vm: null });
});

test("a snapshot is CREATING and without disks until the task ends, then has disks and LUN snapshots", async () => {
  const client = await Client.open();
  const { id } = await client.snapshot(await client.vm("web-prod-01"), "s");
  expect(await client.snapshotRow(id)).toMatchObject({ name: "s", entityAsyncStatus: "CREATING", vm_disks: null });
  const before = await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots");
  client.simulator.advance(4000);
  const row = await client.snapshotRow(id);
  expect(row?.entityAsyncStatus).toBeNull();
  expect(row?.vm_disks?.map(({ type }) => type)).toEqual(["CD_ROM", "DISK", "DISK"]);
  const names = row?.vm_disks?.map((disk) => disk.snapshot_local_id).filter((name) => name);
  expect(await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", { where: { name_in: names } })).toHaveLength(2);
  expect(await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots")).toHaveLength(before.length + 2);
});

test("a task of zero seconds has ended by the next request", async () => {
  const client = await Client.open({ taskSeconds: 0 });
  const { id, taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED", progress: 1 });
  expect((await client.snapshotRow(id))?.vm_disks).toHaveLength(3);
});

test("the VM is locked while the task runs, and another write is refused with its id", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  await client.snapshot(vm, "s");
  expect((await client.vm("web-prod-01")).entityAsyncStatus).toBe("UPDATING");
  const response = await client.send("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "t" }] });
  expect(response.status).toBe(400);
  expect(JSON.parse(response.text)).toMatchObject({
    status: 400,
    code: "ResourceLocked",
    message: `Resource [VM-${vm.id}] locked`,
    props: { locked_resources: [{ id: vm.id, type: "VM" }] },
  });
  client.simulator.advance(4000);
  expect((await client.vm("web-prod-01")).entityAsyncStatus).toBeNull();
  await client.snapshot(vm, "s");
  client.simulator.advance(4000);
  expect(await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vm.id }, name: "s" } })).toHaveLength(2);
});

test("disks of a VM get new ids with every update, and are otherwise unchanged", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const disks = () => client.list("VmDisk", "vm-disks", { where: { vm: { id: vm.id } }, orderBy: "boot_ASC" });
  const before = await disks();
  await client.snapshot(vm, "s");
  const during = await disks();
  client.simulator.advance(4000);
  const after = await disks();
  const same = before.map((disk) => ({ ...disk, id: "" }));
  expect(during.map((disk) => ({ ...disk, id: "" }))).toEqual(same);
  expect(after.map((disk) => ({ ...disk, id: "" }))).toEqual(same);
  expect(new Set([...before, ...during, ...after].map(({ id }) => id)).size).toBe(3 * before.length);
  expect((await client.vm("web-prod-01")).vm_disks?.map(({ id }) => id).sort()).toEqual(
    after.map(({ id }) => id).sort(),
  );
});

test("a call for several VMs is checked completely before anything is written", async () => {
  const client = await Client.open();
  const good = { vm_id: (await client.vm("web-prod-01")).id, name: "s" };
  const recycled = { vm_id: (await client.vm("old-fileserver")).id, name: "s" };
  const count = () => client.post("get-vm-snapshots-connection");
  const before = await count();
  const refuse = (...data: object[]) => client.refused("create-vm-snapshot", { data });
  expect((await refuse(good, { vm_id: "no-such-vm", name: "s" })).status).toBe(404);
  expect((await refuse(good, recycled)).message).toContain("recycle bin");
  expect((await refuse(good, good)).message).toContain("twice");
  expect((await refuse(good, { ...good, name: "" })).message).toContain("data[1].name");
  expect((await refuse({ ...good, consistent_type: "MAYBE" })).message).toContain("data[0].consistent_type");
  expect((await refuse({ ...good, color: 1 })).message).toContain("data[0].color");
  expect(await count()).toEqual(before);
});

test("the task of a file-system-consistent snapshot fails with a nested error if guest tools do not run", async () => {
  const client = await Client.open();
  const vm = await client.vm("legacy-billing");
  const { id, taskId } = await client.snapshot(vm, "s", { consistent_type: "FILE_SYSTEM_CONSISTENT" });
  client.simulator.advance(4000);
  const task = await client.task(taskId);
  expect(task?.status).toBe("FAILED");
  const outer = JSON.parse(task?.error_message ?? "") as { error: { msg: string } };
  expect(JSON.parse(outer.error.msg)).toMatchObject({ ec: "VM_TOOLS_NOT_RUNNING" });
  expect(await client.snapshotRow(id)).toBeUndefined();
  expect((await client.vm("legacy-billing")).entityAsyncStatus).toBeNull();
});

test("lags delay when the data of a finished snapshot becomes visible", async () => {
  const client = await Client.open({ taskSeconds: 1 });
  client.simulator.control.setLags({
    taskVisibleMs: 500,
    asyncStatusMs: 2000,
    frozenDisksMs: 1000,
    lunSnapshotMs: 3000,
    lunSnapshotReads: 2,
  });
  const { id, taskId } = await client.snapshot(await client.vm("web-prod-01"), "s");
  expect(await client.task(taskId)).toBeUndefined();
  client.simulator.advance(500);
  expect(await client.task(taskId)).toMatchObject({ status: "EXECUTING" });
  client.simulator.advance(500);
  expect(await client.task(taskId)).toMatchObject({ status: "SUCCESSED" });
  expect(await client.snapshotRow(id)).toMatchObject({ entityAsyncStatus: "CREATING", vm_disks: null });
  client.simulator.advance(1000);
  const row = await client.snapshotRow(id);
  expect(row).toMatchObject({ entityAsyncStatus: "CREATING", vm_disks: expect.any(Array) });
  client.simulator.advance(2000);
  expect((await client.snapshotRow(id))?.entityAsyncStatus).toBeNull();
  const names = row?.vm_disks?.map((disk) => disk.snapshot_local_id).filter((name) => name);
  const poll = async () =>
    (await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", { where: { name_in: names } })).length;
  expect([await poll(), await poll(), await poll()]).toEqual([0, 0, 2]);
});

test("the next tasks fail or pause if set by a test", async () => {
  const client = await Client.open();
  client.simulator.control.nextTask({ kind: "FAILED", errorMessage: "no space" });
  client.simulator.control.nextTask({ kind: "PAUSED" });
  const failing = await client.snapshot(await client.vm("web-prod-01"), "s");
  const pausing = await client.snapshot(await client.vm("appliance"), "s");
  client.simulator.advance(60_000);
  expect(await client.task(failing.taskId)).toMatchObject({ status: "FAILED", error_message: "no space" });
  expect(await client.task(pausing.taskId)).toMatchObject({ status: "PAUSED" });
  client.simulator.control.resumeTasks();
  expect(await client.task(pausing.taskId)).toMatchObject({ status: "EXECUTING" });
  client.simulator.advance(4000);
  expect(await client.task(pausing.taskId)).toMatchObject({ status: "SUCCESSED" });
});
