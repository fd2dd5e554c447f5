import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { calls, codesOf, readyEvent, usable, watchReady, watchTask } from "./support/ready.js";

const MANIFEST = "query($id: ID!) { vmSnapshot(id: $id) { task { id } backupManifest { json disks { zbsId } } } }";
const NO_LUN = { lunSnapshotMs: 3_600_000 };

type Columns = Record<string, unknown>;

function dataDisks(backup: Backup, snapshotId: string): Columns[] {
  const disks = backup.simulator.control.row("VmSnapshot", snapshotId)?.vm_disks as Columns[];
  return disks.filter(({ type }) => type === "DISK");
}

/** Adds a LUN snapshot with this name in another cluster than the VM's. */
function nameElsewhere(backup: Backup, vmName: string, name: unknown): void {
  const { control } = backup.simulator;
  const idOf = (stub: unknown) => (stub as { id: string } | undefined)?.id;
  const cluster = idOf(control.row("Vm", backup.vmId(vmName))?.cluster);
  const elsewhere = control.rows("IscsiTarget").find((row) => idOf(row.cluster) !== cluster);
  control.insert("IscsiLunSnapshot", { name, local_id: "of-another-cluster", iscsi_target: elsewhere?.id });
}

async function manifestCode(backup: Backup, id: string): Promise<unknown> {
  const { errors } = await backup.query(MANIFEST, { id });
  return errors?.[0]?.extensions?.code;
}

async function created(backup: Backup, vmName = "web-prod-01"): Promise<{ id: string; taskId: string }> {
  const { snapshot, task } = await backup.create({ vmId: backup.vmId(vmName), name: "s" });
  return { id: snapshot?.cloudTowerId ?? "", taskId: task?.cloudTowerId ?? "" };
}

test("a failed deletion says nothing about a good snapshot whose creation CloudTower has forgotten", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setQuirks({ taskMemoryMs: 1000 });
  const id = await usable(backup, "web-prod-01");
  backup.simulator.advance(1001);
  backup.simulator.control.nextTask({ kind: "FAILED", errorMessage: "the snapshot is in use" });
  await backup.data(
    "mutation($id: ID!) { deleteVmSnapshots(input: { ids: [$id] }) { results { task { id } errors { code } } } }",
    { id },
  );

  expect(backup.simulator.control.rows("Task", { resource_id: id })).toMatchObject([{ status: "FAILED" }]);
  expect(await readyEvent(watchReady(backup, id))).toMatchObject({ ready: true, reasons: [], task: null });
  const { data, errors } = await backup.query<{ vmSnapshot: { task: null; backupManifest: object } }>(MANIFEST, { id });
  expect(errors).toBeUndefined();
  expect(data?.vmSnapshot).toMatchObject({ task: null, backupManifest: { disks: expect.any(Array) } });
});

test("any open task on a snapshot delays it, in readiness and manifest, and only while it is open", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await usable(backup, "web-prod-01");
  const task = backup.simulator.control.insert("Task", { args: {}, status: "PAUSED", resource_id: id });
  const stream = watchReady(backup, id);
  await calls(backup, "get-tasks", 4);
  expect(stream.received).toEqual([]);
  expect(await manifestCode(backup, id)).toBe("SNAPSHOT_NOT_READY");
  backup.simulator.control.patch("Task", task, { status: "FAILED" });
  expect(await readyEvent(stream)).toMatchObject({ ready: true });
  expect(await manifestCode(backup, id)).toBeUndefined();
});

test("the snapshot and its data decide, even if its creation is reported as failed", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const id = await usable(backup, "web-prod-01");
  const [task] = backup.simulator.control.rows("Task", { resource_id: id });
  backup.simulator.control.patch("Task", String(task?.id), { status: "FAILED", error_code: "JOB_FAILED" });

  expect(await readyEvent(watchReady(backup, id))).toMatchObject({ ready: true, task: { status: "FAILED" } });
});

