import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";

const READINESS = `query($names: [String!]!, $c: SnapshotConsistency!, $t: OnToolsNotRunning!) {
  vms(includeRecycleBin: true, filter: {or: [{name: {in: $names}}, {originalName: {in: $names}}]}, orderBy: {field: NAME}) { nodes { name originalName snapshotReadiness(consistency: $c, onToolsNotRunning: $t) {
    possible consistency problems vmToolsStatus blockingTask { cloudTowerId } } } } }`;

interface Data {
  readonly vms: { readonly nodes: readonly { name: string; originalName: string | null; snapshotReadiness: object }[] };
}

test("predicts the snapshot from tools, recycle bin and blocking task, with two more calls for all VMs, and two for their disks", async () => {
  const backup = await startBackup();
  const first = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const other = await backup.create({ vmId: backup.vmId("appliance"), name: "s" });
  backup.simulator.calls.clear();

  const { vms } = await backup.data<Data>(READINESS, {
    names: ["web-prod-01", "appliance", "legacy-billing", "old-fileserver"],
    c: "FILE_SYSTEM_CONSISTENT",
    t: "FAIL",
  });

  const by = Object.fromEntries(vms.nodes.map((vm) => [vm.originalName ?? vm.name, vm.snapshotReadiness]));
  expect(by["web-prod-01"]).toEqual({
    possible: false,
    consistency: "FILE_SYSTEM_CONSISTENT",
    problems: ["LOCKED"],
    vmToolsStatus: "RUNNING",
    blockingTask: { cloudTowerId: first.task?.cloudTowerId },
  });
  expect(by.appliance).toMatchObject({
    problems: ["LOCKED", "TOOLS_NOT_RUNNING"],
    blockingTask: { cloudTowerId: other.task?.cloudTowerId },
  });
  expect(by["legacy-billing"]).toMatchObject({
    possible: false,
    consistency: null,
    problems: ["TOOLS_NOT_RUNNING"],
    blockingTask: null,
  });
  expect(by["old-fileserver"]).toMatchObject({ possible: false, problems: ["IN_RECYCLE_BIN", "TOOLS_NOT_RUNNING"] });
  const calls = { "get-tasks": 1, "get-vm-disks": 1, "get-vm-snapshots": 1, "get-vm-volumes": 1, "get-vms": 1 };
  expect(backup.simulator.calls.counts).toEqual(calls);
});

test("with the fallback predicts a crash-consistent snapshot", async () => {
  const backup = await startBackup();
  const { vms } = await backup.data<Data>(READINESS, {
    names: ["legacy-billing"],
    c: "FILE_SYSTEM_CONSISTENT",
    t: "CRASH_CONSISTENT",
  });
  expect(vms.nodes[0]?.snapshotReadiness).toMatchObject({
    possible: true,
    consistency: "CRASH_CONSISTENT",
    problems: [],
  });
});

const DISKS = `query($filter: VmFilter) { vms(includeRecycleBin: true, filter: $filter) { nodes { name snapshotReadiness {
  possible problems disksWithoutLun { cloudTowerId volume { name } } } } } }`;

test("a volume without a LUN is a verdict at once: a snapshot would be created, but never become ready", async () => {
  const backup = await startBackup();
  const names = ["nfs-volume-vm", "web-prod-01", "diskless-pxe"];

  const { vms } = await backup.data<Data>(DISKS, { filter: { name: { in: names } } });

  const by = Object.fromEntries(vms.nodes.map((vm) => [vm.name, vm.snapshotReadiness]));
  expect(by).toEqual({
    "nfs-volume-vm": {
      possible: true,
      problems: ["DISK_WITHOUT_LUN"],
      disksWithoutLun: [{ cloudTowerId: expect.any(String), volume: { name: "nfs-volume-vm-1" } }],
    },
    "web-prod-01": { possible: true, problems: [], disksWithoutLun: [] },
    "diskless-pxe": { possible: true, problems: [], disksWithoutLun: [] },
  });
});

test.each([
  ["has a LUN by its type", { type: "KVM_VOLUME_ISCSI" }],
  ["is being made", { entityAsyncStatus: "CREATING" }],
])("no verdict is given while CloudTower shows no LUN of a volume that %s", async (_, changes) => {
  const backup = await startBackup();
  const { control } = backup.simulator;
  const volume = control.rows("VmVolume", { name: "nfs-volume-vm-1" })[0];
  control.patch("VmVolume", volume?.id as string, changes);

  const { vms } = await backup.data<Data>(DISKS, { filter: { name: { eq: "nfs-volume-vm" } } });

  expect(vms.nodes[0]?.snapshotReadiness).toMatchObject({ problems: [], disksWithoutLun: [] });
});

test("a verdict that cannot be given is an error, not a clean bill", async () => {
  const backup = await startBackup({ spoilsAnswers: true });
  backup.simulator.faults.add({ operation: "get-vm-volumes", effect: { kind: "status", status: 403 } });

  const { data, errors } = await backup.query(DISKS, { filter: { name: { eq: "nfs-volume-vm" } } });

  expect(errors?.[0]).toMatchObject({ extensions: { code: "FORBIDDEN" } });
  expect(JSON.stringify(data)).not.toContain("problems");
});
