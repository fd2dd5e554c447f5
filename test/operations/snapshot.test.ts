import { print } from "graphql";
import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import {
  DeleteSnapshotsDocument,
  SnapshotReadyDocument,
  type SnapshotReadySubscription,
  SnapshotZbsVolumesDocument,
  TakeSnapshotDocument,
  type TakeSnapshotMutation,
  WatchTaskDocument,
  type WatchTaskSubscription,
} from "./generated.js";

/** Takes a snapshot of a VM of the fixed cast. */
async function take(gateway: TestGateway, vmName: string, name: string) {
  const [vm] = gateway.simulator.control.rows("Vm", { name: vmName });
  const { createVmSnapshot } = await gateway.data(TakeSnapshotDocument, { input: { vmId: `Vm:${vm?.id}`, name } });
  return createVmSnapshot;
}

/** Watches a task to its end; each state lets the simulator's time go on. */
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

function created({ snapshot, task }: TakeSnapshotMutation["createVmSnapshot"]): { snapshotId: string; taskId: string } {
  return { snapshotId: snapshot?.id ?? "no snapshot", taskId: task?.id ?? "no task" };
}

test("a snapshot is taken, its task watched to the end, and its ZBS volumes are there", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });

  const payload = await take(gateway, "web-prod-01", "before-upgrade");
  expect(payload).toMatchObject({ created: true, snapshot: { name: "before-upgrade" }, errors: [] });
  const { snapshotId, taskId } = created(payload);

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

test("the same VM and name give the same snapshot, and say that this call did not make it", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });

  const first = await take(gateway, "web-prod-01", "nightly");
  const second = await take(gateway, "web-prod-01", "nightly");

  expect(second).toMatchObject({ created: false, errors: [] });
  expect(created(second)).toEqual(created(first));
  expect(gateway.simulator.calls.count("create-vm-snapshot")).toBe(1);
});

test("a locked VM is an error item that names what is locked and the task that holds it", async () => {
  const gateway = await startGateway();

  const { taskId } = created(await take(gateway, "web-prod-01", "first"));
  const { errors, snapshot, created: made } = await take(gateway, "web-prod-01", "second");

  expect({ snapshot, made }).toEqual({ snapshot: null, made: false });
  expect(errors).toMatchObject([
    { __typename: "ResourceLockedError", code: "RESOURCE_LOCKED", blockingTask: { id: taskId } },
  ]);
});

test("a snapshot is ready once, when the data of each disk is within reach", async () => {
  const gateway = await startGateway({ env: { TASK_POLL_QUICK_MS: "10" } });
  const { snapshotId, taskId } = created(await take(gateway, "web-prod-01", "to be read"));

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

test("a snapshot is deleted by its id, and an id of nothing is told apart", async () => {
  const gateway = await startGateway({ simulator: { taskSeconds: 0 } });
  const { snapshotId } = created(await take(gateway, "web-prod-01", "to be deleted"));

  const { deleteVmSnapshots } = await gateway.data(DeleteSnapshotsDocument, {
    input: { ids: [snapshotId, "VmSnapshot:nothing"] },
  });

  expect(deleteVmSnapshots.errors).toEqual([]);
  expect(deleteVmSnapshots.results.map((result) => result.errors.map((error) => error.code))).toEqual([
    [],
    ["SNAPSHOT_NOT_FOUND"],
  ]);
  expect(gateway.simulator.control.row("VmSnapshot", snapshotId.replace("VmSnapshot:", ""))).toBeUndefined();
});