test("a creation that failed because the cluster was unreachable may still bring the snapshot; a reported failure does not", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setLags({ lunSnapshotMs: 60_000 });
  const { id, taskId } = await created(backup);
  const fail = (message: string) =>
    backup.simulator.control.patch("Task", taskId, { status: "FAILED", error_code: "X", error_message: message });
  fail("RequestError: connect ETIMEDOUT");
  const stream = watchReady(backup, id);
  await calls(backup, "get-vm-snapshots", 4);
  expect(stream.received).toEqual([]);
  backup.simulator.advance(60_000);
  expect(await readyEvent(stream)).toMatchObject({ ready: true });

  const other = await created(backup, "appliance");
  backup.simulator.control.patch("Task", other.taskId, { status: "FAILED", error_code: "NO_SPACE" });
  expect(await readyEvent(watchReady(backup, other.id))).toMatchObject({
    ready: false,
    errors: [{ code: "SNAPSHOT_FAILED" }],
    reasons: [{ code: "TASK_FAILED", message: expect.stringContaining("NO_SPACE") }, { code: "LUN_SNAPSHOT_MISSING" }],
  });
});

test("a LUN snapshot of the right name in another cluster is never taken, in readiness, manifest and graph", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setLags({ lunSnapshotMs: 60_000 });
  const { id } = await created(backup);
  for (const { snapshot_local_id: name } of dataDisks(backup, id)) nameElsewhere(backup, "web-prod-01", name);
  const stream = watchReady(backup, id);
  await calls(backup, "get-iscsi-lun-snapshots", 3);
  expect(stream.received).toEqual([]);
  expect(await manifestCode(backup, id)).toBe("SNAPSHOT_NOT_READY");
  const graph = "query($id: ID!) { vmSnapshot(id: $id) { disks(type: DISK) { lunSnapshot { id } } } }";
  expect(await backup.data(graph, { id })).toEqual({
    vmSnapshot: { disks: dataDisks(backup, id).map(() => ({ lunSnapshot: null })) },
  });

  backup.simulator.advance(60_000);
  const event = await readyEvent(stream);
  expect(event.ready).toBe(true);
  const ids = event.snapshot?.disks?.map(({ lunSnapshot }) => lunSnapshot?.storageVolume.zbsId);
  expect(ids?.every((zbsId) => zbsId?.length === 36)).toBe(true);
});

test("a disk whose two paths to ZBS differ is refused, in readiness and manifest", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { READY_TIMEOUT_SECONDS: "1" } });
  const id = await usable(backup, "web-prod-01");
  const [disk] = dataDisks(backup, id);
  const [second] = backup.simulator.control.rows("VmVolumeSnapshot", { local_id: disk?.vm_volume_snapshot_uuid });
  backup.simulator.control.patch("VmVolumeSnapshot", String(second?.id), { zbs_snapshot_uuid: "of-another-volume" });

  const event = await readyEvent(watchReady(backup, id));
  expect(event).toMatchObject({
    ready: false,
    reasons: [{ code: "LUN_SNAPSHOT_MISMATCH", diskIndex: disk?.index }],
    errors: [{ code: "SNAPSHOT_NOT_READY" }],
  });
  expect(await manifestCode(backup, id)).toBe("AMBIGUOUS_NAME");

  // Where the second path does not exist, or may not be seen, there is nothing to compare with.
  const off = backup.simulator.faults.add({
    operation: "get-vm-volume-snapshots",
    effect: { kind: "status", status: 403 },
  });
  expect(await readyEvent(watchReady(backup, id))).toMatchObject({ ready: true });
  expect(await manifestCode(backup, id)).toBeUndefined();
  off();
  backup.simulator.control.remove("VmVolumeSnapshot", String(second?.id));
  expect(await readyEvent(watchReady(backup, id))).toMatchObject({ ready: true });
});

