import { expect, test } from "vitest";
import {
  create,
  createGroup,
  createMany,
  rebuild,
  remove,
  removeGroups,
  rollBack,
  rollBackGroup,
} from "./support/mutations.js";
import { type OddTower, startOver, startTower } from "./support/odd-tower.js";

const UNKNOWN = [{ code: "WRITE_OUTCOME_UNKNOWN", retryAfterSeconds: expect.any(Number) }];

/** Writes of the endpoint are done, and never answered. */
function hang(tower: OddTower, hanging: string, isDone = true): void {
  tower.intercept = (endpoint, body) => {
    if (endpoint !== hanging) return undefined;
    if (isDone) tower.write(endpoint, body, { id: "me" });
    return new Promise(() => {});
  };
}

test("while the first write hangs, a repetition finds the snapshot instead of waiting in line", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
  const vmId = tower.addVm("a");
  hang(tower, "create-vm-snapshot");

  expect(await create(gateway, { vmId, name: "s" })).toMatchObject({ snapshot: null, errors: UNKNOWN });
  const [row] = tower.rows["vm-snapshots"] ?? [];
  expect(await create(gateway, { vmId, name: "s" })).toMatchObject({
    created: false,
    snapshot: { cloudTowerId: row?.id },
    errors: [],
  });
  expect(tower.count("create-vm-snapshot")).toBe(1);
});

test("while the first write of a group hangs, a repetition finds what it did instead of waiting in line", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
  tower.taskFields = (_, item) => ({ args: item });
  const [created, rolledBack, removed] = [tower.addGroup("a"), tower.addGroup("b"), tower.addGroup("c")];
  const [snapshotId, unwanted] = [tower.addGroupSnapshot(rolledBack, "s"), tower.addGroupSnapshot(removed, "s")];
  const writes: Record<string, () => Promise<object>> = {
    create: () => createGroup(gateway, { consistencyGroupId: created, name: "s" }),
    rollback: () => rollBackGroup(gateway, { consistencyGroupId: rolledBack, snapshotId }),
    delete: async () => (await removeGroups(gateway, [unwanted]))[0] ?? {},
  };
  for (const [verb, write] of Object.entries(writes)) {
    hang(tower, `${verb}-consistency-snapshot-group`);
    expect(await write(), verb).toMatchObject({ task: null, errors: UNKNOWN });
    expect(await write(), verb).toMatchObject({ task: {}, errors: [] });
    expect(tower.count(`${verb}-consistency-snapshot-group`), verb).toBe(1);
  }
});

test("of a group snapshot and its twin by another user, the call's own is created by it, and both are named", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const consistencyGroupId = tower.addGroup("g");
  tower.taskFields = (_, item) => ({ args: JSON.stringify([item]) });
  const users = (...ids: string[]) => {
    tower.intercept = (endpoint, body) => {
      if (endpoint !== "create-consistency-snapshot-group") return undefined;
      const [response] = ids.map((id) => tower.write(endpoint, body, { id })).slice(-1);
      return ids.length === 1 ? { body: response } : "reset";
    };
  };
  users("stranger", "me");
  const unclear = await createGroup(gateway, { consistencyGroupId, name: "a" });
  expect(unclear).toMatchObject({ created: false, snapshot: {}, errors: [] });
  expect(unclear.duplicates).toHaveLength(1);
  users("me");
  await createGroup(gateway, { consistencyGroupId, name: "b" });
  users("stranger", "me");
  const outcome = await createGroup(gateway, { consistencyGroupId, name: "c" });
  expect(outcome).toMatchObject({ created: true, errors: [] });
  expect(outcome.snapshot?.cloudTowerId).toBe(tower.rows["consistency-group-snapshots"]?.at(-1)?.id);
});

test("a rollback takes a power state of tomorrow, or none, for a VM that is in use", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const consistencyGroupId = tower.addGroup("g");
  const snapshotId = tower.addGroupSnapshot(consistencyGroupId, "s");
  const lun = tower.rows["iscsi-luns"]?.[0];
  for (const status of ["PAUSED_BY_TOMORROW", null, undefined]) {
    tower.rows.vms = [];
    tower.addVm("a", { status, vm_disks_some: { vm_volume: { lun: { id: lun?.id } } } });
    const { errors } = await rollBackGroup(gateway, { consistencyGroupId, snapshotId });
    expect(errors, String(status)).toMatchObject([{ code: "CONSISTENCY_GROUP_IN_USE" }]);
  }
  expect(tower.count("rollback-consistency-snapshot-group")).toBe(0);
});

test("a group snapshot that is being deleted locks its name, and the response that names several is looked for", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const consistencyGroupId = tower.addGroup("g");
  const old = tower.addGroupSnapshot(consistencyGroupId, "s", { entityAsyncStatus: "DELETING" });
  expect(await createGroup(gateway, { consistencyGroupId, name: "s" })).toMatchObject({
    errors: [{ code: "RESOURCE_LOCKED", message: expect.stringContaining(old) }],
  });
  expect(tower.count("create-consistency-snapshot-group")).toBe(0);
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "create-consistency-snapshot-group") return undefined;
    return { body: [...tower.write(endpoint, body), { task_id: null, data: { id: old } }] };
  };
  const created = await createGroup(gateway, { consistencyGroupId, name: "t" });
  expect(created).toMatchObject({ snapshot: { cloudTowerId: tower.rows["consistency-group-snapshots"]?.at(-1)?.id } });
});

