import { expect, test } from "vitest";
import { holdCalls, until } from "../faults/support/failures.js";
import { startGateway } from "../support/gateway.js";
import { type Backup, startBackup } from "./support/backup.js";

test("a locked VM is ResourceLockedError with the resource and the blocking task", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  const first = await backup.create({ vmId, name: "first" });

  const second = await backup.create({ vmId, name: "second" });

  expect(second).toMatchObject({
    snapshot: null,
    created: false,
    errors: [
      {
        __typename: "ResourceLockedError",
        lockedResources: [{ cloudTowerId: vmId, type: "VM" }],
        blockingTask: { cloudTowerId: first.task?.cloudTowerId, resourceMutation: "createVmSnapshot" },
      },
    ],
  });
  expect(backup.snapshotsNamed(vmId, "second")).toBe(0);
});

test("the blocking task is null if it cannot be found", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.control.patch("Vm", vmId, { entityAsyncStatus: "UPDATING" });

  const { errors } = await backup.create({ vmId, name: "s" });

  expect(errors).toMatchObject([{ code: "RESOURCE_LOCKED", blockingTask: null }]);
});

test("with onLocked: WAIT waits for the lock and writes when it is released", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });

  const waiting = backup.create({ vmId, name: "second", onLocked: "WAIT", maxWaitSeconds: 60 });
  await waitForWrites(backup, 2);
  backup.simulator.advance(4000);

  expect(await waiting).toMatchObject({ created: true, errors: [] });
});

test("waiting calls write in order of arrival, one at a time", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  const vmId = backup.vmId("web-prod-01");
  const names = ["a", "b", "c", "d"];
  const waiting: Promise<unknown>[] = [];
  for (const name of names) {
    waiting.push(backup.create({ vmId, name, onLocked: "WAIT", maxWaitSeconds: 60 }));
    if (name === "a") await backup.simulator.calls.next("create-vm-snapshot");
    else await waitForArrival(backup, vmId);
  }
  const sweep = setInterval(() => backup.simulator.advance(1000), 50);
  await Promise.all(waiting).finally(() => clearInterval(sweep));

  const accepted = backup.simulator.calls.of("create-vm-snapshot").filter(({ status }) => status === 200);
  expect(accepted.map(({ body }) => (body as { data: { name: string }[] }).data[0]?.name)).toEqual(names);
});

test("a call whose wait is over gets ResourceLockedError, and nothing was written for it", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });

  const late = await backup.create({ vmId, name: "second", onLocked: "WAIT", maxWaitSeconds: 1 });

  expect(late).toMatchObject({ snapshot: null, errors: [{ code: "RESOURCE_LOCKED" }] });
  backup.simulator.advance(60_000);
  expect(backup.snapshotsNamed(vmId, "second")).toBe(0);
});

test("a client that leaves gives up its place in line: nothing is written for it", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });
  const leaving = backup.abortableCreate({ vmId, name: "left", onLocked: "WAIT" });
  await waitForWrites(backup, 2);
  leaving.abort();
  await expect(leaving.response).rejects.toThrow();
  const waiting = backup.create({ vmId, name: "stayed", onLocked: "WAIT" });
  await waitForWrites(backup, 3);
  backup.simulator.advance(4000);

  expect(await waiting).toMatchObject({ created: true });
  expect(backup.snapshotsNamed(vmId, "left")).toBe(0);
});

test("a shutdown ends waiting calls with GatewayStoppingError, and nothing was written for them", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });
  const waiting = backup.create({ vmId, name: "second", onLocked: "WAIT", maxWaitSeconds: 300 });
  await waitForWrites(backup, 2);

  await backup.app.stop();

  expect(await waiting).toMatchObject({ snapshot: null, errors: [{ code: "GATEWAY_STOPPING" }] });
  expect(backup.snapshotsNamed(vmId, "second")).toBe(0);
});

test("a call with onLocked: FAIL is not held up by one that waits for a lock", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });
  const waiting = backup.create({ vmId, name: "waits", onLocked: "WAIT", maxWaitSeconds: 60 });
  await waitForWrites(backup, 2);

  const failing = await backup.create({ vmId, name: "fails" });

  expect(failing.errors[0]?.code).toBe("RESOURCE_LOCKED");
  backup.simulator.advance(4000);
  expect(await waiting).toMatchObject({ created: true });
});

test("waits for a snapshot of the same name that is being deleted like for a lock, then creates it again", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  const [old] = backup.simulator.control.rows("VmSnapshot", { vm: { id: vmId } });
  const name = String(old?.name);
  await backup.data(`mutation { deleteVmSnapshots(input: {ids: ["${old?.id}"]}) { errors { code } } }`);
  const failing = await backup.create({ vmId, name });
  const waiting = backup.create({ vmId, name, onLocked: "WAIT" });
  await backup.simulator.calls.next("get-vms");
  backup.simulator.advance(4000);

  expect(failing.errors[0]?.code).toBe("RESOURCE_LOCKED");
  expect(await waiting).toMatchObject({ created: true, errors: [] });
  expect(backup.snapshotsNamed(vmId, name)).toBe(1);
});

test("the wait extends the operation's deadline", async () => {
  const backup = await startBackup({ env: { OPERATION_TIMEOUT_SECONDS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });
  const began = performance.now();
  const waiting = backup.create({ vmId, name: "second", onLocked: "WAIT", maxWaitSeconds: 30 });
  while (performance.now() - began < 1500) await backup.simulator.calls.next("get-vms");
  backup.simulator.advance(4000);

  expect(await waiting).toMatchObject({ created: true, errors: [] });
});

test.each([-1, 301])("maxWaitSeconds of %s is BAD_USER_INPUT", async (maxWaitSeconds) => {
  const backup = await startBackup();
  const { errors } = await backup.query(
    "mutation($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { created } }",
    { input: { vmId: "x", onLocked: "WAIT", maxWaitSeconds } },
  );
  expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});

/** Resolves after this number of writes, the last of which was refused because of the lock. */
async function waitForWrites(backup: Backup, writes: number): Promise<void> {
  while (backup.writes() < writes) await backup.simulator.calls.next("create-vm-snapshot");
  await backup.simulator.calls.next("get-vms");
}

/** Resolves once the preceding request is in the queue: the gateway has responded to a later one. */
async function waitForArrival(backup: Backup, vmId: string): Promise<void> {
  await backup.query(`{ vm(id: "${vmId}") { id } }`);
}

test("callers whom CloudTower refuses do not enter the line of a VM that others wait for", async () => {
  const gateway = await startGateway();
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
  const release = holdCalls(gateway, "create-vm-snapshot", 1);
  const create = (name: string, headers?: Record<string, string>) =>
    gateway.query<{ createVmSnapshot: { created: boolean } | null }>(
      `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "${name}" }) { created } }`,
      undefined,
      headers,
    );
  const first = create("first");
  await until(() => gateway.simulator.calls.count("create-vm-snapshot") === 1, "the first write");

  const madeUp = await Promise.all(
    Array.from({ length: 20 }, (_, index) => create(`made-up-${index}`, { authorization: `made-up-${index}` })),
  );

  // They are refused while the first one still holds the VM.
  for (const { errors } of madeUp) expect(errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
  release();
  expect((await first).data?.createVmSnapshot).toEqual({ created: true });
});
