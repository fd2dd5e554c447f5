import { expect, test } from "vitest";
import { until } from "../faults/support/failures.js";
import { type Backup, type Outcome, startBackup } from "./support/backup.js";
import { rebuild, remove, rollBack, snapshotsOf } from "./support/restores.js";

const NAMES = ["web-prod-01", "数据库主节点", "容灾应用-01", "appliance"];

function requestsFor(backup: Backup, names: readonly string[] = NAMES) {
  return names.map((name) => ({ vmId: backup.vmId(name), name: "nightly" }));
}

/** Each result's snapshot exists upstream, and is of the result's VM. */
function expectAllNamed(backup: Backup, results: readonly Outcome[]): void {
  for (const { vm, snapshot, created } of results) {
    const row = backup.simulator.control.row("VmSnapshot", snapshot?.cloudTowerId ?? "");
    expect({ created, vm: row?.vm }).toMatchObject({ created: true, vm: { id: vm?.cloudTowerId } });
  }
}

test("the error of a later mutation of the operation does not null the result of an earlier one", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  const { data, errors } = await backup.query(`mutation {
    first: createVmSnapshot(input: { vmId: "${vmId}", name: "s" }) { created snapshot { id } }
    second: createVmSnapshot(input: { vmId: "a", name: "s", waitSeconds: 9999 }) { created }
    third: deleteVmSnapshots(input: { ids: ["a"], maxWaitSeconds: 9999 }) { errors { code } }
  }`);

  expect(errors).toHaveLength(2);
  expect(data).toMatchObject({ first: { created: true, snapshot: { id: expect.any(String) } }, second: null });
});

test("an exceeded budget does not hide a result, and ends the reads below it", async () => {
  const backup = await startBackup({ env: { MAX_RESULT_MIB: "1", MAX_OPERATION_CALLS: "5" } });
  backup.simulator.control.patch("Vm", backup.vmId("web-prod-01"), { description: "x".repeat(2_000_000) });
  const input = { snapshots: requestsFor(backup) };
  const { data } = await backup.query<{ createVmSnapshots: { results: Outcome[] } }>(
    `mutation($input: CreateVmSnapshotsInput!) { createVmSnapshots(input: $input) { results {
      vmId created snapshot { cloudTowerId vm { description cluster { name vms { nodes { id } } } } } } } }`,
    { input },
  );
  expectAllNamed(backup, data?.createVmSnapshots.results ?? []);
});

test.each([
  ["the LUN snapshots are forbidden", "get-iscsi-lun-snapshots", 403],
  ["the snapshot is not visible", "get-vm-snapshots", 404],
  ["the token is refused in between", "get-tasks", 401],
])("waitSeconds names the snapshot although %s", async (_, operation, status) => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { READY_TIMEOUT_SECONDS: "2" } });
  const vmId = backup.vmId("web-prod-01");
  const sent = backup.simulator.calls.next("create-vm-snapshot");
  const creating = backup.createMany({ snapshots: requestsFor(backup, ["web-prod-01"]), waitSeconds: 2 });
  await sent;
  backup.simulator.faults.add({ operation, effect: { kind: "status", status } });

  const { results } = await creating;

  expectAllNamed(backup, results);
  expect(results[0]?.ready).not.toBe(true);
  expect(backup.snapshotsNamed(vmId, "nightly")).toBe(1);
});

test("with waitSeconds a readiness that cannot be read is unknown, with a reason", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.faults.add({ operation: "get-iscsi-lun-snapshots", effect: { kind: "status", status: 403 } });

  const outcome = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s", waitSeconds: 30 });

  expect(outcome).toMatchObject({ created: true, snapshot: {} });
  expect(outcome.ready === null ? outcome.errors[0]?.code : "READINESS_UNKNOWN").toBe("READINESS_UNKNOWN");
});

test("the snapshots of a batch are matched to their VMs by a second way if they cannot be read themselves", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const sent = backup.simulator.calls.next("create-vm-snapshot");
  const creating = backup.createMany({ snapshots: requestsFor(backup) });
  await sent;
  backup.simulator.faults.add({ operation: "get-vm-snapshots", effect: { kind: "status", status: 403 } });

  expectAllNamed(backup, (await creating).results);
});

