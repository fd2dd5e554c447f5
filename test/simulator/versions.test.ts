import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { Client } from "./support/client.js";

test.each([
  ["4.6.0", ["backup_plans", "used_size", "bios_uuid", "unique_logical_size"], []],
  ["4.5.0", ["bios_uuid", "unique_logical_size"], ["backup_plans", "used_size"]],
  ["4.2.0", ["logical_size_bytes"], ["backup_plans", "used_size", "bios_uuid", "unique_logical_size"]],
  ["2.7.0", ["name"], ["bios_uuid", "logical_size_bytes"]],
])("a VM of CloudTower %s has the fields %j and not %j", async (apiVersion, present, absent) => {
  const client = await Client.open({ apiVersion });
  const vm = await client.vm("web-prod-01");
  for (const field of present) expect(vm).toHaveProperty(field);
  for (const field of absent) {
    expect(vm).not.toHaveProperty(field);
    const filter = field === "backup_plans" ? "backup_plans_some" : field;
    expect((await client.refused("get-vms", { where: { [filter]: null } })).message).toContain("is not allowed");
    expect((await client.refused("get-vms", { orderBy: `${field}_ASC` })).message).toContain("orderBy");
  }
  expect(await (await fetch(`${client.simulator.url}/get-version`)).json()).toBe(apiVersion);
});

test("ResourceLocked is sent as a code since 3.3", async () => {
  const codes = ["3.2.0", "3.3.0"].map(async (apiVersion) => {
    const client = await Client.open({ apiVersion });
    const vm = await client.vm("web-prod-01");
    await client.snapshot(vm, "s");
    return (await client.refused("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "t" }] })).code;
  });
  expect(await Promise.all(codes)).toEqual([undefined, "ResourceLocked"]);
});

test("a login needs a source before 3.1, and an old version can take snapshots", async () => {
  const client = await Client.open({ apiVersion: "2.7.0", taskSeconds: 0 });
  const credentials = { username: "admin", password: "admin-pass" };
  expect((await client.refused("login", credentials)).message).toContain("source");
  expect((await client.send("login", { ...credentials, source: "LOCAL" })).status).toBe(200);
  const { id } = await client.snapshot(await client.vm("web-prod-01"), "s");
  const row = await client.snapshotRow(id);
  expect(row?.vm_disks).toHaveLength(3);
  expect(row).not.toHaveProperty("snapshot_group");
  expect((await client.refused("get-snapshot-groups", {})).status).toBe(404);
});

test("a CloudTower newer than the contract sends additional fields", async () => {
  const client = await Client.open({ apiVersion: "4.8.0", vms: 1 });
  const [lun] = await client.list("IscsiLun", "iscsi-luns", { first: 1 });
  expect(lun).toHaveProperty("encrypt_method");
});

test.each([{ apiVersion: "latest" }, { vms: -1 }, { vms: 1.5 }, { seed: 0.5 }, { taskSeconds: -1 }])(
  "refuses to start with %j",
  async (options) => {
    await expect(startSimulator(options)).rejects.toThrow(RangeError);
  },
);
