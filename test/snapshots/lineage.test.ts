import { describe, expect, test } from "vitest";
import { MINUTE, Scenario } from "./support/plan.js";

const BOTH = ["LINEAGE_UNKNOWN", "LINEAGE_UNKNOWN"];
const NONE = [null, null];

/** Two snapshots of web-prod-01, ten minutes apart, and the ids of what belongs to its two disks. */
async function between() {
  // Some tasks are none that the contract allows.
  const scenario = await Scenario.start("web-prod-01", { spoilsAnswers: true });
  const { control } = scenario;
  const oldest = await scenario.snapshot("oldest");
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  const [volume, other] = scenario.volumes(to).map(({ id }) => String(id)) as [string, string];
  const lun = String(idOf(control.row("VmVolume", volume)?.lun));
  const ids = {
    vm: scenario.vm,
    ...{ oldest, since, to, volume, other, lun },
    zbsVolume: String(control.row("IscsiLun", lun)?.zbs_volume_id),
    lunSnapshot: scenario.lunSnapshots(oldest)[0] as string,
    volumeSnapshot: String(control.rows("VmVolumeSnapshot", { vm_volume: { id: volume } })[0]?.id),
  };
  return { scenario, ids };
}

const harmful: [string, Record<string, unknown>][] = [
  ["a kind of a future version", { resource_mutation: "reconcileVm" }],
  ["a task without a kind", { resource_mutation: null }],
  ["a task with an empty kind", { resource_mutation: "" }],
  ["a kind that merely looks harmless", { resource_mutation: "createVmSnapshotAndRevert" }],
  ["a rollback that FAILED", { resource_mutation: "rollbackVm", status: "FAILED" }],
  ["a rollback that is still running", { resource_mutation: "ROLLBACK_VM", status: "EXECUTING", finished_at: null }],
  ["a rollback that is paused", { resource_mutation: "rollback-vm", status: "PAUSED", finished_at: null }],
  ["a rollback without an end", { resource_mutation: "RollbackVm", finished_at: "" }],
  ["a rollback without times", { resource_mutation: "rollbackVm", finished_at: "", local_created_at: "" }],
  ["a harmless kind that FAILED", { resource_mutation: "deleteVmSnapshot", status: "FAILED" }],
  ["a harmless kind that is still running", { resource_mutation: "startVm", status: "EXECUTING", finished_at: null }],
  ["a harmless kind with a new status", { resource_mutation: "startVm", status: "CANCELLED" }],
  ["an edit of a disk", { resource_mutation: "updateVmDisk" }],
  ["a disk detached", { resource_mutation: "removeVmDisk" }],
  ["a move to another cluster", { resource_mutation: "migrateVmAcrossCluster" }],
];

test("no disk is incremental after a task of the VM that is not known to be harmless, or that did not succeed", async () => {
  const { scenario, ids } = await between();
  for (const [name, task] of harmful) {
    const id = scenario.task({ resource_id: ids.vm, ...task }, ids.since);
    expect(await scenario.reasons(ids.since, ids.to), name).toEqual(BOTH);
    expect((await scenario.plan(ids.since, ids.to)).disks[0]?.explanation).toContain(id);
    scenario.control.remove("Task", id);
  }
  expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
});

const naming: [string, (ids: Ids) => Record<string, unknown>][] = [
  ["its volume", (ids: Ids) => ({ resource_id: ids.volume })],
  ["its LUN", (ids: Ids) => ({ resource_id: ids.lun })],
  ["a snapshot of its LUN", (ids: Ids) => ({ resource_id: ids.lunSnapshot })],
  ["a snapshot of its volume", (ids: Ids) => ({ resource_id: ids.volumeSnapshot })],
  ["its volume, named only in the arguments", (ids: Ids) => ({ args: { where: { OR: [{ id: ids.volume }] } } })],
  ["its ZBS volume, within a text", (ids: Ids) => ({ args: { command: `restore zbs:${ids.zbsVolume}` } })],
  ["its LUN, named only in the task's snapshot", (ids: Ids) => ({ snapshot: JSON.stringify({ lun: ids.lun }) })],
  [
    "its volume, as errors about locks name it",
    (ids: Ids) => ({ args: { message: `Resource [VM_VOLUME-${ids.volume}].` } }),
  ],
  ["its ZBS volume, in capitals", (ids: Ids) => ({ args: [`zbs-volume-${ids.zbsVolume.toUpperCase()}.`] })],
  ["its LUN, as a key", (ids: Ids) => ({ args: { [ids.lun]: true } })],
];

