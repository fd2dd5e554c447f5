import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";
import { createGroup, groupOf, groupSnapshotsNamed, removeGroups, rollBackGroup } from "./support/groups.js";
import { rebuild, remove, rollBack, snapshotsOf } from "./support/restores.js";

const UNKNOWN = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];

/** The next call of an endpoint is done by a slow CloudTower that its client has left. */
function commitLate(backup: Backup, operation: string, afterMs = 60_000): void {
  backup.simulator.faults.add({ operation, times: 1, effect: { kind: "late-commit", afterMs } });
}

/** A second gateway over the same CloudTower, or the same one after a restart. */
function restarted(backup: Backup): Promise<Backup> {
  return startBackup({ env: { CLOUDTOWER_URL: backup.simulator.url } });
}

function clusterOf(backup: Backup, vmId: string): unknown {
  return (backup.simulator.control.row("Vm", vmId)?.cluster as { id: string } | undefined)?.id;
}

function userId(backup: Backup, username: string): unknown {
  return backup.simulator.control.rows("User", { username })[0]?.id;
}

test("a snapshot that a slow CloudTower creates late is created once, and found by a repetition", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  commitLate(backup, "create-vm-snapshot");

  const outcomes = [await backup.create({ vmId, name: "s" }), await backup.create({ vmId, name: "s" })];
  backup.simulator.advance(60_000);
  const found = await backup.create({ vmId, name: "s" });

  for (const outcome of outcomes) expect(outcome).toMatchObject({ snapshot: null, created: false, errors: UNKNOWN });
  expect(found).toMatchObject({ created: false, duplicates: [], errors: [] });
  expect(backup.snapshotsNamed(vmId, "s")).toBe(1);
  expect(backup.writes()).toBe(1);
});

test("other names of the VM, and other VMs, are not in doubt", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmId = backup.vmId("web-prod-01");
  commitLate(backup, "create-vm-snapshot", 3_600_000);
  const snapshots = [{ vmId, name: "s" }];
  expect((await backup.createMany({ snapshots })).results).toMatchObject([{ errors: UNKNOWN }]);

  const others = [vmId, backup.vmId("appliance")].map((id) => ({ vmId: id, name: id === vmId ? "other" : "s" }));
  expect((await backup.createMany({ snapshots: others })).results).toMatchObject([
    { created: true },
    { created: true },
  ]);
  expect((await backup.createMany({ snapshots })).results).toMatchObject([{ errors: UNKNOWN }]);
});

test("a rollback that a slow CloudTower does late is done once, and found by a repetition", async () => {
  const backup = await startBackup();
  const [vmId, [snapshotId]] = [backup.vmId("web-prod-01"), snapshotsOf(backup, "web-prod-01")];
  commitLate(backup, "rollback-vm");

  for (let count = 0; count < 2; count += 1) {
    expect(await rollBack(backup, { vmId, snapshotId })).toMatchObject({ task: null, errors: UNKNOWN });
  }
  backup.simulator.advance(60_000);

  const [task] = backup.simulator.control.rows("Task", { resource_id: vmId, resource_mutation: "rollbackVm" });
  expect(await rollBack(backup, { vmId, snapshotId })).toMatchObject({ task: { cloudTowerId: task?.id }, errors: [] });
  expect(backup.writes("rollback-vm")).toBe(1);
});

test("a VM that a slow CloudTower rebuilds late is built once, and found by a repetition", async () => {
  const backup = await startBackup();
  const [snapshotId] = snapshotsOf(backup, "web-prod-01");
  commitLate(backup, "rebuild-vm-from-snapshot");

  for (let count = 0; count < 2; count += 1) {
    expect(await rebuild(backup, { name: "restored", snapshotId })).toMatchObject({ vm: null, errors: UNKNOWN });
  }
  backup.simulator.advance(60_000);
  const found = await rebuild(backup, { name: "restored", snapshotId });

  const vms = backup.simulator.control.rows("Vm", { name: "restored" });
  expect(vms).toHaveLength(1);
  expect(found).toMatchObject({ vm: { cloudTowerId: vms[0]?.id }, errors: [] });
  expect(backup.writes("rebuild-vm-from-snapshot")).toBe(1);
});

