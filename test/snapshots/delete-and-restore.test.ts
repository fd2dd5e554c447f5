import { expect, test } from "vitest";
import { type Backup, ERRORS, startBackup } from "./support/backup.js";

const DELETE = `mutation($input: DeleteVmSnapshotsInput!) { deleteVmSnapshots(input: $input) {
  results { inputId task { status resourceMutation } ${ERRORS} } ${ERRORS} } }`;
const ROLLBACK = `mutation($input: RollbackVmInput!) { rollbackVm(input: $input) { vm { cloudTowerId } task { resourceMutation } ${ERRORS} } }`;
const REBUILD = `mutation($input: RebuildVmFromSnapshotInput!) { rebuildVmFromSnapshot(input: $input) {
  vm { cloudTowerId name } task { resourceMutation } ${ERRORS} } }`;

interface Deleted {
  readonly deleteVmSnapshots: {
    readonly results: readonly { inputId: string; task: object | null; errors: readonly { code: string }[] }[];
    readonly errors: readonly { code: string }[];
  };
}

async function snapshotsOf(backup: Backup, vmName: string): Promise<string[]> {
  return backup.simulator.control.rows("VmSnapshot", { vm: { id: backup.vmId(vmName) } }).map(({ id }) => String(id));
}

async function remove(backup: Backup, ids: readonly string[], more = {}): Promise<Deleted["deleteVmSnapshots"]> {
  return (await backup.data<Deleted>(DELETE, { input: { ids, ...more } })).deleteVmSnapshots;
}

test("deletes snapshots with one call, each with its task", async () => {
  const backup = await startBackup();
  const ids = await snapshotsOf(backup, "web-prod-01");

  const { results, errors } = await remove(
    backup,
    ids.map((id) => `VmSnapshot:${id}`),
  );

  expect(errors).toEqual([]);
  expect(results).toMatchObject(
    ids.map((id) => ({ inputId: `VmSnapshot:${id}`, task: { resourceMutation: "deleteVmSnapshot" }, errors: [] })),
  );
  expect(backup.writes("delete-vm-snapshot")).toBe(1);
  backup.simulator.advance(10_000);
  expect(await snapshotsOf(backup, "web-prod-01")).toEqual([]);
});

test("an unknown snapshot has its own error, and one that is being deleted returns its task", async () => {
  const backup = await startBackup();
  const [first = ""] = await snapshotsOf(backup, "web-prod-01");
  const [second = ""] = await snapshotsOf(backup, "数据库主节点");
  await remove(backup, [first]);
  backup.simulator.calls.clear();

  const { results } = await remove(backup, ["cl0000000000000000000none", first, second]);

  expect(results).toMatchObject([
    { task: null, errors: [{ code: "SNAPSHOT_NOT_FOUND" }] },
    { task: { resourceMutation: "deleteVmSnapshot" }, errors: [] },
    { task: { resourceMutation: "deleteVmSnapshot" }, errors: [] },
  ]);
  expect(backup.simulator.calls.of("delete-vm-snapshot").map(({ body }) => body)).toEqual([
    { where: { id_in: [second] } },
  ]);
});

test.each([
  ["no ids", [], "INVALID_INPUT"],
  ["too many ids", Array.from({ length: 101 }, (_, index) => `id${index}`), "INVALID_INPUT"],
])("%s is a typed error without an upstream call", async (_, ids, code) => {
  const backup = await startBackup();
  const { results, errors } = await remove(backup, ids);
  expect(errors).toMatchObject([{ code }]);
  expect(results).toEqual([]);
  expect(backup.simulator.calls.count()).toBe(0);
});

test("a locked VM keeps its snapshots, and those of other VMs are deleted", async () => {
  const backup = await startBackup();
  const [held = ""] = await snapshotsOf(backup, "web-prod-01");
  const [free = ""] = await snapshotsOf(backup, "数据库主节点");
  await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });

  const { results } = await remove(backup, [held, free]);

  expect(results).toMatchObject([
    { inputId: held, task: null, errors: [{ code: "RESOURCE_LOCKED" }] },
    { inputId: free, task: {}, errors: [] },
  ]);
});

