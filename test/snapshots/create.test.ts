import { expect, test } from "vitest";
import { holdCalls, until } from "../faults/support/failures.js";
import { startGateway } from "../support/gateway.js";
import { startBackup } from "./support/backup.js";

test("creates a snapshot, and a repeated call finds it with its task", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");

  const first = await backup.create({ vmId, name: "nightly" });
  const second = await backup.create({ vmId: `Vm:${vmId}`, name: "nightly" });

  expect(first).toMatchObject({
    created: true,
    errors: [],
    vm: { cloudTowerId: vmId },
    name: "nightly",
    consistency: "CRASH_CONSISTENT",
  });
  expect(second).toMatchObject({ created: false, errors: [] });
  expect(second.snapshot?.id).toBe(first.snapshot?.id);
  expect(second.task?.id).toBe(first.task?.id);
  expect(backup.writes()).toBe(1);
});

test("ten identical calls at the same time create one snapshot", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");

  const outcomes = await Promise.all(Array.from({ length: 10 }, () => backup.create({ vmId, name: "once" })));

  expect(new Set(outcomes.map(({ snapshot }) => snapshot?.id)).size).toBe(1);
  expect(new Set(outcomes.map(({ task }) => task?.id)).size).toBe(1);
  expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
  expect(backup.snapshotsNamed(vmId, "once")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("snapshots without a name get unique names, which the results show", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");

  const outcomes = await Promise.all(Array.from({ length: 3 }, () => backup.create({ vmId, onLocked: "FAIL" })));

  expect(new Set(outcomes.map(({ name }) => name)).size).toBe(3);
  const successful = outcomes.find(({ created }) => created);
  expect(successful?.snapshot?.name).toBe(successful?.name);
});

test("a name is taken if its snapshot has another consistency", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "nightly" });

  const other = await backup.create({ vmId, name: "nightly", consistency: "FILE_SYSTEM_CONSISTENT" });

  expect(other).toMatchObject({ snapshot: null, created: false, errors: [{ code: "SNAPSHOT_NAME_TAKEN" }] });
  expect(backup.writes()).toBe(1);
});

test("refuses a file-system-consistent snapshot without running tools before anything is written", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("legacy-billing");

  const refused = await backup.create({ vmId, name: "fs", consistency: "FILE_SYSTEM_CONSISTENT" });

  expect(refused).toMatchObject({
    snapshot: null,
    askedConsistency: "FILE_SYSTEM_CONSISTENT",
    consistency: null,
    errors: [{ __typename: "VmToolsNotRunningError" }],
  });
  expect(backup.writes()).toBe(0);
});

test("falls back to crash-consistent if requested, reports it, and finds that snapshot again", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("legacy-billing");
  const input = {
    vmId,
    name: "fs",
    consistency: "FILE_SYSTEM_CONSISTENT",
    onToolsNotRunning: "CRASH_CONSISTENT",
  };

  const first = await backup.create(input);
  backup.simulator.control.patch("Vm", vmId, { vm_tools_status: "RUNNING" });
  const second = await backup.create(input);

  expect(first).toMatchObject({
    created: true,
    askedConsistency: "FILE_SYSTEM_CONSISTENT",
    consistency: "CRASH_CONSISTENT",
    snapshot: { consistency: "CRASH_CONSISTENT" },
  });
  expect(second).toMatchObject({ created: false, errors: [], consistency: "CRASH_CONSISTENT" });
  expect(second.snapshot?.id).toBe(first.snapshot?.id);
  expect(backup.writes()).toBe(1);
});

