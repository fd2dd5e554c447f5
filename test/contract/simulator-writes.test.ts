import { describe, expect, test } from "vitest";
import type { Row } from "../../src/upstream/wire/types.js";
import { checkedSimulator } from "./support/checked-simulator.js";
import { contractOrSkip, versions } from "./support/document.js";

interface Result {
  readonly task_id: string | null;
  readonly data: { readonly id: string };
}

describe.each(versions)("as CloudTower %s", (apiVersion) => {
  const checked = checkedSimulator(contractOrSkip(apiVersion), { vms: 20, apiVersion });

  test("creates VM snapshots that lock their VMs, reads them in every state, and deletes them", async () => {
    const [first, second] = await idleVms();
    const body = {
      data: [
        { vm_id: first.id, name: "whole" },
        { vm_id: second.id, name: "quiet", consistent_type: "FILE_SYSTEM_CONSISTENT" },
      ],
    };
    const created = await checked.call<Result[]>("create-vm-snapshot", body);
    await checked.call("create-vm-snapshot", { data: [{ vm_id: first.id, name: "locked out" }] }, { status: 400 });
    // Pending, executing with growing steps, ended.
    for (let second = 0; second < 5; second += 1) {
      await checked.readAll();
      checked.simulator.advance(1000);
    }
    expect(await statuses(created)).toEqual(["SUCCESSED", "SUCCESSED"]);
    await write("delete-vm-snapshot", { where: { id_in: idsOf(created) } });
  });

  test("rolls back a VM, rebuilds it from a snapshot, powers it off and starts it", async () => {
    const [vm] = await idleVms();
    const [snapshot] = await write("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "before" }] });
    await write("rollback-vm", { where: { id: vm.id }, data: { snapshot_id: snapshot?.data.id } });
    await write("rebuild-vm-from-snapshot", [
      { name: "again", rebuild_from_snapshot_id: snapshot?.data.id },
      { name: "larger", rebuild_from_snapshot_id: snapshot?.data.id, vcpu: 8, cpu_cores: 4, cpu_sockets: 2, ha: false },
    ]);
    await write("poweroff-vm", { where: { id: vm.id } });
    await write("start-vm", { where: { id: vm.id } });
    await write("shutdown-vm", { where: { id: vm.id } });
    await write("start-vm", { where: { id: vm.id } });
  });

  test("rebuilds a volume, attaches it to a VM and detaches it, by a disk id that has changed since", async () => {
    const [vm] = await idleVms();
    await write("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "frozen" }] });
    const [snapshot] = await checked.call<Row<"VmVolumeSnapshot">[]>("get-vm-volume-snapshots", { first: 1 });
    const description = "from a snapshot";
    const rebuild = [{ name: "restored", description, volume_snapshot_id: snapshot?.id }];
    const [volume] = await write("rebuild-vm-volume", rebuild);
    const [row] = await checked.call<Row<"VmVolume">[]>("get-vm-volumes", { where: { id: volume?.data.id } });
    expect(row).toMatchObject({ name: "restored", description, size: expect.any(Number), mounting: false });
    const [host] = await checked.call<Row<"Vm">[]>("get-vms", {
      where: { cluster: { id: row?.cluster?.id }, entityAsyncStatus: null, in_recycle_bin: false },
      first: 1,
    });
    const mount = { vm_volume_id: row?.id, bus: "SCSI", boot: 0, key: 77 };
    const where = { id_in: [host?.id] };
    await write("add-vm-disk", { where, data: { vm_disks: { mount_disks: [mount] } } });
    const disksOf = () => checked.call<Row<"VmDisk">[]>("get-vm-disks", { where: { vm_volume: { id: row?.id } } });
    const [disk] = await disksOf();
    expect(disk).toMatchObject({ bus: "SCSI", boot: 0, key: 77, vm: { id: host?.id } });
    await checked.call("add-vm-disk", { where, data: { vm_disks: { mount_disks: [mount] } } }, { status: 400 });
    checked.simulator.control.recreateDisks(host?.id ?? "");
    await checked.call("remove-vm-disk", { where, data: { disk_ids: [disk?.id] } }, { status: 400 });
    const [again] = await disksOf();
    await write("remove-vm-disk", { where, data: { disk_ids: [again?.id] } });
    expect(await disksOf()).toEqual([]);
    const [kept] = await checked.call<Row<"VmVolume">[]>("get-vm-volumes", { where: { id: row?.id } });
    expect(kept).toMatchObject({ mounting: false });
  });

  test("creates and deletes LUN snapshots", async () => {
    const [lun] = await checked.call<Row<"IscsiLun">[]>("get-iscsi-luns", { first: 1 });
    const item = { name: "lun-snapshot", iscsi_lun_id: lun?.id, iscsi_target_id: lun?.iscsi_target?.id };
    const created = await write("create-iscsi-lun-snapshot", [item]);
    await write("delete-iscsi-lun-snapshot", { where: { id_in: idsOf(created) } });
  });

  test("creates and deletes volume snapshots", async () => {
    const where = { lun: { id_not: "none" } };
    const [volume] = await checked.call<Row<"VmVolume">[]>("get-vm-volumes", { where, first: 1 });
    const created = await write("create-vm-volume-snapshot", [{ volume_id: volume?.id, name: "v", description: "" }]);
    await write("delete-vm-volume-snapshot", { where: { id_in: idsOf(created) } });
  });

  test("creates, rolls back to and deletes snapshots of a consistency group", async () => {
    const [group] = await checked.call<Row<"ConsistencyGroup">[]>("get-consistency-groups", { first: 1 });
    const created = await write("create-consistency-snapshot-group", [{ consistency_group_id: group?.id, name: "g" }]);
    await write("rollback-consistency-snapshot-group", { where: { id_in: idsOf(created) } });
    const data = { remain_volume_snapshot: false };
    await write("delete-consistency-snapshot-group", { where: { id_in: idsOf(created) }, data });
  });

  test("creates labels, puts them on snapshots, takes them off and deletes them", async () => {
    const [snapshot] = await checked.call<Row<"VmSnapshot">[]>("get-vm-snapshots", { first: 1 });
    const created = await checked.call<Result[]>("create-label", [{ key: "k", value: "v" }, { key: "alone" }]);
    const body = { where: { id_in: idsOf(created) }, data: { vm_snapshots: { id_in: [snapshot?.id] } } };
    expect(idsOf(await checked.call<Result[]>("add-labels-to-resources", body))).toEqual(idsOf(created));
    const labeled = { id: snapshot?.id, labels_some: { key: "k", value_gte: "v" } };
    expect(await checked.call("get-vm-snapshots", { where: labeled })).toHaveLength(1);
    await checked.call("add-labels-to-resources", body, { status: 304 });
    await checked.call("create-label", [{ key: "k", value: "v" }], { status: 400 });
    const nothing = { ...body, data: { vm_snapshots: { id_in: ["none"] } } };
    expect(await checked.call("add-labels-to-resources", nothing)).toEqual([]);
    expect(idsOf(await checked.call<Result[]>("remove-labels-from-resources", body))).toEqual(idsOf(created));
    await checked.call("remove-labels-from-resources", body, { status: 304 });
    await checked.call("add-labels-to-resources", body);
    await checked.call("delete-label", { where: { id_in: idsOf(created) } });
    expect(await checked.call("get-vm-snapshots", { where: labeled })).toEqual([]);
    await checked.readAll();
  });

  test("failed and paused tasks conform to the contract", async () => {
    const [first, second] = await idleVms();
    checked.simulator.control.nextTask({ kind: "FAILED" });
    checked.simulator.control.nextTask({ kind: "PAUSED" });
    const data = [first, second].map(({ id }) => ({ vm_id: id, name: "unlucky" }));
    const created = await checked.call<Result[]>("create-vm-snapshot", { data });
    checked.simulator.advance(10_000);
    await checked.readAll();
    expect((await statuses(created)).sort()).toEqual(["FAILED", "PAUSED"]);
    checked.simulator.control.resumeTasks();
    checked.simulator.advance(10_000);
    await checked.readAll();
  });

  test("data that lags after its task conforms to the contract", async () => {
    const [vm] = await idleVms();
    checked.simulator.control.setLags({
      taskVisibleMs: 500,
      asyncStatusMs: 3000,
      frozenDisksMs: 1000,
      lunSnapshotMs: 2000,
      lunSnapshotReads: 1,
    });
    await checked.call("create-vm-snapshot", { data: [{ vm_id: vm.id, name: "late" }] });
    for (let second = 0; second < 9; second += 1) {
      await checked.readAll();
      checked.simulator.advance(1000);
    }
    checked.simulator.control.reset();
  });

  test("what others do conforms to the contract, late, undated, forgotten or without a task", async () => {
    const { control } = checked.simulator;
    control.setLags({ taskVisibleMs: 2000, taskEndVisibleMs: 5000, snapshotVisibleMs: 3000 });
    control.setQuirks({ lateShare: 0.3, undatedSnapshots: 0.3, undatedTasks: 0.3, taskMemoryMs: 60_000 });
    control.setActivity({ perMinute: 120, planSeconds: 5, failing: 0.3, silentDeletions: 0.3 });
    for (let step = 0; step < 12; step += 1) {
      checked.simulator.advance(5000);
      await checked.readAll();
    }
    control.reset();
    checked.simulator.advance(60_000);
    await checked.readAll();
  });

  test("rows with dangling references conform to the contract", async () => {
    const [vm] = await idleVms();
    const [lun] = await checked.call<Row<"IscsiLun">[]>("get-iscsi-luns", { first: 1 });
    checked.simulator.control.remove("Vm", vm.id);
    checked.simulator.control.remove("IscsiLun", lun?.id ?? "");
    await checked.readAll();
  });

  /** Calls a write, reads all lists while its tasks run and after they ended, and expects them to succeed. */
  async function write(endpoint: string, body: unknown): Promise<Result[]> {
    const results = await checked.call<Result[]>(endpoint, body);
    expect(results.length).toBeGreaterThan(0);
    checked.simulator.advance(2000);
    await checked.readAll();
    checked.simulator.advance(10_000);
    await checked.readAll();
    for (const status of await statuses(results)) expect(status).toBe("SUCCESSED");
    return results;
  }

  async function statuses(results: readonly Result[]): Promise<unknown[]> {
    const ids = results.flatMap(({ task_id }) => task_id ?? []);
    const tasks = await checked.call<Row<"Task">[]>("get-tasks", { where: { id_in: ids } });
    return tasks.map(({ status }) => status);
  }

  function idsOf(results: readonly Result[]): string[] {
    return results.map(({ data }) => data.id);
  }

  /** Two running VMs with disks and guest tools that no task has locked. */
  async function idleVms(): Promise<[Row<"Vm">, Row<"Vm">]> {
    const where = {
      in_recycle_bin: false,
      status: "RUNNING",
      vm_tools_status: "RUNNING",
      entityAsyncStatus: null,
      vm_disks_some: { type: "DISK" },
    };
    const [first, second] = await checked.call<Row<"Vm">[]>("get-vms", { where, first: 2 });
    if (!first || !second) throw new Error("the inventory has no two idle VMs");
    return [first, second];
  }
});