test("a disk is not incremental after an unknown task that names anything of it, and the VM's other disk is", async () => {
  const { scenario, ids } = await between();
  for (const [name, named] of naming) {
    const other = scenario.backup.vmId("legacy-billing");
    const id = scenario.task({ resource_id: other, resource_mutation: "reconcile", ...named(ids) }, ids.since);
    expect(await scenario.reasons(ids.since, ids.to), name).toEqual(["LINEAGE_UNKNOWN", null]);
    scenario.control.remove("Task", id);
  }
});

const unclear: [string, Record<string, unknown>][] = [
  [
    "a rollback of a LUN to a snapshot that is gone",
    { resource_mutation: "rollbackIscsiLunFromSnapshot", resource_id: "gone" },
  ],
  ["a rollback that names nothing", { resource_mutation: "rollbackVm", resource_id: null }],
  ["a rollback of a group of snapshots", { resource_mutation: "rollbackSnapshotGroup", resource_id: "a-group" }],
  [
    "an edit of a disk, named by an id that has changed",
    { resource_mutation: "expandVmDisk", resource_id: "old-id", resource_type: "VmDisk" },
  ],
  ["an unknown task that names nothing", { resource_mutation: null, resource_id: null }],
  ["an unknown task on everything", { resource_mutation: "x", resource_id: "", args: { where: {} } }],
  ["an unknown task without a cluster", { resource_mutation: "x", resource_id: "gone", cluster: null }],
  ["a change that names nothing", { resource_mutation: "updateVmVolume", resource_id: null, args: [] }],
  ["a task with odd arguments", { resource_mutation: "x", resource_id: null, args: "all of them" }],
];

test("no disk is incremental after a task of which it is not known what it acted on", async () => {
  const { scenario, ids } = await between();
  const other = scenario.backup.vmId("legacy-billing");
  const mixed = { resource_mutation: "rollbackVm", resource_id: "gone", args: { where: { id: other } } };
  for (const [name, task] of [
    ...unclear,
    ["a rollback that names another VM, but not as its object", mixed] as const,
  ]) {
    const id = scenario.task(task, ids.since);
    expect(await scenario.reasons(ids.since, ids.to), name).toEqual(BOTH);
    scenario.control.remove("Task", id);
  }
});

describe("a disk is not incremental after", () => {
  test("a task in a different cluster that acted on its VM", async () => {
    const { scenario, ids } = await between();
    const cluster = String(scenario.control.rows("Cluster").at(-1)?.id);
    expect(cluster).not.toBe(idOf(scenario.control.row("Vm", ids.vm)?.cluster));
    scenario.task({ resource_id: ids.vm, resource_mutation: "migrateVmAcrossCluster", cluster }, ids.since);
    expect(await scenario.reasons(ids.since, ids.to)).toEqual(BOTH);
  });

  test("a rollback of the consistency group that its LUN belongs to, or belonged to", async () => {
    const { scenario, ids } = await between();
    const { control } = scenario;
    const cluster = idOf(control.row("Vm", ids.vm)?.cluster);
    const group = control.insert("ConsistencyGroup", { name: "g", cluster });
    const snapshot = control.insert("ConsistencyGroupSnapshot", { name: "gs", consistency_group: group });
    control.patch("IscsiLun", ids.lun, { consistency_group: group });
    scenario.task({ resource_mutation: "rollbackConsistencyGroupSnapshot", resource_id: snapshot }, ids.since);
    expect((await scenario.reasons(ids.since, ids.to))[0]).toBe("LINEAGE_UNKNOWN");
    control.patch("IscsiLun", ids.lun, { consistency_group: null });
    expect((await scenario.reasons(ids.since, ids.to))[0]).toBe("LINEAGE_UNKNOWN");
  });

  test("the deletion of the earlier snapshot has begun, whenever", async () => {
    const { scenario, ids } = await between();
    const open = { status: "EXECUTING", finished_at: null };
    scenario.task({ resource_id: ids.since, resource_mutation: "deleteVmSnapshot", ...open }, ids.to, 600);
    expect(await scenario.reasons(ids.since, ids.to)).toEqual(BOTH);
  });
});

