import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import {
  addMemberOf,
  createGroup,
  groupOf,
  groupSnapshotsNamed,
  removeGroups,
  rollBackGroup,
} from "./support/groups.js";

const NONE = "cl0000000000000000000none";
const codesOf = ({ errors }: { readonly errors: readonly { readonly code: string }[] }) =>
  errors.map(({ code }) => code);

test("creates a snapshot of all members once, rolls back to it, and deletes it", async () => {
  const backup = await startBackup();
  const { calls, control } = backup.simulator;
  const { groupId } = groupOf(backup);
  calls.clear();

  const created = await createGroup(backup, { consistencyGroupId: `ConsistencyGroup:${groupId}`, name: "s" });
  expect(created).toMatchObject({
    ...{ created: true, name: "s", duplicates: [], ready: null, errors: [] },
    consistencyGroup: { cloudTowerId: groupId },
    task: { status: "PENDING", resourceMutation: "createConsistencyGroupSnapshot" },
  });
  expect(calls.count()).toBeLessThanOrEqual(7);
  const snapshotId = created.snapshot?.cloudTowerId ?? "";
  expect(await createGroup(backup, { consistencyGroupId: groupId, name: "s" })).toMatchObject({
    ...{ created: false, errors: [], snapshot: { cloudTowerId: snapshotId } },
    task: { cloudTowerId: created.task?.cloudTowerId },
  });
  backup.simulator.advance(10_000);

  const PARTS = `query ($id: ID!) { consistencyGroupSnapshot(id: $id) { lunSnapshots { lun { name } storageVolume { zbsId } }
    namespaceSnapshots { namespace { name } storageVolume { zbsId } } } }`;
  const parts = await backup.data<{ consistencyGroupSnapshot: Record<string, object[]> }>(PARTS, { id: snapshotId });
  expect(parts.consistencyGroupSnapshot.lunSnapshots).toHaveLength(3);
  expect(parts.consistencyGroupSnapshot.namespaceSnapshots).toHaveLength(1);

  const input = { consistencyGroupId: groupId, snapshotId };
  expect(await rollBackGroup(backup, input)).toMatchObject({
    ...{ consistencyGroup: { cloudTowerId: groupId }, snapshot: { cloudTowerId: snapshotId }, errors: [] },
    task: { resourceMutation: "rollbackConsistencyGroupSnapshot" },
  });
  backup.simulator.advance(10_000);
  const { results } = await removeGroups(backup, { ids: [snapshotId] });
  expect(results).toMatchObject([{ inputId: snapshotId, errors: [], task: {} }]);
  backup.simulator.advance(10_000);

  expect(control.row("ConsistencyGroupSnapshot", snapshotId)).toBeUndefined();
  expect(control.rows("IscsiLunSnapshot", { consistency_group_snapshot: { id: snapshotId } })).toEqual([]);
  const bodies = ["create", "rollback", "delete"].map((verb) => calls.of(`${verb}-consistency-snapshot-group`));
  expect(bodies.map((sent) => sent.map(({ body }) => body))).toEqual([
    [[{ consistency_group_id: groupId, name: "s" }]],
    [{ where: { id_in: [snapshotId] } }],
    [{ where: { id_in: [snapshotId] }, data: { remain_volume_snapshot: false } }],
  ]);
});

test("keeps the members' snapshots if the mutation says so", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { control } = backup.simulator;
  const { monday } = groupOf(backup);
  const parts = control.rows("IscsiLunSnapshot", { consistency_group_snapshot: { id: monday } });

  expect(await removeGroups(backup, { ids: [monday], keepMemberSnapshots: true })).toMatchObject({
    results: [{ errors: [] }],
  });

  expect(control.row("ConsistencyGroupSnapshot", monday)).toBeUndefined();
  expect(parts.map(({ id }) => control.row("IscsiLunSnapshot", String(id)))).toEqual(
    parts.map(({ id }) => expect.objectContaining({ id, consistency_group_snapshot: null })),
  );
});