test("frozen disks that do not name their LUN snapshots yet are read again until they do", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setLags({ diskNamesMs: 60_000 });
  const { id } = await created(backup);
  expect(dataDisks(backup, id).every((disk) => !disk.snapshot_local_id)).toBe(true);
  const stream = watchReady(backup, id);
  await calls(backup, "get-vm-snapshots", 4);
  expect(stream.received).toEqual([]);
  backup.simulator.advance(60_000);
  const event = await readyEvent(stream);
  expect(event).toMatchObject({ ready: true, reasons: [] });
  expect(event.snapshot?.disks?.every(({ lunSnapshot }) => lunSnapshot !== null)).toBe(true);
});

test("a disk of a volume without a LUN is the reason for ready: false, without waiting, and no error of the creation", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { OPERATION_TIMEOUT_SECONDS: "3600" } });
  const { id } = await created(backup, "nfs-volume-vm");
  const { ready, reasons } = await readyEvent(watchReady(backup, id));
  expect({ ready, reasons }).toMatchObject({ ready: false, reasons: [{ code: "DISK_WITHOUT_LUN" }] });
  const waited = await backup.create({ vmId: backup.vmId("nfs-volume-vm"), name: "t", waitSeconds: 600 });
  expect(waited).toMatchObject({ ready: false, created: true, errors: [] });
});

test.each([
  ["with its LUN snapshots missing", 0],
  ["while its task is executing", 3600],
])("a snapshot that is deleted %s is reported long before the time is over", async (_, taskSeconds) => {
  const backup = await startBackup({ simulator: { taskSeconds } });
  backup.simulator.control.setLags(NO_LUN);
  const { id, taskId } = await created(backup);
  backup.simulator.advance(1_000_000);
  const stream = watchReady(backup, id);
  await calls(backup, "get-tasks", 1);
  await expect.poll(() => backup.simulator.calls.count("get-vm-snapshots"), { timeout: 5000 }).toBeGreaterThan(2);
  backup.simulator.control.remove("VmSnapshot", id);
  if (taskSeconds > 0) backup.simulator.control.remove("Task", taskId);

  expect(await readyEvent(stream)).toMatchObject({
    ready: false,
    snapshot: null,
    reasons: [{ code: "SNAPSHOT_MISSING" }],
    errors: [{ code: "SNAPSHOT_NOT_FOUND" }],
  });
});

test("a task that vanishes while it is executing does not hold up the snapshot", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 3600 } });
  const { id, taskId } = await created(backup);
  backup.simulator.advance(1_000_000);
  const [stream, progress] = [watchReady(backup, id), watchTask(backup, taskId)];
  await calls(backup, "get-tasks", 3);
  backup.simulator.control.remove("Task", taskId);
  expect(await codesOf(progress)).toEqual(["NOT_FOUND"]);
  expect(stream.received).toEqual([]);
  backup.simulator.advance(3_600_000);
  expect(await readyEvent(stream)).toMatchObject({ ready: true });
});

test("a task that goes back from SUCCEEDED delays its snapshot again, and one that is missing once is not gone", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setLags(NO_LUN);
  const { id, taskId } = await created(backup);
  const { control } = backup.simulator;
  const stream = watchReady(backup, id);
  await calls(backup, "get-iscsi-lun-snapshots", 2);
  control.patch("Task", taskId, { status: "EXECUTING" });
  await expect.poll(() => openTaskSeen(backup), { timeout: 5000 }).toBe(true);
  backup.simulator.advance(3_600_000);
  await calls(backup, "get-tasks", 3);
  expect(stream.received).toEqual([]);
  control.patch("Task", taskId, { status: "SUCCESSED" });
  expect(await readyEvent(stream)).toMatchObject({ ready: true });

  const task = control.insert("Task", { args: {}, status: "EXECUTING" });
  const progress = watchTask(backup, task);
  await progress.count(1);
  control.remove("Task", task);
  await calls(backup, "get-tasks", 2);
  control.insert("Task", { id: task, args: {}, status: "SUCCESSED" });
  expect((await progress.done).at(-1)?.data?.taskProgress).toMatchObject({ status: "SUCCEEDED" });
});

