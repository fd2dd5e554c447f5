import { expect, test } from "vitest";
import { Client } from "./support/client.js";

test("deletes a snapshot with its LUN snapshots, but not those with the same name in another cluster", async () => {
  const client = await Client.open();
  const vm = await client.vm("容灾应用-01");
  const [snapshot] = await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: vm.id } } });
  const names = snapshot?.vm_disks?.map((disk) => disk.snapshot_local_id).filter((name) => name);
  const left = () => client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", { where: { name_in: names } });
  expect(await left()).toHaveLength(3);
  const result = await client.post("delete-vm-snapshot", { where: { id_in: [snapshot?.id] } });
  expect(result).toEqual([{ task_id: expect.any(String), data: { id: snapshot?.id } }]);
  expect((await client.snapshotRow(snapshot?.id ?? ""))?.entityAsyncStatus).toBe("DELETING");
  client.simulator.advance(4000);
  expect(await client.snapshotRow(snapshot?.id ?? "")).toBeUndefined();
  expect(await left()).toHaveLength(1);
});

test("an empty where deletes everything, as in the real product", async () => {
  const client = await Client.open();
  const all = await client.list("VmSnapshot", "vm-snapshots");
  expect(await client.post("delete-vm-snapshot", { where: {} })).toHaveLength(all.length);
  client.simulator.advance(4000);
  expect(await client.list("VmSnapshot", "vm-snapshots")).toEqual([]);
  expect((await client.refused("delete-vm-snapshot", {})).message).toContain("where is required");
});

test("a rollback restores configuration and disks, and replaces a deleted volume", async () => {
  const client = await Client.open();
  const vm = await client.vm("web-prod-01");
  const { id } = await client.snapshot(vm, "s");
  client.simulator.advance(4000);
  const disks = () =>
    client.list("VmDisk", "vm-disks", { where: { vm: { id: vm.id }, type: "DISK" }, orderBy: "boot_ASC" });
  const before = await disks();
  client.simulator.control.patch("Vm", vm.id, { memory: 2 ** 40 });
  client.simulator.control.remove("VmVolume", before[1]?.vm_volume?.id ?? "");
  await client.post("rollback-vm", { where: { id: vm.id }, data: { snapshot_id: id } });
  client.simulator.advance(4000);
  expect((await client.vm("web-prod-01")).memory).toBe(vm.memory);
  const after = await disks();
  expect(after[0]?.vm_volume?.id).toBe(before[0]?.vm_volume?.id);
  expect(after[1]?.vm_volume?.id).not.toBe(before[1]?.vm_volume?.id);
  const [lun] = await client.list("VmVolume", "vm-volumes", { where: { id: after[1]?.vm_volume?.id } });
  expect(lun?.lun).not.toBeNull();
});

test("a rollback to a snapshot of another VM is refused", async () => {
  const client = await Client.open();
  const [snapshot] = await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { name: "数据库主节点" } } });
  const body = { where: { id: (await client.vm("web-prod-01")).id }, data: { snapshot_id: snapshot?.id } };
  expect((await client.refused("rollback-vm", body)).message).toContain("is not one of VM");
});

test("a rebuild creates a VM with its own volumes and LUNs", async () => {
  const client = await Client.open();
  const source = await client.vm("web-prod-01");
  const [snapshot] = await client.list("VmSnapshot", "vm-snapshots", { where: { vm: { id: source.id } } });
  const body = [{ name: "rebuilt", rebuild_from_snapshot_id: snapshot?.id }];
  const [item] = await client.post<{ task_id: string; data: { id: string } }[]>("rebuild-vm-from-snapshot", body);
  expect(await client.vm("rebuilt")).toMatchObject({ id: item?.data.id, entityAsyncStatus: "CREATING", vm_disks: [] });
  client.simulator.advance(4000);
  const vm = await client.vm("rebuilt");
  expect(vm).toMatchObject({ entityAsyncStatus: null, memory: source.memory });
  expect(vm.vm_disks).toHaveLength(3);
  const volumes = await client.list("VmVolume", "vm-volumes", {
    where: { vm_disks_some: { vm: { id_in: [source.id, vm.id] } } },
  });
  expect(new Set(volumes.map(({ lun }) => lun?.id)).size).toBe(4);
});

test("VMs are started and powered off by tasks", async () => {
  const client = await Client.open();
  const where = { name: "legacy-billing" };
  await client.post("start-vm", { where });
  client.simulator.advance(4000);
  const running = await client.vm("legacy-billing");
  expect(running).toMatchObject({ status: "RUNNING", vm_tools_status: "RUNNING" });
  expect(running.host).not.toBeNull();
  await client.post("poweroff-vm", { where });
  client.simulator.advance(4000);
  expect(await client.vm("legacy-billing")).toMatchObject({ status: "STOPPED", host: null });
});