test("with waitSeconds a snapshot is ready when its task has ended and the snapshots of all members are there", async () => {
  const backup = await startBackup();
  const { calls, control } = backup.simulator;
  const { groupId } = groupOf(backup);
  const waiting = createGroup(backup, { consistencyGroupId: groupId, name: "s", waitSeconds: 60 });
  await calls.next("create-consistency-snapshot-group");
  await calls.next("get-consistency-group-snapshots");
  backup.simulator.advance(10_000);
  expect(await waiting).toMatchObject({ created: true, ready: true, missing: [], task: { status: "SUCCEEDED" } });

  control.nextTask({ kind: "FAILED" });
  const failing = createGroup(backup, { consistencyGroupId: groupId, name: "t", waitSeconds: 60 });
  await calls.next("create-consistency-snapshot-group");
  await calls.next("get-consistency-group-snapshots");
  backup.simulator.advance(10_000);
  expect(await failing).toMatchObject({ created: true, ready: false, errors: [{ code: "SNAPSHOT_FAILED" }] });

  const open = await createGroup(backup, { consistencyGroupId: groupId, name: "u", waitSeconds: 1 });
  expect(open).toMatchObject({ created: true, ready: false, errors: [] });
  expect(open.missing.join()).toMatch(/task has not ended.*CREATING/);
  backup.simulator.advance(10_000);
  const [part] = control.rows("IscsiLunSnapshot", { name_starts_with: "u-ora" });
  control.patch("IscsiLunSnapshot", String(part?.id), { local_id: "placeholder-0d6d1a4e-8f57-4f6c-9c0e-3a8f6f0b4f11" });
  expect(await createGroup(backup, { consistencyGroupId: groupId, name: "u", waitSeconds: 1 })).toMatchObject({
    ...{ created: false, ready: false, missing: ["3 of 4 snapshots of its members are there"], errors: [] },
  });
  backup.simulator.faults.add({ operation: "get-iscsi-lun-snapshots", effect: { kind: "status", status: 403 } });
  expect(await createGroup(backup, { consistencyGroupId: groupId, name: "u", waitSeconds: 1 })).toMatchObject({
    ...{ ready: null, missing: [], snapshot: {} },
    errors: [{ code: "READINESS_UNKNOWN", message: expect.not.stringContaining("vmSnapshotReady") }],
  });
});

test("what cannot be done is refused before anything is written, each with its own error", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { control } = backup.simulator;
  const { groupId, monday } = groupOf(backup);
  const { cluster } = control.row("ConsistencyGroup", groupId) as { cluster: { id: string } };
  const empty = control.insert("ConsistencyGroup", { name: "empty", cluster: cluster.id });
  const other = control.insert("ConsistencyGroupSnapshot", { name: "other", consistency_group: empty });
  const orphan = control.insert("ConsistencyGroupSnapshot", { name: "orphan" });
  const rollBack = (consistencyGroupId: string, snapshotId: string) =>
    rollBackGroup(backup, { consistencyGroupId, snapshotId });

  const unknown = await createGroup(backup, { consistencyGroupId: NONE, name: "s" });
  expect(unknown).toMatchObject({ consistencyGroup: null, errors: [{ code: "CONSISTENCY_GROUP_NOT_FOUND" }] });
  const refusals = [
    await createGroup(backup, { consistencyGroupId: empty, name: "s" }),
    await createGroup(backup, { consistencyGroupId: groupId, name: " " }),
    await createGroup(backup, { consistencyGroupId: groupId, name: "x".repeat(256) }),
    await rollBack(NONE, monday),
    await rollBack(groupId, NONE),
    await rollBack(groupId, other),
    await rollBack(groupId, orphan),
    ...(await removeGroups(backup, { ids: [NONE] })).results,
    await removeGroups(backup, { ids: [] }),
    await removeGroups(backup, { ids: Array.from({ length: 101 }, (_, index) => `id${index}`) }),
  ];

  expect(refusals.flatMap(codesOf)).toEqual([
    ...["CONSISTENCY_GROUP_EMPTY", "INVALID_NAME", "INVALID_NAME"],
    ...["CONSISTENCY_GROUP_NOT_FOUND", "CONSISTENCY_GROUP_SNAPSHOT_NOT_FOUND"],
    ...["SNAPSHOT_OF_ANOTHER_CONSISTENCY_GROUP", "SNAPSHOT_OF_ANOTHER_CONSISTENCY_GROUP"],
    ...["CONSISTENCY_GROUP_SNAPSHOT_NOT_FOUND", "INVALID_INPUT", "INVALID_INPUT"],
  ]);
  const owners = refusals.flatMap(({ errors }) =>
    errors.flatMap(({ ownerGroup }) => (ownerGroup === undefined ? [] : [ownerGroup])),
  );
  expect(owners).toEqual([{ cloudTowerId: empty }, null]);
  for (const verb of ["create", "rollback", "delete"])
    expect(backup.writes(`${verb}-consistency-snapshot-group`)).toBe(0);
});

