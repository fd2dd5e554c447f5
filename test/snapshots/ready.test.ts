import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import { collect } from "./support/stream.js";

const READY = `subscription($id: ID!) { vmSnapshotReady(snapshotId: $id) {
  ready task { status } errors { code message }
  snapshot { id asyncStatus disks(type: DISK) { lunSnapshot { name storageVolume { zbsId } } } } } }`;

interface Event {
  readonly vmSnapshotReady: {
    readonly ready: boolean;
    readonly task: { readonly status: string } | null;
    readonly errors: readonly { readonly code: string; readonly message: string }[];
    readonly snapshot: {
      readonly id: string;
      readonly asyncStatus: string | null;
      readonly disks: readonly { readonly lunSnapshot: { readonly storageVolume: { readonly zbsId: string } } }[];
    } | null;
  } | null;
}

test("yields once the task has succeeded, with the whole chain to the ZBS volumes", async () => {
  const backup = await startBackup();
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const events = collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id });
  await backup.simulator.calls.next("get-tasks");
  await backup.simulator.calls.next("get-tasks");
  expect(events.received).toEqual([]);
  backup.simulator.advance(4000);

  const all = await events.done;

  expect(all).toHaveLength(1);
  const event = all[0]?.data?.vmSnapshotReady;
  expect(event).toMatchObject({
    ready: true,
    errors: [],
    task: { status: "SUCCEEDED" },
    snapshot: { asyncStatus: null },
  });
  expect(event?.snapshot?.disks.map((disk) => disk.lunSnapshot.storageVolume.zbsId.length)).toEqual([36, 36]);
});

test("after SUCCEEDED waits for the status, the frozen disks and LUN snapshots that appear three polls later", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 1 } });
  backup.simulator.control.setLags({
    taskVisibleMs: 500,
    asyncStatusMs: 2000,
    frozenDisksMs: 1000,
    lunSnapshotMs: 2000,
    lunSnapshotReads: 3,
  });
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const events = collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id });
  for (const step of [500, 500, 1000]) {
    backup.simulator.advance(step);
    await backup.simulator.calls.next("get-vm-snapshots");
    await backup.simulator.calls.next("get-vm-snapshots");
    expect(events.received).toEqual([]);
  }
  backup.simulator.calls.clear();
  backup.simulator.advance(1000);

  const [event] = await events.done;

  expect(event?.data?.vmSnapshotReady).toMatchObject({ ready: true, errors: [] });
  expect(backup.simulator.calls.count("get-iscsi-lun-snapshots")).toBe(4);
});

test("a snapshot without data disks is ready with an empty list of disks", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const creation = await backup.create({ vmId: backup.vmId("diskless-pxe"), name: "s" });

  const [event] = await collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id }).done;

  expect(event?.data?.vmSnapshotReady).toMatchObject({ ready: true, snapshot: { disks: [] } });
});

test("a failed task is ready: false with SnapshotFailedError, even if the snapshot is gone", async () => {
  const backup = await startBackup();
  backup.simulator.control.nextTask({ kind: "FAILED", errorMessage: "no space left" });
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const events = collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id });
  backup.simulator.advance(4000);

  const all = await events.done;

  expect(all).toHaveLength(1);
  expect(all[0]?.data?.vmSnapshotReady).toMatchObject({
    ready: false,
    task: { status: "FAILED" },
    errors: [{ code: "SNAPSHOT_FAILED", message: expect.stringContaining("no space left") }],
  });
});

test("a LUN snapshot that never appears is ready: false with SnapshotNotReadyError after the timeout", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { READY_TIMEOUT_SECONDS: "1" } });
  backup.simulator.control.setLags({ lunSnapshotMs: 3_600_000 });
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });

  const [event] = await collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id }).done;

  expect(event?.data?.vmSnapshotReady).toMatchObject({
    ready: false,
    errors: [{ code: "SNAPSHOT_NOT_READY", message: expect.stringContaining("LUN snapshot") }],
    snapshot: { id: creation.snapshot?.id },
  });
});

test("an old snapshot whose task is gone is ready immediately", async () => {
  const backup = await startBackup();
  const [row] = backup.simulator.control.rows("VmSnapshot", { vm: { id: backup.vmId("web-prod-01") } });
  for (const { id } of backup.simulator.control.rows("Task", { resource_id: row?.id })) {
    backup.simulator.control.remove("Task", String(id));
  }

  const [event] = await collect<Event>(backup.socket(), READY, { id: row?.id }).done;

  expect(event?.data?.vmSnapshotReady).toMatchObject({ ready: true, task: null });
});

test("an unknown snapshot is NOT_FOUND, and a malformed id is BAD_USER_INPUT", async () => {
  const backup = await startBackup();
  const [unknown] = await collect<Event>(backup.socket(), READY, { id: "cl0000000000000000000none" }).done;
  expect(unknown?.errors?.[0]?.extensions?.code).toBe("NOT_FOUND");

  const events = await collect<Event>(backup.socket(), READY, { id: "Vm:x" }).done;
  expect(events[0]?.errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});

test("errors of CloudTower do not end the stream; a refused credential does, with its code", async () => {
  const backup = await startBackup();
  const creation = await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const off = backup.simulator.faults.add({ operation: /^get-/, effect: { kind: "status", status: 500 } });
  const events = collect<Event>(backup.socket(), READY, { id: creation.snapshot?.id });
  await backup.simulator.calls.next("get-tasks");
  await backup.simulator.calls.next("get-tasks");
  off();
  backup.simulator.advance(4000);
  expect((await events.done)[0]?.data?.vmSnapshotReady).toMatchObject({ ready: true });

  const again = await backup.create({ vmId: backup.vmId("appliance"), name: "s" });
  const dying = collect<Event>(backup.socket(), READY, { id: again.snapshot?.id });
  await backup.simulator.calls.next("get-tasks");
  backup.simulator.control.revokeTokens();
  const [last] = await dying.done;
  expect(last?.errors?.[0]?.extensions?.code).toBe("UNAUTHENTICATED");
});