test("a disk stays incremental after harmless tasks that succeeded, in any spelling", async () => {
  const { scenario, ids } = await between();
  const kinds = "createVmSnapshot CREATE_VM_SNAPSHOT deleteVmSnapshot poweroff-vm MigrateVm updateVmBasicInfo";
  for (const resource_mutation of kinds.split(" "))
    scenario.task({ resource_id: ids.vm, resource_mutation }, ids.since);
  expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
});

test("a disk stays incremental after tasks on other objects", async () => {
  const { scenario, ids } = await between();
  const other = scenario.backup.vmId("legacy-billing");
  scenario.task({ resource_mutation: "reconcileVm", resource_id: other }, ids.since);
  scenario.task({ resource_mutation: "updateVmDisk", status: "FAILED", resource_id: other }, ids.since);
  scenario.task({ resource_mutation: "updateVmDisk", resource_id: "gone", resource_type: "VM" }, ids.since);
  scenario.task({ resource_mutation: "renew", resource_id: "license", resource_type: "License" }, ids.since);
  expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
});

describe("a disk stays incremental after", () => {
  test("rollbacks of other VMs, LUNs and groups", async () => {
    const { scenario, ids } = await between();
    const { control, backup } = scenario;
    const other = backup.vmId("legacy-billing");
    const [snapshot] = control.rows("VmSnapshot", { vm: { id: other } });
    const args = { where: { id: other }, data: { snapshot_id: snapshot?.id } };
    scenario.task({ resource_mutation: "rollbackVm", resource_id: other, args }, ids.since);
    const own = scenario.volumes(ids.to).map(({ lun }) => idOf(lun));
    const lun = control.rows("IscsiLun").find(({ id }) => !own.includes(String(id)));
    const part = control.rows("IscsiLunSnapshot", { iscsi_lun: { id_not_in: own } })[0];
    scenario.task({ resource_mutation: "rollbackIscsiLunFromSnapshot", resource_id: lun?.id }, ids.since);
    scenario.task({ resource_mutation: "rollbackIscsiLunFromSnapshot", resource_id: part?.id }, ids.since);
    const group = control.rows("ConsistencyGroupSnapshot")[0];
    scenario.task({ resource_mutation: "rollbackConsistencyGroupSnapshot", resource_id: group?.id }, ids.since);
    expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
  });

  test("a rollback that ended long before the earlier snapshot, or began long after the later one", async () => {
    const { scenario, ids } = await between();
    scenario.task({ resource_mutation: "rollbackVm", resource_id: ids.vm }, ids.since, -6);
    scenario.task({ resource_mutation: "rollbackVm", resource_id: ids.vm }, ids.to, 6);
    expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
  });
});

test.each([-4 * MINUTE, 4 * MINUTE])(
  "a rollback is found if the cluster's clock is ahead by %i ms",
  async (clusterClockMs) => {
    const scenario = await Scenario.start();
    scenario.control.setQuirks({ clusterClockMs });
    const oldest = await scenario.snapshot("oldest");
    const since = await scenario.snapshot("a");
    await scenario.rollBack(scenario.vm, oldest);
    const to = await scenario.snapshot("b");
    expect(await scenario.reasons(since, to)).toEqual(BOTH);
    expect(await scenario.reasons(to, await scenario.snapshot("c"))).toEqual(NONE);
  },
);

test.each([-600 * MINUTE, 600 * MINUTE])(
  "a rollback is found if the clocks are %i ms apart",
  async (clusterClockMs) => {
    const scenario = await Scenario.start();
    scenario.control.setQuirks({ clusterClockMs });
    const [oldest, since] = [await scenario.snapshot("oldest"), await scenario.snapshot("a")];
    await scenario.rollBack(scenario.vm, oldest);
    expect(await scenario.reasons(since, await scenario.snapshot("b"))).toEqual(BOTH);
  },
);

