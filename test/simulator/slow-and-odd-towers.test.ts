import { expect, test } from "vitest";
import { Client } from "./support/client.js";

const snapshotsNamed = async (client: Client, vmId: string, name: string) =>
  (await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vmId }, name } })).length;

test("a late commit closes the connection, and does the write after its time", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  client.simulator.faults.add({
    operation: "create-vm-snapshot",
    times: 1,
    effect: { kind: "late-commit", afterMs: 60_000 },
  });

  await expect(client.snapshot(vm, "s")).rejects.toThrow();
  client.simulator.advance(59_000);
  expect(await snapshotsNamed(client, vm.id, "s")).toBe(0);
  client.simulator.advance(1_000);
  expect(await snapshotsNamed(client, vm.id, "s")).toBe(1);
});

test("a write whose client leaves while it is delayed is done all the same", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  client.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, latencyMs: 50 });
  const leaving = new AbortController();
  const arrived = client.simulator.calls.next("create-vm-snapshot");
  const response = fetch(`${client.simulator.url}/create-vm-snapshot`, {
    method: "POST",
    headers: { authorization: client.token(), "content-type": "application/json" },
    body: JSON.stringify({ data: [{ vm_id: vm.id, name: "s" }] }),
    signal: leaving.signal,
  });
  await arrived;
  leaving.abort();
  await expect(response).rejects.toThrow();

  await expect.poll(() => snapshotsNamed(client, vm.id, "s")).toBe(1);
});

test("a VM is locked until the last deletion of its snapshots has ended, even if they fail", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const status = async () => (await client.vm("web-prod-01")).entityAsyncStatus;
  for (let count = 0; count < 2; count++) client.simulator.control.nextTask({ kind: "FAILED" });

  await client.post("delete-vm-snapshot", { where: { vm: { id: vm.id } } });
  expect((await client.refused("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "s" }] })).code).toBe(
    "ResourceLocked",
  );
  client.simulator.advance(4000);

  expect(await status()).toBeNull();
});

test("a snapshot of a VM with a locked volume is refused, and the refusal names the volume", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const [volume] = await client.list("VmVolume", "vm-volumes", { where: { vm_disks_some: { vm: { id: vm.id } } } });
  await client.post("create-vm-volume-snapshot", [{ volume_id: volume?.id, name: "v", description: "" }]);

  const refusal = await client.refused("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "s" }] });

  expect(refusal).toMatchObject({ code: "ResourceLocked", message: `Resource [VM_VOLUME-${volume?.id}] locked` });
});

test("synchronous writes have no task, and are done when they are answered", async () => {
  const client = await Client.open();
  client.simulator.control.setQuirks({ synchronousWrites: true });
  const vm = await client.vm("web-prod-01");

  const [created] = await client.post<{ task_id: null; data: { id: string } }[]>("create-vm-snapshot", {
    data: [{ vm_id: vm.id, name: "s" }],
  });

  expect(created?.task_id).toBeNull();
  expect(await client.snapshotRow(created?.data.id ?? "")).toMatchObject({ name: "s", entityAsyncStatus: null });
  expect(await client.list("Task", "tasks", { where: { resource_id: created?.data.id } })).toEqual([]);
});