test("while the first write hangs, a repetition that finds nothing is unknown and not 'nothing was changed'", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
  const vmId = tower.addVm("a");
  hang(tower, "create-vm-snapshot", false);
  await create(gateway, { vmId, name: "s" });

  const results = await createMany(gateway, [
    { vmId, name: "s" },
    { vmId: tower.addVm("b"), name: "s", onToolsNotRunning: "FAIL" },
  ]);

  expect(results[0]).toMatchObject({ snapshot: null, errors: UNKNOWN });
});

test("while the first rollback or rebuild hangs, a repetition finds its task", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { OPERATION_TIMEOUT_SECONDS: "2" });
  const vmId = tower.addVm("a");
  const snapshotId = tower.addSnapshot(vmId, "s");
  tower.taskFields = (_, item) => ({ args: item });

  hang(tower, "rollback-vm");
  expect(await rollBack(gateway, { vmId, snapshotId })).toMatchObject({ errors: UNKNOWN });
  expect(await rollBack(gateway, { vmId, snapshotId })).toMatchObject({ task: {}, errors: [] });
  hang(tower, "rebuild-vm-from-snapshot");
  expect(await rebuild(gateway, { snapshotId, name: "n" })).toMatchObject({ errors: UNKNOWN });
  expect(await rebuild(gateway, { snapshotId, name: "n" })).toMatchObject({ task: {}, vm: {}, errors: [] });
  expect([tower.count("rollback-vm"), tower.count("rebuild-vm-from-snapshot")]).toEqual([1, 1]);
});

test("a write in doubt stays unknown if CloudTower cannot be read, alone and in a batch", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url, { UPSTREAM_READ_ATTEMPTS: "1" });
  const [first, second] = [tower.addVm("a"), tower.addVm("b")];
  tower.intercept = (endpoint) => (endpoint === "create-vm-snapshot" ? "reset" : undefined);
  await create(gateway, { vmId: first, name: "s" });
  tower.intercept = (endpoint) => (endpoint === "get-vms" ? { status: 500, body: "<html>" } : undefined);

  expect(await create(gateway, { vmId: first, name: "s" })).toMatchObject({ snapshot: null, errors: UNKNOWN });
  const results = await createMany(
    gateway,
    [first, second].map((vmId) => ({ vmId, name: "s" })),
  );
  expect(results).toMatchObject([{ errors: UNKNOWN }, { errors: [{ code: "UPSTREAM_FAILED" }] }]);
});

test("a caller whom CloudTower refuses is told so, and not that a write is in doubt", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  tower.intercept = (endpoint) => (endpoint === "create-vm-snapshot" ? "reset" : undefined);
  await create(gateway, { vmId, name: "s" });
  tower.intercept = (_, __, token) => (token === "wrong" ? { status: 401, body: {} } : undefined);

  await expect(create(gateway, { vmId, name: "s" }, { token: "wrong" })).rejects.toThrow("UNAUTHENTICATED");
});

test.each(["by this gateway", "by another client"])(
  "a snapshot that was deleted %s while it was in doubt is created again, not said to exist",
  async (by) => {
    const { tower, url } = await startTower();
    const gateway = await startOver(url);
    const vmId = tower.addVm("a");
    tower.shows = (entity) => entity !== "vm-snapshots";
    const first = await create(gateway, { vmId, name: "s" });
    tower.shows = () => true;
    const id = first.snapshot?.cloudTowerId ?? "";
    if (by === "by this gateway") expect(await remove(gateway, [id])).toMatchObject([{ errors: [] }]);
    else tower.write("delete-vm-snapshot", { where: { id_in: [id] } });

    const second = await create(gateway, { vmId, name: "s" });

    expect(first).toMatchObject({ created: true, errors: [] });
    expect(second).toMatchObject({ created: true, errors: [] });
    expect(tower.rows["vm-snapshots"]?.map((row) => row.id)).toEqual([second.snapshot?.cloudTowerId]);
  },
);

test("an accepted snapshot that shows late is certain by its id, even without a task, and may then be deleted and made again", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  let isShown = false;
  tower.shows = (entity) => entity !== "tasks" && (entity !== "vm-snapshots" || isShown);
  const first = await create(gateway, { vmId, name: "s" });
  isShown = true;

  expect((await create(gateway, { vmId, name: "s" })).snapshot).toEqual(first.snapshot);
  await remove(gateway, [first.snapshot?.cloudTowerId ?? ""]);
  expect(await create(gateway, { vmId, name: "s" })).toMatchObject({ created: true, errors: [] });
});

