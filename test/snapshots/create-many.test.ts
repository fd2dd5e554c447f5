import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";

function requestsFor(backup: Backup, names: readonly string[], more = {}): object[] {
  return names.map((name) => ({ vmId: backup.vmId(name), name: "nightly", ...more }));
}

const VALID = ["web-prod-01", "数据库主节点", "容灾应用-01", "appliance", "dev-sandbox"];

test("creates many snapshots with one upstream call, each matched to its VM", async () => {
  const backup = await startBackup();

  const { results, errors } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(errors).toEqual([]);
  expect(results.map(({ created, vm, errors }) => ({ created, vm, errors }))).toEqual(
    VALID.map((name) => ({ created: true, vm: { cloudTowerId: backup.vmId(name) }, errors: [] })),
  );
  for (const { vm, snapshot } of results) {
    expect(backup.simulator.control.row("VmSnapshot", snapshot?.cloudTowerId ?? "")).toMatchObject({
      vm: { id: vm?.cloudTowerId },
    });
  }
  expect(backup.writes()).toBe(1);
});

test("invalid requests are not sent, and do not affect the others", async () => {
  const backup = await startBackup();
  const snapshots = [
    ...requestsFor(backup, ["web-prod-01", "old-fileserver"]),
    { vmId: "cl0000000000000000000none", name: "nightly" },
    { vmId: backup.vmId("appliance"), name: "" },
    ...requestsFor(backup, ["legacy-billing"], { consistency: "FILE_SYSTEM_CONSISTENT" }),
    ...requestsFor(backup, ["dev-sandbox"]),
  ];

  const { results } = await backup.createMany({ snapshots });

  expect(results.map(({ created, errors }) => errors[0]?.code ?? created)).toEqual([
    true,
    "VM_IN_RECYCLE_BIN",
    "VM_NOT_FOUND",
    "INVALID_NAME",
    "VM_TOOLS_NOT_RUNNING",
    true,
  ]);
  expect(backup.writes()).toBe(1);
});

test("finds the VM that CloudTower refuses, and creates nothing twice on the way", async () => {
  const backup = await startBackup();
  const bad = backup.vmId("容灾应用-01");
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    match: (body) => JSON.stringify(body).includes(bad),
    effect: { kind: "status", status: 400, message: "this VM cannot be snapshotted" },
  });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(results.map(({ vm, errors }) => (vm?.cloudTowerId === bad ? errors[0]?.code : errors.length))).toEqual([
    0,
    0,
    "UPSTREAM_REJECTED",
    0,
    0,
  ]);
  for (const name of VALID)
    expect(backup.snapshotsNamed(backup.vmId(name), "nightly")).toBe(backup.vmId(name) === bad ? 0 : 1);
});

test("sends nothing again after a refusal while CloudTower cannot be read", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "status", status: 400 } });
  backup.simulator.faults.add({ operation: "get-vm-snapshots", skip: 1, effect: { kind: "status", status: 500 } });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(results.map(({ errors }) => errors[0]?.code)).toEqual(VALID.map(() => "WRITE_OUTCOME_UNKNOWN"));
  expect(backup.writes()).toBe(1);
});

test("a VM that is locked at the last moment is reported, and the others are written", async () => {
  const backup = await startBackup();
  const locked = backup.vmId("appliance");
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    match: (body) => {
      const names = JSON.stringify(body).includes(locked);
      if (names) backup.simulator.control.patch("Vm", locked, { entityAsyncStatus: "UPDATING" });
      return false;
    },
  });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(results.map(({ vm, errors }) => (vm?.cloudTowerId === locked ? errors[0]?.code : errors.length))).toEqual([
    0,
    0,
    0,
    "RESOURCE_LOCKED",
    0,
  ]);
  expect(backup.writes()).toBe(2);
});

test("with onLocked: WAIT waits for a locked VM, and writes the others immediately", async () => {
  const backup = await startBackup();
  await backup.create({ vmId: backup.vmId("appliance"), name: "before" });
  backup.simulator.calls.clear();

  const failing = await backup.createMany({ snapshots: requestsFor(backup, ["appliance", "diskless-pxe"]) });
  expect(failing.results).toMatchObject([
    {
      errors: [
        {
          lockedResources: [{ cloudTowerId: backup.vmId("appliance"), type: "VM" }],
          blockingTask: { resourceMutation: "createVmSnapshot" },
        },
      ],
    },
    { created: true },
  ]);
  backup.simulator.calls.clear();

  const waiting = backup.createMany({ snapshots: requestsFor(backup, VALID), onLocked: "WAIT", maxWaitSeconds: 60 });
  while (backup.writes() < 2) await backup.simulator.calls.next("create-vm-snapshot");
  backup.simulator.advance(4000);

  expect((await waiting).results.every(({ created }) => created)).toBe(true);
});

test("a lost response for many is verified for each", async () => {
  const backup = await startBackup();
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(results.every(({ created, task }) => created && task !== null)).toBe(true);
  expect(backup.writes()).toBe(1);
});

test("a repeated call finds the existing snapshots, and creates only the missing ones", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  await backup.createMany({ snapshots: requestsFor(backup, VALID.slice(0, 3)) });

  const { results } = await backup.createMany({ snapshots: requestsFor(backup, VALID) });

  expect(results.map(({ created }) => created)).toEqual([false, false, false, true, true]);
});

test.each([
  ["no VM", [], "INVALID_INPUT"],
  ["101 VMs", Array.from({ length: 101 }, (_, index) => ({ vmId: `vm${index}` })), "INVALID_INPUT"],
])("%s is a typed error without an upstream call", async (_, snapshots, code) => {
  const backup = await startBackup();
  const { results, errors } = await backup.createMany({ snapshots });
  expect({ results, codes: errors.map((error) => error.code) }).toEqual({ results: [], codes: [code] });
  expect(backup.simulator.calls.count()).toBe(0);
});