/** Whether the gateway polls tasks without reading the snapshot: it has seen that one is open. */
function openTaskSeen(backup: Backup): boolean {
  const last = backup.simulator.calls.all.slice(-5).map(({ endpoint }) => endpoint);
  return last.length === 5 && last.every((endpoint) => endpoint === "get-tasks");
}

test("progress of a CloudTower that counts in percent is never shown a hundred times too high", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 3600 } });
  const { control } = backup.simulator;
  control.setProgressScale(100);
  const id = control.insert("Task", { args: {}, status: "EXECUTING", progress: 0.7 });
  const stream = watchTask(backup, id);
  await stream.count(1);
  expect(stream.received[0]?.data?.taskProgress?.progress).toBeCloseTo(0.007, 6);
  control.patch("Task", id, { progress: 35 });
  await stream.count(2);
  expect(stream.received[1]?.data?.taskProgress?.progress).toBeCloseTo(0.35, 6);
  stream.stop();
});

test("the scale is learned from finished tasks: progress from 0 to 1 is shown as it is", async () => {
  const backup = await startBackup();
  const id = backup.simulator.control.insert("Task", { args: {}, status: "EXECUTING", progress: 0.7 });
  const stream = watchTask(backup, id);
  await expect.poll(() => stream.received.at(-1)?.data?.taskProgress?.progress).toBe(0.7);
  stream.stop();
});

test("nothing that a manifest reads may be unknown: it is refused, and waited for", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, spoilsAnswers: true });
  const id = await usable(backup, "web-prod-01");
  const row = { ...backup.simulator.control.row("VmSnapshot", id) };
  const { control } = backup.simulator;
  const columns =
    "consistent_type vcpu cpu cpu_model memory firmware ha clock_offset win_opt vm_disks vm_nics local_id";
  for (const column of columns.split(" ")) {
    control.patch("VmSnapshot", id, { [column]: null });
    expect(await manifestCode(backup, id), column).toBe("SNAPSHOT_NOT_READY");
    control.patch("VmSnapshot", id, { [column]: row[column] });
  }
  control.patch("VmSnapshot", id, { vm_nics: null });
  const stream = watchReady(backup, id);
  await calls(backup, "get-vm-snapshots", 3);
  expect(stream.received).toEqual([]);
  control.patch("VmSnapshot", id, { vm_nics: row.vm_nics });
  expect(await readyEvent(stream)).toMatchObject({ ready: true });
});

test("createVmSnapshot with waitSeconds says why the snapshot is not usable, or that this is unknown if the reads behind the write fail", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  backup.simulator.control.setLags(NO_LUN);
  const query = `mutation($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) {
    ready created snapshot { id } notReadyReasons { code message } errors { code } } }`;
  const create = (vmName: string) =>
    backup.query<{ createVmSnapshot: Columns }>(query, {
      input: { vmId: backup.vmId(vmName), name: "s", waitSeconds: 1 },
    });

  expect((await create("web-prod-01")).data?.createVmSnapshot).toMatchObject({
    ready: false,
    created: true,
    errors: [],
    notReadyReasons: [{ code: "LUN_SNAPSHOT_MISSING" }, { code: "LUN_SNAPSHOT_MISSING" }],
  });
  backup.simulator.faults.add({ operation: "get-iscsi-lun-snapshots", effect: { kind: "status", status: 403 } });
  expect(await create("appliance")).toMatchObject({
    data: {
      createVmSnapshot: {
        ready: null,
        created: true,
        snapshot: { id: expect.any(String) },
        errors: [{ code: "READINESS_UNKNOWN" }],
      },
    },
  });
});
