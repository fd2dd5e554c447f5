import { expect, test } from "vitest";
import type { Effect } from "../../src/simulator/http/faults.js";
import { startBackup } from "./support/backup.js";
import { createGroup, groupOf, groupSnapshotsNamed } from "./support/groups.js";

const lost: Effect = { kind: "lost-answer" };

test("a snapshot whose response was lost is found, and counts as created by the call", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: lost });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [], task: { status: expect.any(String) } });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("five retries after a lost response find one snapshot", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", effect: lost });

  const outcomes = [];
  for (let retry = 0; retry < 6; retry++) outcomes.push(await backup.create({ vmId, name: "s" }));

  expect(outcomes.map(({ created }) => created)).toEqual([true, false, false, false, false, false]);
  expect(new Set(outcomes.map(({ snapshot }) => snapshot?.id)).size).toBe(1);
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});

test.each<[string, Effect]>([
  ["the connection was reset before the request arrived", { kind: "reset", when: "before-body" }],
  ["the connection was reset before anything was done", { kind: "reset", when: "after-body" }],
  ["CloudTower responded with 500", { kind: "status", status: 500 }],
  ["a proxy responded with 502 in HTML", { kind: "status", status: 502, body: "html" }],
  ["the response was malformed", { kind: "malformed" }],
  ["the response broke off", { kind: "truncated" }],
])("when %s, the write is sent once, by the call and by its repetitions", async (_, effect) => {
  const backup = await startBackup({ spoilsAnswers: true });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect });

  const outcomes = [];
  for (let count = 0; count < 3; count += 1) outcomes.push(await backup.create({ vmId, name: "s" }));

  const isDone = backup.snapshotsNamed(vmId, "s") === 1;
  for (const { snapshot, errors } of outcomes) {
    if (isDone) expect(errors).toEqual([]);
    else expect({ snapshot, errors }).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  }
  expect(backup.writes()).toBe(1);
});

test.each<[string, Effect]>([
  ["the response was lost", lost],
  ["the connection was reset before anything was done", { kind: "reset" }],
  ["a proxy responded with 502 in HTML", { kind: "status", status: 502, body: "html" }],
  ["the response named nothing", { kind: "empty-list" }],
])("when %s, a group snapshot is created at most once, by the call and by its repetitions", async (_, effect) => {
  const backup = await startBackup({ spoilsAnswers: true });
  const { groupId } = groupOf(backup);
  backup.simulator.faults.add({ operation: "create-consistency-snapshot-group", times: 1, effect });

  const outcomes = [];
  for (let count = 0; count < 3; count += 1) {
    outcomes.push(await createGroup(backup, { consistencyGroupId: groupId, name: "s" }));
  }

  const isDone = groupSnapshotsNamed(backup, groupId, "s") === 1;
  expect(outcomes.map(({ created }) => created)).toEqual([isDone, false, false]);
  for (const { snapshot, errors } of outcomes) {
    if (isDone) expect(errors).toEqual([]);
    else expect({ snapshot, errors }).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  }
  expect(backup.writes("create-consistency-snapshot-group")).toBe(1);
});

test("a response that never comes is given up after the silence timeout, and the write is looked for", async () => {
  const backup = await startBackup({ env: { UPSTREAM_TIMEOUT_SECONDS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "hang" } });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(backup.writes()).toBe(1);
});

test("without proof nothing is repeated: the result is WriteOutcomeUnknownError, and the next call finds the snapshot", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: lost });
  const blind = backup.simulator.faults.add({
    operation: "get-vm-snapshots",
    skip: 1,
    effect: { kind: "status", status: 500 },
  });

  const unknown = await backup.create({ vmId, name: "s" });
  blind();
  const again = await backup.create({ vmId, name: "s" });

  expect(unknown).toMatchObject({ snapshot: null, created: false, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(again).toMatchObject({ created: false, errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("nothing is written while an open task could be the creation", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.control.insert("Task", {
    args: { data: [{ vm_id: vmId, name: "s" }] },
    resource_mutation: "createVmSnapshot",
    status: "EXECUTING",
  });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(backup.writes()).toBe(0);
});

test("a write in doubt is sent again once it is no longer in doubt", async () => {
  const backup = await startBackup({ env: { UPSTREAM_WRITE_TIMEOUT_SECONDS: "2" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "reset" } });
  const [unknown] = (await backup.create({ vmId, name: "s" })).errors;
  expect(unknown).toMatchObject({ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: 1 });

  await expect.poll(async () => (await backup.create({ vmId, name: "s" })).created, { timeout: 10_000 }).toBe(true);

  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(2);
});

test("a client that leaves during its write does not stop it, and its retry finds the snapshot", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  const release = backup.hold("create-vm-snapshot");
  const sent = backup.simulator.calls.next("create-vm-snapshot");
  const leaving = backup.abortableCreate({ vmId, name: "s" });
  await sent;
  leaving.abort();
  await expect(leaving.response).rejects.toThrow();

  const retry = backup.create({ vmId, name: "s" });
  release();

  expect(await retry).toMatchObject({ created: false, errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("a write that outlasts the operation's deadline is reported as unknown, and goes on", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  const release = backup.hold("create-vm-snapshot");

  const late = await backup.create({ vmId, name: "s" });
  const retry = backup.create({ vmId, name: "s" });
  release();

  expect(late).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(await retry).toMatchObject({ created: false, errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});