test("each locked VM is reported with its own resource and blocking task", async () => {
  const backup = await startBackup();
  const names = ["web-prod-01", "数据库主节点"];
  const ids = (await Promise.all(names.map((name) => snapshotsOf(backup, name)))).map(([id = ""]) => id);
  const creating = await Promise.all(names.map((name) => backup.create({ vmId: backup.vmId(name), name: "s" })));

  const { results } = await remove(backup, ids);

  expect(results).toMatchObject(
    names.map((name, index) => ({
      errors: [
        {
          lockedResources: [{ cloudTowerId: backup.vmId(name) }],
          blockingTask: { cloudTowerId: creating[index]?.task?.cloudTowerId },
        },
      ],
    })),
  );
});

test("does not delete a snapshot again that a refused call deleted all the same", async () => {
  const backup = await startBackup();
  const [first = "", second = ""] = await snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({
    operation: "delete-vm-snapshot",
    times: 1,
    match() {
      backup.simulator.control.patch("VmSnapshot", first, { entityAsyncStatus: "DELETING" });
      return true;
    },
    effect: { kind: "status", status: 400, message: "the second one is in use" },
  });

  const { results } = await remove(backup, [first, second]);

  expect(results).toMatchObject([{ errors: [] }, { errors: [] }]);
  expect(backup.simulator.calls.of("delete-vm-snapshot").map(({ body }) => body)).toEqual([
    { where: { id_in: [first, second] } },
    { where: { id_in: [second] } },
  ]);
});

test("a deletion waits for a lock with onLocked: WAIT", async () => {
  const backup = await startBackup();
  const [held = ""] = await snapshotsOf(backup, "web-prod-01");
  await backup.create({ vmId: backup.vmId("web-prod-01"), name: "s" });
  const waiting = remove(backup, [held], { onLocked: "WAIT" });
  await backup.simulator.calls.next("delete-vm-snapshot");
  backup.simulator.advance(4000);
  expect((await waiting).results).toMatchObject([{ errors: [], task: {} }]);
});

test("a deletion whose response was lost is found; one without effect is unknown, and is not sent again", async () => {
  const backup = await startBackup();
  const [first = "", second = ""] = await snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({ operation: "delete-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });
  expect(await remove(backup, [first])).toMatchObject({
    results: [{ errors: [], task: { resourceMutation: "deleteVmSnapshot" } }],
  });
  backup.simulator.advance(4000);
  backup.simulator.faults.add({ operation: "delete-vm-snapshot", times: 1, effect: { kind: "reset" } });
  for (let count = 0; count < 2; count += 1) {
    expect((await remove(backup, [second])).results).toMatchObject([{ errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] }]);
  }
  expect(backup.writes("delete-vm-snapshot")).toBe(2);
});

test("rolls a VM back to its own snapshot", async () => {
  const backup = await startBackup();
  const [vmId, [snapshotId]] = [backup.vmId("web-prod-01"), await snapshotsOf(backup, "web-prod-01")];

  const data = await backup.data(ROLLBACK, { input: { vmId, snapshotId } });

  expect(data).toMatchObject({
    rollbackVm: { vm: { cloudTowerId: vmId }, task: { resourceMutation: "rollbackVm" }, errors: [] },
  });
});

test("a rollback whose response was lost is found; one without effect is unknown, and is not sent again", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const [vmId, [snapshotId]] = [backup.vmId("web-prod-01"), await snapshotsOf(backup, "web-prod-01")];
  const rollBack = () => backup.data(ROLLBACK, { input: { vmId, snapshotId } });
  backup.simulator.faults.add({ operation: "rollback-vm", times: 1, effect: { kind: "lost-answer" } });
  expect(await rollBack()).toMatchObject({ rollbackVm: { task: { resourceMutation: "rollbackVm" }, errors: [] } });
  backup.simulator.faults.add({ operation: "rollback-vm", times: 1, effect: { kind: "reset" } });
  for (let count = 0; count < 2; count += 1) {
    expect(await rollBack()).toMatchObject({ rollbackVm: { task: null, errors: [{ code: "WRITE_OUTCOME_UNKNOWN" }] } });
  }
  expect(backup.writes("rollback-vm")).toBe(2);
});