test("snapshots of LUNs and volumes can share a name, and lock the volume while they are taken", async () => {
  const client = await Client.open();
  const [lun] = await client.list("IscsiLun", "iscsi-luns", { where: { name: "ora-data-01" } });
  const lunRequest = [{ name: "twice", iscsi_lun_id: lun?.id, iscsi_target_id: lun?.iscsi_target?.id }];
  await client.post("create-iscsi-lun-snapshot", lunRequest);
  await client.post("create-iscsi-lun-snapshot", lunRequest);
  expect(await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", { where: { name: "twice" } })).toHaveLength(2);
  const [volume] = await client.list("VmVolume", "vm-volumes", { where: { name: "web-prod-01-1" } });
  const body = [{ name: "v", description: "", volume_id: volume?.id }];
  const [item] = await client.post<{ data: { id: string } }[]>("create-vm-volume-snapshot", body);
  const locked = await client.send("create-vm-volume-snapshot", body);
  expect(JSON.parse(locked.text).props).toEqual({ locked_resources: [{ id: volume?.id, type: "VM_VOLUME" }] });
  client.simulator.advance(4000);
  const [row] = await client.list("VmVolumeSnapshot", "vm-volume-snapshots", { where: { id: item?.data.id } });
  const where = { local_id: row?.zbs_snapshot_uuid };
  expect(await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", { where })).toHaveLength(1);
});

test("a snapshot of a consistency group includes all its members", async () => {
  const client = await Client.open();
  const [group] = await client.list("ConsistencyGroup", "consistency-groups");
  const body = [{ name: "g", consistency_group_id: group?.id }];
  const [item] = await client.post<{ data: { id: string } }[]>("create-consistency-snapshot-group", body);
  client.simulator.advance(4000);
  const find = () =>
    client.list("ConsistencyGroupSnapshot", "consistency-group-snapshots", { where: { id: item?.data.id } });
  const [row] = await find();
  expect(row?.Iscsi_lun_snapshots).toHaveLength(3);
  expect(row?.nvmf_namespace_snapshots).toHaveLength(1);
  const where = { id: item?.data.id };
  await client.post("delete-consistency-snapshot-group", { where, data: { remain_volume_snapshot: false } });
  client.simulator.advance(4000);
  expect(await find()).toEqual([]);
  const parts = { where: { id: row?.Iscsi_lun_snapshots?.[0]?.id } };
  expect(await client.list("IscsiLunSnapshot", "iscsi-lun-snapshots", parts)).toEqual([]);
});

test("a write of a consistency group locks it, and a rollback also the VMs of its LUNs, until all of its tasks have ended", async () => {
  const client = await Client.open();
  const { control } = client.simulator;
  const id = String((await client.list("ConsistencyGroup", "consistency-groups"))[0]?.id);
  const monday = {
    id_in: control.rows("ConsistencyGroupSnapshot", { consistency_group: { id } }).map((row) => row.id),
  };
  const idOf = (stub: unknown) => (stub as { id: string }).id;
  const where = { vm_volume: { lun: { id_not: "none" } }, vm: { status: "RUNNING", entityAsyncStatus: null } };
  const [disk] = control.rows("VmDisk", where);
  const volume = control.row("VmVolume", idOf(disk?.vm_volume));
  control.patch("IscsiLun", idOf(volume?.lun), { consistency_group: id });
  const create = [{ consistency_group_id: id, name: "one" }];
  const refusals = async () => {
    const bodies: [string, object][] = [
      ["create-consistency-snapshot-group", create],
      ["rollback-consistency-snapshot-group", { where: monday }],
      ["delete-consistency-snapshot-group", { where: monday, data: { remain_volume_snapshot: true } }],
    ];
    const sent = await Promise.all(bodies.map(([endpoint, body]) => client.send(endpoint, body)));
    return sent.map(({ status, text }) => (status === 200 ? "done" : JSON.parse(text).props?.locked_resources[0].type));
  };

  await client.post("create-consistency-snapshot-group", [...create, { ...create[0], name: "two" }]);
  expect(await refusals()).toEqual(Array(3).fill("CONSISTENCY_GROUP"));
  client.simulator.advance(10_000);
  await client.post("rollback-consistency-snapshot-group", { where: monday });
  const snapshot = "CONSISTENCY_GROUP_SNAPSHOT";
  expect(await refusals()).toEqual(["CONSISTENCY_GROUP", snapshot, snapshot]);
  const { message } = await client.refused("poweroff-vm", { where: { id: idOf(disk?.vm) } });
  expect(message).toMatch(/VM-.* locked/);
  client.simulator.advance(10_000);
  expect(
    await client.post("delete-consistency-snapshot-group", { where: monday, data: { remain_volume_snapshot: true } }),
  ).toHaveLength(2);
});
