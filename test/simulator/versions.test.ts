import { expect, test } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.js";
import { Client } from "./support/client.js";

test.each([
  ["4.8.0", ["internal_product", "backup_plans", "used_size"], []],
  ["4.6.0", ["backup_plans", "used_size", "bios_uuid"], ["internal_product"]],
  ["4.5.0", ["backup_plans", "bios_uuid"], ["used_size"]],
  ["4.2.0", ["bios_uuid", "unique_logical_size"], ["backup_plans", "used_size"]],
  ["2.7.0", ["logical_size_bytes"], ["gpu_devices", "bios_uuid", "unique_logical_size"]],
])("a VM of CloudTower %s has the fields %j and not %j", async (apiVersion, present, absent) => {
  const client = await Client.open({ apiVersion });
  const vm = await client.vm("web-prod-01");
  for (const field of present) expect(vm).toHaveProperty(field);
  for (const field of absent) {
    expect(vm).not.toHaveProperty(field);
    const filter = { backup_plans: "backup_plans_some", gpu_devices: "gpu_devices_some" }[field] ?? field;
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

test("a login needs a source before 3.0, and an old version can take snapshots", async () => {
  const client = await Client.open({ apiVersion: "2.7.0", taskSeconds: 0 });
  const credentials = { username: "admin", password: "admin-pass" };
  expect((await client.refused("login", credentials)).message).toContain("source");
  expect((await client.send("login", { ...credentials, source: "LOCAL" })).status).toBe(200);
  const { id } = await client.snapshot(await client.vm("web-prod-01"), "s");
  expect((await client.snapshotRow(id))?.vm_disks).toHaveLength(3);
});

test.each<[string, readonly string[]]>([
  ["4.0.0", ["id"]],
  ["4.1.0", ["id", "key", "value"]],
])("the labels in a row of CloudTower %s have the fields %j", async (apiVersion, fields) => {
  const client = await Client.open({ apiVersion });
  const labeled = await client.list("Vm", "vms", { where: { labels_some: { id_not: "none" } } });
  expect(labeled.length).toBeGreaterThan(0);
  for (const { labels } of labeled) for (const label of labels ?? []) expect(Object.keys(label).sort()).toEqual(fields);
});

test("an object embedded in a row has the fields of its version", async () => {
  const vlans = ["4.4.0", "4.5.0"].map(async (apiVersion) => {
    const client = await Client.open({ apiVersion });
    const [snapshot] = await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { name: "web-prod-01" } } });
    return Object.keys(snapshot?.vm_nics?.[0]?.vlan ?? {});
  });
  const [before, after] = await Promise.all(vlans);
  expect(before).toContain("vlan_local_id");
  expect(before).not.toContain("network_ids");
  expect(after).toContain("network_ids");
});

test("a value of an enum that a version lacks is neither sent nor accepted", async () => {
  const client = await Client.open({ apiVersion: "3.4.4" });
  const types = (await client.list("Cluster", "clusters")).map(({ type }) => type);
  expect(types).not.toContain("SMTX_ELF");
  expect((await client.refused("get-clusters", { where: { type: "SMTX_ELF" } })).message).toContain("BLUESHARK");
});

test("what arrived at an unknown time between two documents is missing before the later one", async () => {
  const has = ["4.7.0", "4.8.0"].map(async (apiVersion) => {
    const client = await Client.open({ apiVersion });
    const [cluster] = await client.list("Cluster", "clusters", { first: 1 });
    return Object.hasOwn(cluster ?? {}, "enable_tiering");
  });
  expect(await Promise.all(has)).toEqual([false, true]);
});

test("a CloudTower newer than the contract sends fields that no reader knows", async () => {
  const client = await Client.open({ apiVersion: "99.0", vms: 1 });
  const [lun] = await client.list("IscsiLun", "iscsi-luns", { first: 1 });
  expect(lun).toHaveProperty("newer_than_the_contract");
});

test.each([{ apiVersion: "latest" }, { vms: -1 }, { vms: 1.5 }, { seed: 0.5 }, { taskSeconds: -1 }])(
  "refuses to start with %j",
  async (options) => {
    await expect(startSimulator(options)).rejects.toThrow(RangeError);
  },
);
