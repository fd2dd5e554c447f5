import { expect, test } from "vitest";
import type { Columns, OtherTower } from "./support/other-tower.js";
import { addSnapshot, addTask, startOther } from "./support/other-world.js";

const HOUR = 3_600_000;

/** Adds a task of the night between the two snapshots. */
function task(tower: OtherTower, columns: Columns): void {
  const id = `night-${tower.all("Task").length}`;
  addTask(tower, { id, cluster: { id: "c1" }, resource_type: "VM", ...columns }, Date.now() - 12 * HOUR);
}

const ordinary: [string, (tower: OtherTower) => void][] = [
  ["nothing", () => {}],
  [
    "power, a migration, and deletions of older snapshots",
    (tower) => {
      for (const resource_mutation of ["shutdownVm", "startVm", "migrateVm"])
        task(tower, { resource_mutation, resource_id: "vm1" });
      task(tower, { resource_mutation: "deleteVmSnapshot", resource_id: "s0", resource_type: "VmSnapshot" });
    },
  ],
  [
    "an edit of the VM's CPUs, memory and name",
    (tower) => {
      const data = { vcpu: 4, cpu: { cores: 2, sockets: 2 }, memory: 8, memory_unit: "GiB", name: "renamed", ha: true };
      task(tower, { resource_mutation: "updateVm", resource_id: "vm1", args: { where: { id: "vm1" }, data } });
    },
  ],
  [
    "deletions of other VMs and volumes, without a type",
    (tower) => {
      for (const resource_mutation of ["deleteVm", "deleteVmVolume", "DELETE_ISCSI_LUN"]) {
        task(tower, { resource_mutation, resource_id: "gone", resource_type: null, args: null });
      }
    },
  ],
  [
    "an unknown task on another VM, and odd rows beside it",
    (tower) => {
      addSnapshot(tower, "vm2", "s9", Date.now() - 14 * HOUR);
      (tower.row("VmSnapshot", "s9").vm_disks as unknown[]).push(null);
      tower.row("Vm", "vm1").local_id = 7;
      task(tower, { resource_mutation: "reconcileVm", resource_id: "vm2", args: { snapshot: "s9" } });
    },
  ],
  [
    "no time of the earlier snapshot, and no NICs known of it",
    (tower) => Object.assign(tower.row("VmSnapshot", "s1"), { local_created_at: null, vm_nics: null }),
  ],
  [
    "ids in ZBS in capitals on the second path",
    (tower) => Object.assign(tower.row("VmVolumeSnapshot", "vsid-s1"), { zbs_snapshot_uuid: "Z-S1" }),
  ],
];

test.each(ordinary)("a disk is incremental after a night with %s", async (_, change) => {
  const { tower, plan } = await startOther();
  change(tower);
  expect(await plan("s1", "s2")).toMatchObject({ reason: null });
});

test.each([
  ["other arguments", { data: { vcpu: 4, vm_disks: { create: [] } } }],
  ["a part that is not known", { data: { vcpu: 4 }, effect: { volumes: ["v"] } }],
  ["no arguments", {}],
  ["a text as arguments", "vcpu"],
  ["nothing to set", { data: {} }],
])("a disk is not incremental after an edit of the VM with %s", async (_, args) => {
  const { tower, plan } = await startOther();
  task(tower, { resource_mutation: "updateVm", resource_id: "vm1", args });
  expect(await plan("s1", "s2")).toMatchObject({
    reason: "LINEAGE_UNKNOWN",
    explanation: expect.stringContaining("updateVm"),
  });
});

test("the order of snapshots without times is told by their tasks, and the wrong one is not incremental", async () => {
  const { tower, plan } = await startOther();
  for (const id of ["s1", "s2"]) tower.row("VmSnapshot", id).local_created_at = null;
  expect(await plan("s1", "s2")).toMatchObject({ reason: null });
  expect(await plan("s2", "s1")).toMatchObject({ reason: "LINEAGE_UNKNOWN" });
});

test.each(["startVm", "StartVm", "START_VM", "start-vm", "start_vm"])(
  "tens of thousands of harmless tasks, spelled like %s, cost no more than one further call",
  async (resource_mutation) => {
    const { tower, plan } = await startOther();
    await plan("s1", "s2");
    const without = tower.calls.splice(0).length;
    // As much as the plan and its VM are priced at.
    expect(without).toBeLessThanOrEqual(1 + 16 + 1);
    for (let count = 0; count < 30_000; count += 1) task(tower, { resource_mutation, resource_id: "vm2" });
    expect(await plan("s1", "s2")).toMatchObject({ reason: null });
    expect(tower.calls.length).toBeLessThanOrEqual(without + 1);
  },
);

test("thousands of tasks on other objects are judged with a bounded number of calls", async () => {
  const { tower, plan } = await startOther();
  for (let count = 0; count < 4000; count += 1) {
    tower.add("Vm", { id: `other-${count}` });
    const args = { a: `a-${count}`, b: `b-${count}` };
    task(tower, { resource_mutation: "addVmDisk", resource_id: `other-${count}`, resource_type: null, args });
  }
  expect(await plan("s1", "s2")).toMatchObject({ reason: null });
  expect(tower.calls.length).toBeLessThan(100);
});
