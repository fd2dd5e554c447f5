import { expect, test } from "vitest";
import type { Effect } from "../../src/simulator/http/faults.js";
import { startBackup } from "./support/backup.js";

const lost: Effect = { kind: "lost-answer" };

test("a snapshot whose answer was lost after it was made is found, and counts as created by the call", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: lost });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [], task: { status: expect.any(String) } });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("five retries after a lost answer find one snapshot", async () => {
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
  ["CloudTower answered with 500 and did nothing", { kind: "status", status: 500 }],
  ["a proxy answered with 502 in HTML", { kind: "status", status: 502, body: "html" }],
])("when %s, the write is repeated after proof that it did nothing", async (_, effect) => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect });
  const began = performance.now();

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [] });
  expect(performance.now() - began).toBeGreaterThan(1000);
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});

test("a write that fails again after the proof is UpstreamFailedError: nothing was done", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", effect: { kind: "status", status: 500 } });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ snapshot: null, created: false, errors: [{ code: "UPSTREAM_FAILED" }] });
  expect(backup.writes()).toBe(2);
  expect(backup.snapshotsNamed(vmId, "s")).toBe(0);
});

test("an answer that never comes is given up after the silence timeout, and the snapshot is looked for", async () => {
  const backup = await startBackup({ env: { UPSTREAM_TIMEOUT_SECONDS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "hang" } });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ created: true, errors: [] });
  expect(backup.writes()).toBe(2);
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});

test("without proof nothing is repeated: WriteOutcomeUnknownError, and the next call finds the snapshot", async () => {
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

test("an open task that could be the creation is no proof: nothing is written again", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.control.insert("Task", {
    args: { data: [{ vm_id: vmId, name: "s" }] },
    resource_mutation: "createVmSnapshot",
    status: "EXECUTING",
  });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "reset" } });

  const outcome = await backup.create({ vmId, name: "s" });

  expect(outcome).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(backup.writes()).toBe(1);
});

test("after an unknown outcome the next call looks for the full time before it writes", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "reset" } });
  const blind = backup.simulator.faults.add({
    operation: "get-vm-snapshots",
    skip: 1,
    effect: { kind: "status", status: 500 },
  });
  expect((await backup.create({ vmId, name: "s" })).errors[0]?.code).toBe("WRITE_OUTCOME_UNKNOWN");
  blind();
  const began = performance.now();

  const again = await backup.create({ vmId, name: "s" });

  expect(again).toMatchObject({ created: true, errors: [] });
  expect(performance.now() - began).toBeGreaterThan(1000);
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});

test("a client that leaves while its write is under way does not stop it, and its retry finds the snapshot", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "hold", until } });
  const leaving = new AbortController();
  const sent = backup.simulator.calls.next("create-vm-snapshot");
  const left = fetch(`${backup.url}/graphql`, {
    method: "POST",
    signal: leaving.signal,
    headers: { "content-type": "application/json", authorization: backup.simulator.users[0]?.token ?? "" },
    body: JSON.stringify({
      query: `mutation { createVmSnapshot(input: {vmId: "${vmId}", name: "s"}) { created } }`,
    }),
  });
  await sent;
  leaving.abort();
  await expect(left).rejects.toThrow();

  const retry = backup.create({ vmId, name: "s" });
  release();

  expect(await retry).toMatchObject({ created: false, errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("a write that outlasts the operation's deadline is answered as unknown, and goes on", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "hold", until } });

  const late = await backup.create({ vmId, name: "s" });
  const retry = backup.create({ vmId, name: "s" });
  release();

  expect(late).toMatchObject({ snapshot: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] });
  expect(await retry).toMatchObject({ created: false, errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
});
