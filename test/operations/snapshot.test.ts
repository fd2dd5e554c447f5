import { print } from "graphql";
import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import {
  DeleteSnapshotsDocument,
  SnapshotReadyDocument,
  type SnapshotReadySubscription,
  SnapshotZbsVolumesDocument,
  TakeGroupSnapshotDocument,
  TakeSnapshotDocument,
  type TakeSnapshotMutation,
  WatchTaskDocument,
  type WatchTaskSubscription,
} from "./generated.js";

type Taken = NonNullable<TakeSnapshotMutation["createVmSnapshot"]>;

/** Takes a snapshot of a VM by name. */
async function take(gateway: TestGateway, vmName: string, name: string): Promise<Taken> {
  const [vm] = gateway.simulator.control.rows("Vm", { name: vmName });
  const { createVmSnapshot } = await gateway.data(TakeSnapshotDocument, { input: { vmId: `Vm:${vm?.id}`, name } });
  return createVmSnapshot as Taken;
}

/** Watches a task until it ends; each event advances the simulator's clock. */
async function watch(gateway: TestGateway, taskId: string) {
  const events: NonNullable<WatchTaskSubscription["taskProgress"]>[] = [];
  const stream = gateway
    .socket()
    .iterate<WatchTaskSubscription>({ query: print(WatchTaskDocument), variables: { taskId } });
  for await (const { data, errors } of stream) {
    expect(errors).toBeUndefined();
    if (data?.taskProgress) events.push(data.taskProgress);
    gateway.simulator.advance(2_000);
  }
  return events;
}

function idsOf({ snapshot, task }: Taken): { snapshotId: string; taskId: string } {
  return { snapshotId: snapshot?.id ?? "no snapshot", taskId: task?.id ?? "no task" };
}

test("takes a snapshot, watches its task to the end, and reads its ZBS volumes", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });

  const payload = await take(gateway, "web-prod-01", "before-upgrade");
  expect(payload).toMatchObject({ created: true, snapshot: { name: "before-upgrade" }, errors: [] });
  const { snapshotId, taskId } = idsOf(payload);

  const events = await watch(gateway, taskId);
  expect(events.map((event) => event.id)).toEqual(events.map(() => taskId));
  expect(events.at(-1)).toMatchObject({ status: "SUCCEEDED", progress: 1, error: null });
  const progress = events.map((event) => event.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));

  const { vmSnapshot } = await gateway.data(SnapshotZbsVolumesDocument, { snapshotId });
  expect(vmSnapshot).toMatchObject({ id: snapshotId, vm: { name: "web-prod-01" }, task: { id: taskId } });
  expect(vmSnapshot?.disks).toHaveLength(2);
  for (const { lunSnapshot } of vmSnapshot?.disks ?? []) {
    const row = gateway.simulator.control.row(
      "IscsiLunSnapshot",
      lunSnapshot?.id.replace("IscsiLunSnapshot:", "") ?? "",
    );
    expect(lunSnapshot?.storageVolume).toMatchObject({ zbsId: row?.local_id, kind: "LUN_SNAPSHOT" });
  }
});

test("the same VM and name return the same snapshot, with created false", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });

  const first = await take(gateway, "web-prod-01", "nightly");
  const second = await take(gateway, "web-prod-01", "nightly");

  expect(second).toMatchObject({ created: false, errors: [] });
  expect(idsOf(second)).toEqual(idsOf(first));
  expect(gateway.simulator.calls.count("create-vm-snapshot")).toBe(1);
});

test("a snapshot of a consistency group leads to the ZBS volumes of all its members, taken once", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });
  const [group] = gateway.simulator.control.rows("ConsistencyGroup");
  const input = { consistencyGroupId: `ConsistencyGroup:${group?.id}`, name: "nightly", waitSeconds: 10 };

  const [first, second] = [
    await gateway.data(TakeGroupSnapshotDocument, { input }),
    await gateway.data(TakeGroupSnapshotDocument, { input }),
  ].map((data) => data.createConsistencyGroupSnapshot);

  const zbsId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const lun = { lun: { name: expect.stringMatching(/^ora-/) }, storageVolume: { zbsId } };
  expect(first).toMatchObject({
    ...{ created: true, ready: true, missing: [], errors: [] },
    snapshot: { name: "nightly", lunSnapshots: [lun, lun, lun], namespaceSnapshots: [{ storageVolume: { zbsId } }] },
  });
  expect(second).toMatchObject({ created: false, ready: true, snapshot: first?.snapshot, errors: [] });
});

test("a locked VM is an error with the task that locks it", async () => {
  const gateway = await startGateway();

  const { taskId } = idsOf(await take(gateway, "web-prod-01", "first"));
  const { errors, snapshot, created } = await take(gateway, "web-prod-01", "second");

  expect({ snapshot, created }).toEqual({ snapshot: null, created: false });
  expect(errors).toMatchObject([
    { __typename: "ResourceLockedError", code: "RESOURCE_LOCKED", blockingTask: { id: taskId } },
  ]);
});

test("a snapshot is ready, in one event, when the data of each disk can be read", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });
  const { snapshotId, taskId } = idsOf(await take(gateway, "web-prod-01", "to be read"));

  const stream = gateway.socket().iterate<SnapshotReadySubscription>({
    query: print(SnapshotReadyDocument),
    variables: { snapshotId },
  });
  await watch(gateway, taskId);
  const events = [];
  for await (const { data } of stream) events.push(data?.vmSnapshotReady);

  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ ready: true, snapshot: { id: snapshotId }, errors: [] });
  for (const disk of events[0]?.snapshot?.disks ?? []) expect(disk.lunSnapshot?.storageVolume?.zbsId).toBeTruthy();
});

test("deletes a snapshot by id, and reports an unknown id as an error of its own", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });
  const { snapshotId } = idsOf(await take(gateway, "web-prod-01", "to be deleted"));

  const { deleteVmSnapshots } = await gateway.data(DeleteSnapshotsDocument, {
    input: { ids: [snapshotId, "VmSnapshot:nothing"] },
  });

  expect(deleteVmSnapshots?.errors).toEqual([]);
  expect(deleteVmSnapshots?.results.map((result) => result.errors.map((error) => error.code))).toEqual([
    [],
    ["SNAPSHOT_NOT_FOUND"],
  ]);
  expect(gateway.simulator.control.row("VmSnapshot", snapshotId.replace("VmSnapshot:", ""))).toBeUndefined();
});