test("an accepted snapshot that is being deleted locks its name, and one with other settings is itself", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  tower.shows = (entity) => entity !== "vm-snapshots";
  const [leaving, changed] = [await create(gateway, { vmId, name: "s" }), await create(gateway, { vmId, name: "t" })];
  tower.shows = () => true;
  for (const row of tower.rows["vm-snapshots"] ?? []) {
    if (row.id === leaving.snapshot?.cloudTowerId) row.entityAsyncStatus = "DELETING";
    else row.consistent_type = "FILE_SYSTEM_CONSISTENT";
  }

  expect(await create(gateway, { vmId, name: "s" })).toMatchObject({ errors: [{ code: "RESOURCE_LOCKED" }] });
  expect(await create(gateway, { vmId, name: "t" })).toMatchObject({
    snapshot: { cloudTowerId: changed.snapshot?.cloudTowerId, consistency: "FILE_SYSTEM_CONSISTENT" },
    errors: [],
  });
});

test("a caller who may not see the VM is not told of the snapshot that another caller created", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const vmId = tower.addVm("a");
  tower.shows = (entity) => entity !== "vm-snapshots";
  await create(gateway, { vmId, name: "s" });
  tower.intercept = (endpoint, _, token) => (token === "other" && endpoint === "get-vms" ? { body: [] } : undefined);

  expect(await create(gateway, { vmId, name: "s" }, { token: "other" })).toMatchObject({ snapshot: null, task: null });
});

test("a lost rebuild is known by its open task while its VM does not show", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const snapshotId = tower.addSnapshot(tower.addVm("a"), "s");
  tower.taskFields = (_, item) => ({ args: [item], status: "EXECUTING" });
  tower.shows = (entity, row) => entity !== "vms" || row.name !== "n";
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "rebuild-vm-from-snapshot") return undefined;
    tower.write(endpoint, body, { id: "me" });
    return "reset";
  };

  const [task] = [await rebuild(gateway, { snapshotId, name: "n" })];
  expect(task).toMatchObject({ vm: null, task: { cloudTowerId: tower.rows.tasks?.at(-1)?.id }, errors: [] });
  expect(tower.count("rebuild-vm-from-snapshot")).toBe(1);
});

test.each([{ name: "" }, { name: "placeholder", vm: null }, { vm: null }])(
  "an accepted snapshot whose row is a placeholder until its task has ended is not created a second time: %o",
  async (placeholder) => {
    const { tower, url } = await startTower();
    const gateway = await startOver(url);
    const vmId = tower.addVm("a");
    tower.taskFields = () => ({ status: "EXECUTING" });
    tower.intercept = (endpoint, body) => {
      if (endpoint !== "create-vm-snapshot") return undefined;
      const response = { body: tower.write(endpoint, body) };
      Object.assign(tower.rows["vm-snapshots"]?.at(-1) ?? {}, placeholder, { entityAsyncStatus: "CREATING" });
      return response;
    };

    const first = await create(gateway, { vmId, name: "s" });
    const second = await create(gateway, { vmId, name: "s" });
    Object.assign(tower.rows["vm-snapshots"]?.[0] ?? {}, { name: "s", vm: { id: vmId }, entityAsyncStatus: null });
    const third = await create(gateway, { vmId, name: "s" });

    for (const { snapshot } of [second, third]) {
      expect(snapshot?.cloudTowerId).toBe(first.snapshot?.cloudTowerId);
    }
    expect([first.created, second.created, third.created]).toEqual([true, false, false]);
    expect(tower.count("create-vm-snapshot")).toBe(1);
  },
);

test("a deletion is under way if its task is open, although the snapshot does not say so", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const id = tower.addSnapshot(tower.addVm("a"), "s");
  tower.intercept = (endpoint) => {
    if (endpoint !== "delete-vm-snapshot") return undefined;
    const task = { resource_id: id, resource_mutation: "deleteVmSnapshot", status: "EXECUTING" };
    return { body: [{ task_id: tower.addTask(task), data: { id } }] };
  };

  const [[first], [second]] = [await remove(gateway, [id]), await remove(gateway, [id])];

  expect(second).toEqual(first);
  expect(tower.count("delete-vm-snapshot")).toBe(1);
});

test("a repetition of a batch names the accepted snapshots, although CloudTower shows placeholders for them", async () => {
  const { tower, url } = await startTower();
  const gateway = await startOver(url);
  const snapshots = ["a", "b"].map((name) => ({ vmId: tower.addVm(name), name: "s" }));
  tower.intercept = (endpoint, body) => {
    if (endpoint !== "create-vm-snapshot") return undefined;
    const response = { body: tower.write(endpoint, body).toReversed() };
    for (const row of tower.rows["vm-snapshots"] ?? []) row.name = "placeholder";
    return response;
  };

  const [first, second] = [await createMany(gateway, snapshots), await createMany(gateway, snapshots)];

  for (const results of [first, second]) expect(results).toMatchObject([{ errors: [] }, { errors: [] }]);
  const ids = (results: typeof first) => results.map(({ snapshot }) => snapshot?.cloudTowerId);
  expect(ids(second)).toEqual(ids(first));
  expect(tower.count("create-vm-snapshot")).toBe(1);
});