test("a deletion in doubt is not sent again, and is done once the snapshot is gone", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const [id = "", other = ""] = snapshotsOf(backup, "web-prod-01");
  commitLate(backup, "delete-vm-snapshot");
  expect(await remove(backup, { ids: [id] })).toMatchObject([{ errors: UNKNOWN }]);

  expect(await remove(backup, { ids: [id, other] })).toMatchObject([{ errors: UNKNOWN }, { errors: [] }]);
  backup.simulator.advance(60_000);

  expect(await remove(backup, { ids: [id] })).toMatchObject([{ errors: [], task: {} }]);
  expect(backup.writes("delete-vm-snapshot")).toBe(2);
});

test("what a slow CloudTower does late to a consistency group is done once, and found by a repetition", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { groupId, monday, tuesday } = groupOf(backup);
  const writes: Record<string, () => Promise<object>> = {
    "create-consistency-snapshot-group": () => createGroup(backup, { consistencyGroupId: groupId, name: "s" }),
    "rollback-consistency-snapshot-group": () =>
      rollBackGroup(backup, { consistencyGroupId: groupId, snapshotId: monday }),
    "delete-consistency-snapshot-group": async () => (await removeGroups(backup, { ids: [tuesday] })).results[0] ?? {},
  };
  for (const [endpoint, write] of Object.entries(writes)) {
    commitLate(backup, endpoint);
    for (let count = 0; count < 2; count += 1) {
      expect(await write(), endpoint).toMatchObject({ task: null, errors: UNKNOWN });
    }
    backup.simulator.advance(60_000);
    expect(await write(), endpoint).toMatchObject({ task: {}, errors: [] });
    expect(backup.writes(endpoint), endpoint).toBe(1);
  }
  expect(groupSnapshotsNamed(backup, groupId, "s")).toBe(1);
  // A deletion that keeps the members' snapshots is the same deletion while the first one is in doubt.
  commitLate(backup, "delete-consistency-snapshot-group");
  for (const keepMemberSnapshots of [true, false]) {
    const { results } = await removeGroups(backup, { ids: [monday], keepMemberSnapshots });
    expect(results).toMatchObject([{ errors: UNKNOWN }]);
  }
  expect(backup.writes("delete-consistency-snapshot-group")).toBe(2);
});

test("an accepted group snapshot that does not show yet is not created again, and not said to exist if its task failed", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const { control, faults } = backup.simulator;
  const { groupId } = groupOf(backup);
  const create = (name: string) => createGroup(backup, { consistencyGroupId: groupId, name });
  const blind = () =>
    faults.add({ operation: "get-consistency-group-snapshots", skip: 1, effect: { kind: "status", status: 403 } });
  let sees = blind();
  const first = await create("s");
  sees();
  const id = first.snapshot?.cloudTowerId ?? "";
  control.patch("ConsistencyGroupSnapshot", id, { name: "not visible yet", consistency_group: null });
  expect(first).toMatchObject({ created: true, errors: [] });
  expect(await create("s")).toMatchObject({ created: false, errors: [], snapshot: { cloudTowerId: id } });

  backup.simulator.advance(10_000);
  control.nextTask({ kind: "FAILED" });
  sees = blind();
  await create("t");
  sees();
  backup.simulator.advance(10_000);
  expect(await create("t")).toMatchObject({ snapshot: null, errors: UNKNOWN });
  expect(backup.writes("create-consistency-snapshot-group")).toBe(2);
});

test("the rollback to another snapshot, of another user or without a user is not taken for a lost one", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmId = backup.vmId("web-prod-01");
  const [snapshotId = "", other = ""] = snapshotsOf(backup, "web-prod-01");
  // From the task of an accepted write the gateway learns the caller's user.
  await backup.create({ vmId, name: "first" });
  const task = { resource_id: vmId, resource_mutation: "rollbackVm", status: "EXECUTING" };
  const args = { data: { snapshot_id: snapshotId } };
  backup.simulator.faults.add({
    operation: "rollback-vm",
    times: 1,
    match() {
      const { control } = backup.simulator;
      control.insert("Task", { ...task, args: { data: { snapshot_id: other } }, user: userId(backup, "admin") });
      control.insert("Task", { ...task, args, user: userId(backup, "operator") });
      control.insert("Task", { ...task, args });
      return true;
    },
    effect: { kind: "reset" },
  });

  expect(await rollBack(backup, { vmId, snapshotId })).toMatchObject({ task: null, errors: UNKNOWN });
});