test("a rollback is refused while a VM with a disk on a LUN of the group or of its snapshot is not powered off", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { control } = backup.simulator;
  const { groupId, monday } = groupOf(backup);
  const member = addMemberOf(backup, "web-prod-01", groupId);
  const left = addMemberOf(backup, "appliance", groupId);
  const created = await createGroup(backup, { consistencyGroupId: groupId, name: "s" });
  const input = { consistencyGroupId: groupId, snapshotId: created.snapshot?.cloudTowerId };
  for (const { id } of control.rows("IscsiLun", { consistency_group: { id: groupId } })) {
    const users = control.rows("VmVolume", { lun: { id }, vm_disks_some: { vm: { id: left } } });
    if (users.length > 0) control.patch("IscsiLun", String(id), { consistency_group: null });
  }

  for (const status of ["RUNNING", "SUSPENDED", "UNKNOWN"]) {
    control.patch("Vm", member, { status });
    control.patch("Vm", left, { status: "STOPPED" });
    expect(await rollBackGroup(backup, input), status).toMatchObject({
      task: null,
      errors: [{ code: "CONSISTENCY_GROUP_IN_USE", vms: [{ name: "web-prod-01", status }] }],
    });
  }
  control.patch("Vm", member, { status: "STOPPED" });
  control.patch("Vm", left, { status: "RUNNING" });
  expect(await rollBackGroup(backup, input)).toMatchObject({ errors: [{ vms: [{ name: "appliance" }] }] });
  expect(await rollBackGroup(backup, { ...input, snapshotId: monday })).toMatchObject({ errors: [], task: {} });
  control.patch("Vm", left, { status: "STOPPED" });
  expect(await rollBackGroup(backup, input)).toMatchObject({ errors: [], task: {} });
  backup.simulator.faults.add({ operation: "get-vms", effect: { kind: "status", status: 403 } });
  const { errors } = await backup.query(
    `mutation { rollbackConsistencyGroup(input: { consistencyGroupId: "${groupId}", snapshotId: "${monday}" }) { task { id } } }`,
  );
  expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  expect(backup.writes("rollback-consistency-snapshot-group")).toBe(2);
});

test("a group that a task changes is locked, with that task, and a call can wait until it is free", async () => {
  const backup = await startBackup();
  const { groupId, monday, tuesday } = groupOf(backup);
  const { task } = await createGroup(backup, { consistencyGroupId: groupId, name: "s" });
  const input = { consistencyGroupId: groupId, snapshotId: monday };
  const locked = [
    {
      ...{ code: "RESOURCE_LOCKED", lockedResources: [{ cloudTowerId: groupId, type: "CONSISTENCY_GROUP" }] },
      blockingTask: { cloudTowerId: task?.cloudTowerId },
    },
  ];

  expect((await createGroup(backup, { consistencyGroupId: groupId, name: "t" })).errors).toMatchObject(locked);
  expect((await rollBackGroup(backup, input)).errors).toMatchObject(locked);
  expect(backup.writes("rollback-consistency-snapshot-group")).toBe(0);
  // Deletions are sent: CloudTower locks.
  expect((await removeGroups(backup, { ids: [monday, tuesday] })).results.map(codesOf)).toEqual([
    ["RESOURCE_LOCKED"],
    ["RESOURCE_LOCKED"],
  ]);
  const waiting = rollBackGroup(backup, { ...input, onLocked: "WAIT" });
  await backup.simulator.calls.next("get-consistency-groups");
  backup.simulator.advance(10_000);
  expect(await waiting).toMatchObject({ errors: [], task: {} });
});

