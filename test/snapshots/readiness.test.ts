import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";

const READINESS = `query($names: [String!]!, $c: SnapshotConsistency!, $t: OnToolsNotRunning!) {
  vms(filter: {or: [{name: {in: $names}}, {originalName: {in: $names}}]}, orderBy: {field: NAME}) { nodes { name originalName snapshotReadiness(consistency: $c, onToolsNotRunning: $t) {
    possible consistency problems vmToolsStatus blockingTask { cloudTowerId } } } } }`;

interface Data {
  readonly vms: { readonly nodes: readonly { name: string; originalName: string | null; snapshotReadiness: object }[] };
}

test("predicts the snapshot from tools, recycle bin and blocking task, with two more calls for all VMs", async () => {
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
  expect(backup.simulator.calls.counts).toEqual({ "get-tasks": 1, "get-vm-snapshots": 1, "get-vms": 1 });
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