test("if nothing can be read, the ids of a batch are told without a guess, and a repetition matches them", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const requests = { snapshots: requestsFor(backup) };
  const sent = backup.simulator.calls.next("create-vm-snapshot");
  const creating = backup.createMany(requests);
  await sent;
  const blind = backup.simulator.faults.add({ operation: /^get-/, effect: { kind: "status", status: 403 } });

  const { results } = await creating;
  blind();
  const again = await backup.createMany(requests);

  const ids = backup.simulator.control.rows("VmSnapshot", { name: "nightly" }).map(({ id }) => id);
  for (const { created, snapshot, errors } of results) {
    expect({ created, snapshot, code: errors[0]?.code }).toEqual({
      created: true,
      snapshot: null,
      code: "SNAPSHOT_UNMATCHED",
    });
    expect(new Set(errors[0]?.snapshots?.map(({ cloudTowerId }) => cloudTowerId))).toEqual(new Set(ids));
  }
  expect(again.results.map(({ snapshot }) => snapshot?.cloudTowerId).sort()).toEqual(ids);
  expect(backup.writes()).toBe(1);
});

test("a deletion that was accepted stays in the result if the wait for another one fails", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "5" } });
  const [held = ""] = snapshotsOf(backup, "web-prod-01");
  const [free = ""] = snapshotsOf(backup, "数据库主节点");
  await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const removing = remove(backup, { ids: [held, free], onLocked: "WAIT", maxWaitSeconds: 1 });
  await until(() => backup.simulator.calls.of("delete-vm-snapshot").some(({ status }) => status === 200), "a deletion");
  backup.simulator.faults.add({ operation: /^get-/, effect: { kind: "status", status: 403 } });

  expect(await removing).toMatchObject([
    { inputId: held, task: null, errors: [{ code: "RESOURCE_LOCKED" }] },
    { inputId: free, task: {}, errors: [] },
  ]);
});

test("a batch that the gateway's shutdown interrupts tells what was accepted, and sends nothing more", async () => {
  const backup = await startBackup();
  const bad = backup.vmId("appliance");
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    match: (body) => JSON.stringify(body).includes(bad),
    effect: { kind: "status", status: 400, message: "no" },
  });
  // The first one is accepted while the gateway is stopping.
  const release = backup.hold("create-vm-snapshot");
  const creating = backup.createMany({ snapshots: requestsFor(backup) });
  await until(() => backup.writes() === 5, "the single ones");
  const stopped = backup.app.stop();
  release();

  const { results } = await creating;
  await stopped;

  expectAllNamed(backup, results.slice(0, 3));
  expect(results[3]?.errors[0]?.code).toBe("UPSTREAM_REJECTED");
  expect(backup.writes()).toBe(5);
});

test("after a refused batch nothing more is sent by a gateway that is stopping", async () => {
  const backup = await startBackup();
  backup.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "status", status: 400 } });
  const creating = backup.createMany({ snapshots: requestsFor(backup) });
  await until(() => backup.writes() === 1, "the batch");
  await backup.app.stop();

  const { results } = await creating;

  for (const { errors } of results) expect(errors).toMatchObject([{ code: "WRITE_OUTCOME_UNKNOWN" }]);
  expect(backup.writes()).toBe(1);
});

test("at the deadline a batch tells what was accepted", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "5" } });
  const bad = backup.vmId("appliance");
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    match: (body) => JSON.stringify(body).includes(bad) && (body as { data: object[] }).data.length > 1,
    effect: { kind: "status", status: 400, message: "no" },
  });
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    match: (body) => JSON.stringify(body).includes(bad),
    effect: { kind: "hang" },
  });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup) });

  expectAllNamed(backup, results.slice(0, 3));
  expect(results[3]?.errors[0]?.code).toBe("WRITE_OUTCOME_UNKNOWN");
});

test.each([
  ["delete-vm-snapshot", (backup: Backup, snapshotId: string) => remove(backup, { ids: [snapshotId] })],
  [
    "rollback-vm",
    (backup: Backup, snapshotId: string) => rollBack(backup, { vmId: backup.vmId("web-prod-01"), snapshotId }),
  ],
  [
    "rebuild-vm-from-snapshot",
    (backup: Backup, snapshotId: string) => rebuild(backup, { name: "restored", snapshotId }),
  ],
])("an accepted %s has its task although nothing can be read after it", async (operation, write) => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const [snapshotId = ""] = snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({
    operation,
    match() {
      backup.simulator.faults.add({ operation: /^get-/, effect: { kind: "status", status: 403 } });
      return false;
    },
  });

  const result = [await write(backup, snapshotId)].flat()[0];

  const task = backup.simulator.control.row("Task", result?.task?.cloudTowerId ?? "");
  expect(result?.errors).toEqual([]);
  const body = backup.simulator.calls.of(operation)[0]?.body;
  expect(task).toMatchObject({ args: Array.isArray(body) ? { data: body } : body });
});