test.each([
  ["an unknown VM", { vmId: "cl0000000000000000000none", name: "s" }, "VM_NOT_FOUND"],
  ["a VM in the recycle bin", { vmName: "old-fileserver", name: "s" }, "VM_IN_RECYCLE_BIN"],
  ["an empty name", { vmName: "web-prod-01", name: "" }, "INVALID_NAME"],
  ["a blank name", { vmName: "web-prod-01", name: "  " }, "INVALID_NAME"],
])("refuses %s as a typed error, and writes nothing", async (_, { vmName, ...input }: Record<string, string>, code) => {
  const backup = await startBackup();
  const vmId = vmName === undefined ? input.vmId : backup.vmId(vmName);

  const refused = await backup.create({ ...input, vmId });

  expect(refused).toMatchObject({ snapshot: null, task: null, created: false, errors: [{ code }] });
  expect(backup.writes()).toBe(0);
  // In the recycle bin, CloudTower gives a VM another name, which says nothing to people.
  expect(JSON.stringify(refused.errors)).not.toContain("in-recycle-bin");
});

test("a user who may only read gets PermissionDeniedError after one write", async () => {
  const backup = await startBackup();
  const viewer = backup.simulator.users.find(({ username }) => username === "viewer");

  const refused = await backup.create(
    { vmId: backup.vmId("web-prod-01"), name: "s" },
    { authorization: viewer?.token ?? "" },
  );

  expect(refused).toMatchObject({ snapshot: null, errors: [{ __typename: "PermissionDeniedError" }] });
  expect(backup.writes()).toBe(1);
});

test("a rejection by CloudTower is UpstreamRejectedError with its message", async () => {
  const backup = await startBackup();
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    effect: { kind: "status", status: 400, message: "too many snapshots" },
  });

  const refused = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });

  expect(refused).toMatchObject({ snapshot: null, errors: [{ code: "UPSTREAM_REJECTED" }] });
  expect(refused.errors[0]?.message).toContain("too many snapshots");
  expect(backup.writes()).toBe(1);
});

test("waitSeconds returns the usable snapshot, with the chain down to the ZBS volumes", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const data = await backup.data<{ createVmSnapshot: { ready: boolean; snapshot: Chain } }>(
    `mutation($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) {
      ready snapshot { disks(type: DISK) { lunSnapshot { storageVolume { zbsId } } } } } }`,
    { input: { vmId: backup.vmId("web-prod-01"), name: "s", waitSeconds: 30 } },
  );
  expect(data.createVmSnapshot.ready).toBe(true);
  const ids = data.createVmSnapshot.snapshot.disks.map((disk) => disk.lunSnapshot.storageVolume.zbsId);
  expect(ids).toHaveLength(2);
});

test("waitSeconds returns the state reached when the time is over, or the failure", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 3600 } });
  const vmId = backup.vmId("web-prod-01");

  const late = await backup.create({ vmId, name: "s", waitSeconds: 1 });
  expect(late).toMatchObject({ ready: false, errors: [], created: true, snapshot: { asyncStatus: "CREATING" } });

  backup.simulator.control.nextTask({ kind: "FAILED", errorMessage: "no space" });
  const failing = backup.create({ vmId: backup.vmId("appliance"), name: "s", waitSeconds: 60 });
  await backup.simulator.calls.next("create-vm-snapshot");
  backup.simulator.advance(3_600_000);
  expect(await failing).toMatchObject({
    ready: false,
    task: { status: "FAILED" },
    errors: [{ code: "SNAPSHOT_FAILED" }],
  });
});

interface Chain {
  readonly disks: readonly { readonly lunSnapshot: { readonly storageVolume: { readonly zbsId: string } } }[];
}

test("a call does not wait for its snapshot to become ready once the gateway stops", async () => {
  const gateway = await startGateway();
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const release = holdCalls(gateway, "create-vm-snapshot", 1);
  const result = gateway.query(
    `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "s", waitSeconds: 60 }) { created ready errors { code } } }`,
  );
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the write");

  const stopped = gateway.app.stop();
  release();

  expect((await result).data).toEqual({
    createVmSnapshot: { created: true, ready: null, errors: [{ code: "READINESS_UNKNOWN" }] },
  });
  await stopped;
});