test("a rollback of a locked VM fails with its blocking task, or waits with onLocked: WAIT", async () => {
  const backup = await startBackup();
  const [vmId, [snapshotId]] = [backup.vmId("web-prod-01"), await snapshotsOf(backup, "web-prod-01")];
  const { task } = await backup.create({ vmId, name: "s" });

  const failing = await backup.data(ROLLBACK, { input: { vmId, snapshotId } });
  backup.simulator.calls.clear();
  const waiting = backup.data(ROLLBACK, { input: { vmId, snapshotId, onLocked: "WAIT" } });
  await backup.simulator.calls.next("rollback-vm");
  backup.simulator.advance(4000);

  expect(failing).toMatchObject({
    rollbackVm: {
      vm: { cloudTowerId: vmId },
      task: null,
      errors: [{ lockedResources: [{ cloudTowerId: vmId }], blockingTask: { cloudTowerId: task?.cloudTowerId } }],
    },
  });
  expect(await waiting).toMatchObject({ rollbackVm: { task: { resourceMutation: "rollbackVm" }, errors: [] } });
});

test("refuses to roll back to another VM's snapshot or an unknown one, and to roll back a VM in the recycle bin", async () => {
  const backup = await startBackup();
  const [own = ""] = await snapshotsOf(backup, "web-prod-01");
  const [other = ""] = await snapshotsOf(backup, "数据库主节点");
  const vmId = backup.vmId("web-prod-01");
  const refused = async (input: object) => {
    const data = await backup.data<{ rollbackVm: { errors: { code: string }[] } }>(ROLLBACK, { input });
    return data.rollbackVm.errors.map(({ code }) => code);
  };

  expect(await refused({ vmId, snapshotId: other })).toEqual(["SNAPSHOT_OF_ANOTHER_VM"]);
  expect(await refused({ vmId, snapshotId: "cl0000000000000000000none" })).toEqual(["SNAPSHOT_NOT_FOUND"]);
  expect(await refused({ vmId: "cl0000000000000000000none", snapshotId: own })).toEqual(["VM_NOT_FOUND"]);
  backup.simulator.control.patch("Vm", vmId, { in_recycle_bin: true });
  expect(await refused({ vmId, snapshotId: own })).toEqual(["VM_IN_RECYCLE_BIN"]);
  expect(backup.writes("rollback-vm")).toBe(0);
});

test("rebuilds a VM from a snapshot once, even if the response is lost", async () => {
  const backup = await startBackup();
  const [snapshotId] = await snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({ operation: "rebuild-vm-from-snapshot", times: 1, effect: { kind: "lost-answer" } });

  const data = await backup.data(REBUILD, {
    input: { snapshotId, name: "restored", vcpuCount: 2, memoryBytes: 4294967296 },
  });

  expect(data).toMatchObject({
    rebuildVmFromSnapshot: {
      vm: { name: "restored" },
      task: { resourceMutation: "rebuildVmFromSnapshot" },
      errors: [],
    },
  });
  expect(backup.simulator.control.rows("Vm", { name: "restored" })).toMatchObject([{ vcpu: 2, memory: 4294967296 }]);
  expect(backup.writes("rebuild-vm-from-snapshot")).toBe(1);
});

test("a rebuild from an unknown snapshot, or with an empty name, writes nothing", async () => {
  const backup = await startBackup();
  const [snapshotId = ""] = await snapshotsOf(backup, "web-prod-01");
  const refused = async (input: object) => {
    const data = await backup.data<{ rebuildVmFromSnapshot: { errors: { code: string }[] } }>(REBUILD, { input });
    return data.rebuildVmFromSnapshot.errors.map(({ code }) => code);
  };
  expect(await refused({ snapshotId: "cl0000000000000000000none", name: "x" })).toEqual(["SNAPSHOT_NOT_FOUND"]);
  expect(await refused({ snapshotId, name: "" })).toEqual(["INVALID_NAME"]);
  expect(backup.writes("rebuild-vm-from-snapshot")).toBe(0);
});