test("a VM of the name that another client made, or in another cluster, is not taken for a lost rebuild", async () => {
  const backup = await startBackup();
  const [snapshotId] = snapshotsOf(backup, "web-prod-01");
  backup.simulator.faults.add({
    operation: "rebuild-vm-from-snapshot",
    times: 1,
    match() {
      const clusters = new Set(backup.simulator.control.rows("Cluster").map(({ id }) => id));
      for (const cluster of clusters) backup.simulator.control.insert("Vm", { name: "restored", cluster });
      return true;
    },
    effect: { kind: "reset" },
  });

  expect(await rebuild(backup, { name: "restored", snapshotId })).toMatchObject({ vm: null, errors: UNKNOWN });
});

test("a snapshot that another user created while the response was lost is found, but not as created by the call", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmId = backup.vmId("web-prod-01");
  await backup.create({ vmId, name: "first" });
  const cluster = clusterOf(backup, vmId);
  backup.simulator.faults.add({
    operation: "create-vm-snapshot",
    times: 1,
    match() {
      const id = backup.simulator.control.insert("VmSnapshot", { name: "s", vm: vmId, cluster });
      backup.simulator.control.insert("Task", {
        args: { data: [{ vm_id: vmId, name: "s" }] },
        resource_id: id,
        resource_mutation: "createVmSnapshot",
        status: "SUCCESSED",
        user: userId(backup, "operator"),
      });
      return true;
    },
    effect: { kind: "reset" },
  });

  expect(await backup.create({ vmId, name: "s" })).toMatchObject({ snapshot: {}, created: false, errors: [] });
});

test("an accepted snapshot that CloudTower does not show yet is not created a second time", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 }, env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  const blind = backup.simulator.faults.add({
    operation: "get-vm-snapshots",
    skip: 1,
    effect: { kind: "status", status: 403 },
  });
  const first = await backup.create({ vmId, name: "s" });
  blind();
  const id = first.snapshot?.cloudTowerId ?? "";
  backup.simulator.control.patch("VmSnapshot", id, { name: "not visible yet" });

  const second = await backup.create({ vmId, name: "s" });

  expect(first).toMatchObject({ created: true, errors: [] });
  expect(second).toMatchObject({ created: false, errors: [], snapshot: { cloudTowerId: id } });
  expect(backup.writes()).toBe(1);
});

