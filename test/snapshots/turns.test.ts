import { expect, test } from "vitest";
import { until } from "../faults/support/failures.js";
import { startBackup } from "./support/backup.js";
import { rebuild, snapshotsOf } from "./support/restores.js";

const HANG = { operation: "create-vm-snapshot", times: 1, effect: { kind: "hang" } } as const;

test("a batch with a VM that another call writes creates the others, and says what it waited for", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "5" } });
  const [busy, ...free] = ["web-prod-01", "数据库主节点", "appliance"].map((name) => backup.vmId(name));
  backup.simulator.faults.add(HANG);
  const hanging = backup.create({ vmId: busy, name: "hangs" });
  await until(() => backup.writes() === 1, "the hanging write");

  const snapshots = [busy, ...free].map((vmId) => ({ vmId, name: "s" }));
  const { results } = await backup.createMany({ snapshots });

  expect(results).toMatchObject([
    { snapshot: null, errors: [{ __typename: "WriteQueuedError" }] },
    { created: true, errors: [] },
    { created: true, errors: [] },
  ]);
  expect(backup.writes()).toBe(2);
  expect(await hanging).toMatchObject({ errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
});

test("a call on a free VM is not held up by a batch that waits for another VM", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const [busy = "", free = ""] = ["web-prod-01", "appliance"].map((name) => backup.vmId(name));
  const release = backup.hold("create-vm-snapshot");
  const first = backup.create({ vmId: busy, name: "first" });
  await until(() => backup.writes() === 1, "the first write");
  const batch = backup.createMany({ snapshots: [busy, free].map((vmId) => ({ vmId, name: "batch" })) });
  await until(() => backup.snapshotsNamed(free, "batch") === 1, "the batch's free VM");

  expect(await backup.create({ vmId: free, name: "single", onLocked: "FAIL" })).toMatchObject({ created: true });
  release();
  await first;
  expect((await batch).results).toMatchObject([{ created: true }, { created: true }]);
});

test("VMs that become free at the same time are sent together", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmIds = ["web-prod-01", "数据库主节点", "appliance"].map((name) => backup.vmId(name));
  const release = backup.hold("create-vm-snapshot");
  const first = backup.createMany({ snapshots: vmIds.map((vmId) => ({ vmId, name: "first" })) });
  await until(() => backup.writes() === 1, "the first write");
  const second = backup.createMany({ snapshots: vmIds.map((vmId) => ({ vmId, name: "second" })) });
  // The second batch is in line: the gateway has responded to a later request.
  await backup.query(`{ vm(id: "${vmIds[0]}") { id } }`);
  release();
  await first;

  expect((await second).results.every(({ created }) => created)).toBe(true);
  expect(backup.writes()).toBeLessThanOrEqual(1 + vmIds.length);
});

test("a second rebuild of a name waits for the first, and says so at its deadline", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "4" } });
  const [snapshotId, otherId] = snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({ ...HANG, operation: "rebuild-vm-from-snapshot" });
  const first = rebuild(backup, { name: "restored", snapshotId });
  await until(() => backup.writes("rebuild-vm-from-snapshot") === 1, "the first rebuild");

  const second = await rebuild(backup, { name: "restored", snapshotId: otherId, onLocked: "FAIL" });

  expect(second).toMatchObject({ task: null, errors: [{ __typename: "WriteQueuedError" }] });
  expect(second.errors[0]?.message).toContain('a new VM named "restored"');
  expect(await first).toMatchObject({ errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
});

test("while a snapshot of the name is being deleted, a waiting call sends nothing", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  const [old] = backup.simulator.control.rows("VmSnapshot", { vm: { id: vmId } });
  backup.simulator.control.patch("VmSnapshot", String(old?.id), { entityAsyncStatus: "DELETING" });

  const waiting = backup.create({ vmId, name: String(old?.name), onLocked: "WAIT", maxWaitSeconds: 60 });
  const polls = backup.simulator.calls.count("get-vm-snapshots");
  await until(() => backup.simulator.calls.count("get-vm-snapshots") > polls + 5, "some polls");
  expect(backup.writes()).toBe(0);
  expect(backup.simulator.calls.count("get-vms")).toBeGreaterThan(0);
  backup.simulator.control.remove("VmSnapshot", String(old?.id));

  expect(await waiting).toMatchObject({ created: true, errors: [] });
  expect(backup.writes()).toBe(1);
});

test("a wait for a lock that another call's write outlasts is WriteQueuedError", async () => {
  const backup = await startBackup({ env: { UPSTREAM_TIMEOUT_SECONDS: "3" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add(HANG);
  const hanging = backup.create({ vmId, name: "hangs" });
  await until(() => backup.writes() === 1, "the hanging write");

  const waiting = await backup.create({ vmId, name: "s", onLocked: "WAIT", maxWaitSeconds: 1 });

  expect(waiting).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_QUEUED" }] });
  expect(await hanging).toMatchObject({ errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
});

test("a deadline that passes before the write is sent is WriteNotSentError, and nothing is sent later", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "4" } });
  const vmId = backup.vmId("web-prod-01");
  const release = backup.hold("get-vms");

  expect(await backup.create({ vmId, name: "s" })).toMatchObject({ errors: [{ code: "WRITE_NOT_SENT" }] });
  release();
  expect(await backup.query(`{ vm(id: "${vmId}") { id } }`)).not.toHaveProperty("errors");
  expect(backup.writes()).toBe(0);
});

test.each([
  ["a CloudTower before 3.3, in Chinese", "3.2.0", "zh-CN"],
  ["a CloudTower before 3.3, in English", "3.2.0", "en-US"],
  ["a present CloudTower, in Chinese", "4.6.0", "zh-CN"],
])("the lock of %s is recognized", async (_, apiVersion, language) => {
  const backup = await startBackup({ simulator: { apiVersion } });
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });

  const { errors } = await backup.create({ vmId, name: "second" }, { "accept-language": language });

  expect(errors).toMatchObject([{ code: "RESOURCE_LOCKED", lockedResources: [{ cloudTowerId: vmId, type: "VM" }] }]);
});

test("a locked volume locks its VM only: the others of the batch are created", async () => {
  const backup = await startBackup();
  const [held = "", free = ""] = ["web-prod-01", "appliance"].map((name) => backup.vmId(name));
  const [volume] = backup.simulator.control.rows("VmVolume", { vm_disks_some: { vm: { id: held } } });
  backup.simulator.control.patch("VmVolume", String(volume?.id), { entityAsyncStatus: "UPDATING" });
  const requests = { snapshots: [held, free].map((vmId) => ({ vmId, name: "s" })) };

  expect((await backup.createMany(requests)).results).toMatchObject([
    { errors: [{ code: "RESOURCE_LOCKED", lockedResources: [{ cloudTowerId: volume?.id, type: "VM_VOLUME" }] }] },
    { created: true },
  ]);
  const waiting = backup.createMany({ ...requests, onLocked: "WAIT", maxWaitSeconds: 60 });
  await until(() => backup.writes() === 3, "the refused write");
  backup.simulator.control.patch("VmVolume", String(volume?.id), { entityAsyncStatus: null });
  expect((await waiting).results).toMatchObject([{ created: true }, { created: false, errors: [] }]);
});