test.each(["FAILED", "PAUSED"] as const)("a rollback that is %s half-way is found", async (kind) => {
  const scenario = await Scenario.start("web-prod-01", { simulator: { taskSeconds: 1 } });
  const [oldest, since] = [await scenario.snapshot("oldest"), await scenario.snapshot("a")];
  scenario.control.nextTask({ kind });
  await scenario.rollBack(scenario.vm, oldest);
  scenario.backup.simulator.advance(MINUTE);
  scenario.control.patch("Vm", scenario.vm, { entityAsyncStatus: null });
  const to = await scenario.snapshot("b");
  const lineages = (id: string) => scenario.lunSnapshots(id).map((lun) => scenario.control.lineage(lun));
  expect(lineages(to)).not.toEqual(lineages(since));
  expect(await scenario.reasons(since, to)).toEqual(BOTH);
});

test("a rollback of another VM concerns the volume that both share, and no other disk", async () => {
  const scenario = await Scenario.start("数据库主节点");
  const { control, backup } = scenario;
  const other = backup.vmId("oracle-rac-03");
  const creation = await backup.create({ vmId: other, name: "rac", waitSeconds: 30 });
  const since = await scenario.snapshot("a");
  await scenario.rollBack(other, creation.snapshot?.cloudTowerId ?? "");
  const to = await scenario.snapshot("b");
  const shared = scenario.volumes(to).map(({ sharing }) => (sharing ? "LINEAGE_UNKNOWN" : null));
  expect(shared.filter((reason) => reason !== null)).toHaveLength(1);
  expect(await scenario.reasons(since, to)).toEqual(shared);

  // The other VM gives the volume up, and nothing shows that it ever had it but the snapshot it was rolled back to.
  const [volume] = scenario.volumes(to).filter(({ sharing }) => sharing);
  for (const disk of control.rows("VmDisk", { vm: { id: other }, vm_volume: { id: volume?.id } })) {
    control.remove("VmDisk", String(disk.id));
  }
  expect(await scenario.reasons(since, to)).toEqual(shared);
  control.remove("VmSnapshot", creation.snapshot?.cloudTowerId ?? "");
  expect(await scenario.reasons(since, to)).toEqual(shared);
});

test("a disk is full once CloudTower has forgotten the tasks since the earlier snapshot", async () => {
  const scenario = await Scenario.start();
  const [oldest, since] = [await scenario.snapshot("oldest"), await scenario.snapshot("a")];
  await scenario.rollBack(scenario.vm, oldest);
  const to = await scenario.snapshot("b");
  scenario.control.setQuirks({ taskMemoryMs: 3 * MINUTE });
  expect(await scenario.reasons(since, to)).toEqual(BOTH);
  expect((await scenario.plan(since, to)).disks[0]?.explanation).toContain("does not list the task");
});

test("a rollback is found though CloudTower cuts its lists, and a count tells of more tasks than it lists", async () => {
  const { scenario, ids } = await between();
  const other = scenario.backup.vmId("legacy-billing");
  for (let count = 0; count < 5; count++) scenario.task({ resource_mutation: "x", resource_id: other }, ids.since);
  expect(await scenario.reasons(ids.since, ids.to)).toEqual(NONE);
  scenario.task({ id: "zzz", resource_mutation: "rollbackVm", resource_id: ids.vm }, ids.since);
  scenario.control.setQuirks({ maxTaskRows: 2 });
  expect(await scenario.reasons(ids.since, ids.to)).toEqual(BOTH);
});

test.each(["pascal", "upper-snake", "kebab"] as const)(
  "the spelling %s of all tasks makes no difference",
  async (mutationSpelling) => {
    const scenario = await Scenario.start();
    scenario.control.setQuirks({ mutationSpelling });
    const [oldest, since] = [await scenario.snapshot("oldest"), await scenario.snapshot("a")];
    expect(await scenario.reasons(oldest, since)).toEqual(NONE);
    await scenario.rollBack(scenario.vm, oldest);
    expect(await scenario.reasons(since, await scenario.snapshot("b"))).toEqual(BOTH);
  },
);

test.each(["empty", "null"] as const)(
  "nothing is incremental if tasks are %s of their kind",
  async (mutationSpelling) => {
    const scenario = await Scenario.start();
    scenario.control.setQuirks({ mutationSpelling });
    expect(await scenario.reasons(await scenario.snapshot("a"), await scenario.snapshot("b"))).toEqual(BOTH);
  },
);

type Ids = Awaited<ReturnType<typeof between>>["ids"];

function idOf(stub: unknown): string {
  return String((stub as { id: string } | undefined)?.id);
}