test("an accepted snapshot whose task has failed is not said to exist", async () => {
  const backup = await startBackup({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.control.nextTask({ kind: "FAILED" });
  const blind = backup.simulator.faults.add({
    operation: "get-vm-snapshots",
    skip: 1,
    effect: { kind: "status", status: 403 },
  });
  await backup.create({ vmId, name: "s" });
  blind();
  backup.simulator.advance(4_000);

  expect(await backup.create({ vmId, name: "s" })).toMatchObject({ snapshot: null, errors: UNKNOWN });
});

test("after a restart a repetition finds the snapshot, or the open task that creates it, and sends nothing", async () => {
  const backup = await startBackup();
  const vmId = backup.vmId("web-prod-01");
  backup.simulator.faults.add({ operation: "create-vm-snapshot", times: 1, effect: { kind: "lost-answer" } });
  await backup.create({ vmId, name: "s" });
  const task = backup.simulator.control.insert("Task", {
    args: { input: JSON.stringify([{ vm: { id: vmId }, name: "t" }]) },
    resource_mutation: "CREATE_VM_SNAPSHOT",
    status: "PENDING",
  });
  const other = await restarted(backup);

  expect(await other.create({ vmId, name: "s" })).toMatchObject({ created: false, errors: [], snapshot: {} });
  expect(await other.create({ vmId, name: "t" })).toMatchObject({ snapshot: null, errors: UNKNOWN });
  expect(backup.writes()).toBe(1);
  const { groupId } = groupOf(backup);
  const groupTask = backup.simulator.control.insert("Task", {
    args: { input: JSON.stringify([{ group: { id: groupId } }]) },
    resource_mutation: "CREATE_CONSISTENCY_SNAPSHOT_GROUP",
    status: "PENDING",
  });
  const createOther = () => createGroup(other, { consistencyGroupId: groupId, name: "t" });
  expect(await createOther()).toMatchObject({ snapshot: null, errors: UNKNOWN });
  expect(backup.writes("create-consistency-snapshot-group")).toBe(0);
  backup.simulator.control.patch("Task", groupTask, { status: "FAILED" });
  expect(await createOther()).toMatchObject({ created: true });
  backup.simulator.control.patch("Task", task, { status: "FAILED" });
  backup.simulator.advance(4_000);
  expect(await other.create({ vmId, name: "t" })).toMatchObject({ created: true });
});

test("twins that a restart could not prevent are reported, and none is resolved", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmId = backup.vmId("web-prod-01");
  commitLate(backup, "create-vm-snapshot");
  await backup.create({ vmId, name: "s" });
  const other = await restarted(backup);
  const created = await other.create({ vmId, name: "s" });
  expect(created).toMatchObject({ created: true, duplicates: [] });
  backup.simulator.advance(60_000);

  for (const gateway of [backup, other]) {
    const { snapshot, duplicates, errors } = await gateway.create({ vmId, name: "s" });
    expect(errors).toEqual([]);
    expect(snapshot?.cloudTowerId).toBe(created.snapshot?.cloudTowerId);
    expect(duplicates).toHaveLength(1);
    expect(duplicates[0]?.cloudTowerId).not.toBe(snapshot?.cloudTowerId);
  }
  expect(backup.snapshotsNamed(vmId, "s")).toBe(2);
});

test.each(["pascal", "upper-snake", "kebab"] as const)(
  "lost writes are found whatever the spelling of their tasks: %s",
  async (mutationSpelling) => {
    const backup = await startBackup({ simulator: { taskSeconds: 0 } });
    backup.simulator.control.setQuirks({ mutationSpelling });
    const [vmId, [snapshotId, unwanted]] = [backup.vmId("web-prod-01"), snapshotsOf(backup, "web-prod-01")];
    backup.simulator.faults.add({ operation: /^(create|delete|rollback|rebuild)-/, effect: { kind: "lost-answer" } });

    expect(await backup.create({ vmId, name: "s" })).toMatchObject({ created: true, errors: [], task: {} });
    expect(await rollBack(backup, { vmId, snapshotId })).toMatchObject({ errors: [], task: {} });
    expect(await rebuild(backup, { name: "restored", snapshotId })).toMatchObject({ errors: [], task: {} });
    expect(await remove(backup, { ids: [unwanted] })).toMatchObject([{ errors: [], task: {} }]);
    const { groupId, monday, tuesday } = groupOf(backup);
    const [consistencyGroupId, found] = [groupId, { errors: [], task: {} }];
    expect(await createGroup(backup, { consistencyGroupId, name: "s" })).toMatchObject({ ...found, created: true });
    expect(await rollBackGroup(backup, { consistencyGroupId, snapshotId: monday })).toMatchObject(found);
    expect(await removeGroups(backup, { ids: [tuesday] })).toMatchObject({ results: [found] });
  },
);

test("writes that are done when they are answered have no task", async () => {
  const backup = await startBackup();
  backup.simulator.control.setQuirks({ synchronousWrites: true });
  const [vmId, [snapshotId, unwanted]] = [backup.vmId("web-prod-01"), snapshotsOf(backup, "web-prod-01")];

  expect(await backup.create({ vmId, name: "s" })).toMatchObject({ created: true, errors: [], task: null });
  expect(await rollBack(backup, { vmId, snapshotId })).toMatchObject({ vm: {}, errors: [], task: null });
  expect(await rebuild(backup, { name: "restored", snapshotId })).toMatchObject({ vm: {}, errors: [], task: null });
  expect(await remove(backup, { ids: [unwanted] })).toMatchObject([{ errors: [], task: null }]);
  const { groupId, monday, tuesday } = groupOf(backup);
  const [consistencyGroupId, done] = [groupId, { errors: [], task: null }];
  const created = await createGroup(backup, { consistencyGroupId, name: "s", waitSeconds: 1 });
  expect(created).toMatchObject({ ...done, created: true, ready: true });
  expect(await rollBackGroup(backup, { consistencyGroupId, snapshotId: monday })).toMatchObject(done);
  expect(await removeGroups(backup, { ids: [tuesday] })).toMatchObject({ results: [done] });
});

test("the task of a found snapshot is the one that created it, not a failed deletion of it", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const vmId = backup.vmId("web-prod-01");
  const { snapshot, task } = await backup.create({ vmId, name: "s" });
  backup.simulator.control.nextTask({ kind: "FAILED" });
  await remove(backup, { ids: [snapshot?.cloudTowerId] });
  backup.simulator.control.remove("Task", task?.cloudTowerId ?? "");

  expect(await backup.create({ vmId, name: "s", waitSeconds: 0 })).toMatchObject({ task: null, errors: [] });
});