test("a rollback is refused while a VM of the group is locked, or its snapshot is being changed", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { control } = backup.simulator;
  const { groupId, monday } = groupOf(backup);
  const vmId = addMemberOf(backup, "web-prod-01", groupId);
  control.patch("Vm", vmId, { status: "STOPPED", entityAsyncStatus: "UPDATING" });
  const rollBack = () => rollBackGroup(backup, { consistencyGroupId: groupId, snapshotId: monday });

  expect(await rollBack()).toMatchObject({ errors: [{ lockedResources: [{ cloudTowerId: vmId, type: "VM" }] }] });
  control.patch("Vm", vmId, { entityAsyncStatus: null });
  control.patch("ConsistencyGroupSnapshot", monday, { entityAsyncStatus: "CREATING" });
  expect(await rollBack()).toMatchObject({
    errors: [{ lockedResources: [{ cloudTowerId: monday, type: "CONSISTENCY_GROUP_SNAPSHOT" }] }],
  });
  expect(backup.writes("rollback-consistency-snapshot-group")).toBe(0);
});

test("a CloudTower without the operations, or without consistency groups, is a typed error", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { groupId, monday, tuesday } = groupOf(backup);
  const gone = (operation: RegExp) =>
    backup.simulator.faults.add({ operation, effect: { kind: "status", status: 404, message: "no such endpoint" } });
  const all = async () => [
    await createGroup(backup, { consistencyGroupId: groupId, name: "s" }),
    await rollBackGroup(backup, { consistencyGroupId: groupId, snapshotId: monday }),
    ...(await removeGroups(backup, { ids: [monday, tuesday] })).results,
  ];
  const unsupported = [{ code: "OPERATION_NOT_SUPPORTED", message: expect.stringContaining("no such endpoint") }];

  const withoutWrites = gone(/-consistency-snapshot-group$/);
  expect(await all()).toMatchObject(Array(4).fill({ task: null, errors: unsupported }));
  withoutWrites();
  gone(/^get-consistency-/);
  expect(await all()).toMatchObject(Array(4).fill({ task: null, errors: unsupported }));
});

test("an object that goes away before the write arrives is not taken for a missing operation", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0 } });
  const { groupId } = groupOf(backup);
  backup.simulator.faults.add({
    operation: "create-consistency-snapshot-group",
    match() {
      backup.simulator.control.remove("ConsistencyGroup", groupId);
      return false;
    },
    effect: { kind: "reset" },
  });
  expect(codesOf(await createGroup(backup, { consistencyGroupId: groupId, name: "s" }))).toEqual(["UPSTREAM_REJECTED"]);
});

test("a caller who may not list VMs can take and delete snapshots of groups, also when others do, and wait for a lock", async () => {
  const backup = await startBackup();
  const { groupId, monday } = groupOf(backup);
  const consistencyGroupId = groupId;
  backup.simulator.faults.add({ operation: "get-vms", effect: { kind: "status", status: 403 } });

  const outcomes = await Promise.all([1, 2].map(() => createGroup(backup, { consistencyGroupId, name: "s" })));
  expect(outcomes.flatMap(codesOf)).toEqual([]);
  const waiting = removeGroups(backup, { ids: [monday], onLocked: "WAIT" });
  await backup.simulator.calls.next("delete-consistency-snapshot-group");
  backup.simulator.advance(10_000);
  expect(await waiting).toMatchObject({ results: [{ task: {}, errors: [] }] });
});

test("calls for one group take turns, and identical ones create one snapshot", async () => {
  const backup = await startBackup();
  const { groupId } = groupOf(backup);
  const input = { consistencyGroupId: groupId, name: "s" };

  const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => createGroup(backup, input)));

  expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(outcomes.map(({ snapshot }) => snapshot?.cloudTowerId)).size).toBe(1);
  expect(groupSnapshotsNamed(backup, groupId, "s")).toBe(1);
  const named = await createGroup(backup, { consistencyGroupId: "ConsistencyGroup:", onLocked: "WAIT" });
  expect(named).toMatchObject({ name: expect.stringMatching(/^towerql-/), errors: [{ code: "INVALID_ID" }] });
});
