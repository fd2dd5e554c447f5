import { expect, test } from "vitest";
import { Client } from "./support/client.js";

test("rows are changed, removed and added without the API, and both ends of a relation follow", async () => {
  const client = await Client.open();
  const { control } = client.simulator;
  const vm = await client.vm("web-prod-01");
  const vmNameOnDisk = async () =>
    (await client.list("VmDisk", "vm-disks", { where: { vm: { id: vm.id } } }))[0]?.vm?.name;
  expect(await vmNameOnDisk()).toBe("web-prod-01");
  control.patch("Vm", vm.id, { vm_tools_status: "RESTRICTION", name: "renamed", folder: null });
  expect(await client.vm("renamed")).toMatchObject({ vm_tools_status: "RESTRICTION", folder: null });
  expect(await vmNameOnDisk()).toBe("renamed");
  const added = control.insert("VmDisk", { vm: vm.id, type: "CD_ROM", boot: 9, bus: "IDE" });
  expect((await client.vm("renamed")).vm_disks?.map(({ id }) => id)).toContain(added);
  expect(await client.list("VmDisk", "vm-disks", { where: { id: added } }, "operator")).toEqual([]);
  control.remove("VmDisk", added);
  expect((await client.vm("renamed")).vm_disks?.map(({ id }) => id)).not.toContain(added);
});

test("a reference to a removed row dangles and still shows the name", async () => {
  const client = await Client.open();
  const [volume] = await client.list("VmVolume", "vm-volumes", { where: { name: "web-prod-01-1" } });
  client.simulator.control.remove("IscsiLun", volume?.lun?.id ?? "");
  const [after] = await client.list("VmVolume", "vm-volumes", { where: { id: volume?.id } });
  expect(after?.lun).toEqual(volume?.lun);
  expect(await client.list("VmVolume", "vm-volumes", { where: { lun: { id: volume?.lun?.id } } })).toEqual([]);
});

test("values that are not in the contract are sent unchanged", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  client.simulator.control.patch("Vm", vm.id, { status: "MIGRATING" });
  expect((await client.vm("web-prod-01")).status).toBe("MIGRATING");
});

test("throws for unknown rows, unknown fields, computed lists and a clock that goes back", async () => {
  const client = await Client.open();
  const { control } = client.simulator;
  const vm = await client.vm("web-prod-01");
  expect(() => control.patch("Vm", "no-such-vm", {})).toThrow("no Vm no-such-vm");
  expect(() => control.patch("Vm", vm.id, { nam: "x" })).toThrow("Vm has no field nam");
  expect(() => control.patch("Vm", vm.id, { vm_disks: [] })).toThrow("is computed from VmDisk.vm");
  expect(() => client.simulator.advance(-1)).toThrow(RangeError);
});

test("gives disks new ids, and reads rows without a call of the API", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const ids = () => client.simulator.control.rows("VmDisk", { vm: { id: vm.id } }).map(({ id }) => id);
  const before = ids();
  client.simulator.control.recreateDisks(vm.id);
  expect(ids()).toHaveLength(before.length);
  expect(ids().some((id) => before.includes(id))).toBe(false);
  expect(client.simulator.control.row("Vm", vm.id)).toMatchObject({ name: "web-prod-01" });
  expect(client.simulator.calls.count("get-vm-disks")).toBe(0);
});

test("stop is safe to call twice and frees the port", async () => {
  const client = await Client.open({ vms: 1 });
  await client.simulator.stop();
  await client.simulator.stop();
  const next = await Client.open({ vms: 1, port: client.simulator.port });
  expect(next.simulator.port).toBe(client.simulator.port);
});
