import { expect, test } from "vitest";
import { startBackup } from "./support/backup.js";
import { MINUTE, Scenario } from "./support/plan.js";

interface Planned {
  readonly since: { readonly name: string } | null;
  readonly to: { readonly name: string };
  readonly disks: readonly { readonly mode: string; readonly reason: string | null }[];
}

const PLANNED = "since { name } to { name } disks { mode reason }";

async function planOf(scenario: Scenario, args = ""): Promise<Planned | null> {
  const query = `query ($id: ID!) { vm(id: $id) { incrementalPlan${args} { ${PLANNED} } } }`;
  const data = await scenario.backup.data<{ vm: { incrementalPlan: Planned | null } }>(query, { id: scenario.vm });
  return data.vm.incrementalPlan;
}

async function previousOf(scenario: Scenario, snapshotId: string, args = ""): Promise<string | undefined> {
  const query = `query ($id: ID!) { vmSnapshot(id: $id) { previous${args} { name } } }`;
  type Data = { vmSnapshot: { previous: { name: string } | null } };
  return (await scenario.backup.data<Data>(query, { id: snapshotId })).vmSnapshot.previous?.name;
}

/** A scenario whose VM has no snapshot yet. */
async function startWithoutSnapshots(): Promise<Scenario> {
  const scenario = await Scenario.start();
  for (const { id, vm } of scenario.control.rows("VmSnapshot")) {
    if ((vm as { id: string } | null)?.id === scenario.vm) scenario.control.remove("VmSnapshot", id as string);
  }
  return scenario;
}

test("the base is the newest earlier usable snapshot, and the target the newest one", async () => {
  const scenario = await startWithoutSnapshots();
  expect(await planOf(scenario)).toBeNull();
  const first = await scenario.snapshot("nightly-1");
  expect(await planOf(scenario)).toMatchObject({
    since: null,
    to: { name: "nightly-1" },
    disks: [{ reason: "NO_BASE" }, {}],
  });
  expect(await previousOf(scenario, first)).toBeUndefined();
  await scenario.snapshot("nightly-2");
  await scenario.snapshot("manual");
  const last = await scenario.snapshot("nightly-3");

  const plan = await planOf(scenario);
  expect(plan).toMatchObject({ since: { name: "manual" }, to: { name: "nightly-3" } });
  expect(plan?.disks.map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);
  expect(await planOf(scenario, '(namePrefix: "nightly-")')).toMatchObject({ since: { name: "nightly-2" } });
  expect(await previousOf(scenario, last)).toBe("manual");
  expect(await previousOf(scenario, last, '(namePrefix: "nightly-")')).toBe("nightly-2");
  expect(await planOf(scenario, `(toSnapshotId: "${first}")`)).toMatchObject({
    since: null,
    to: { name: "nightly-1" },
  });
  expect(await planOf(scenario, `(sinceSnapshotId: "${first}")`)).toMatchObject({ since: { name: "nightly-1" } });
});

test("a snapshot whose data is gone, or that is being deleted, or without a time, is passed over as a base", async () => {
  const scenario = await startWithoutSnapshots();
  await scenario.snapshot("good");
  const [gone, deleting, untimed] = [
    await scenario.snapshot("gone"),
    await scenario.snapshot("deleting"),
    await scenario.snapshot("untimed"),
  ];
  const last = await scenario.snapshot("last");
  scenario.control.remove("IscsiLunSnapshot", scenario.lunSnapshots(gone)[0] ?? "");
  scenario.control.patch("VmSnapshot", deleting, { entityAsyncStatus: "DELETING" });
  scenario.control.patch("VmSnapshot", untimed, { local_created_at: null });

  expect(await planOf(scenario, `(toSnapshotId: "${last}")`)).toMatchObject({
    since: { name: "good" },
    to: { name: "last" },
  });
  expect(await previousOf(scenario, last)).toBe("good");
  expect(await previousOf(scenario, untimed)).toBeUndefined();
  expect(await planOf(scenario, `(toSnapshotId: "${untimed}")`)).toMatchObject({
    since: null,
    disks: [{ mode: "FULL", reason: "LINEAGE_UNKNOWN" }, {}],
  });
});

test("the newest snapshot is not passed over as a target: it fails until it is usable", async () => {
  const scenario = await startWithoutSnapshots();
  await scenario.snapshot("a");
  const last = await scenario.snapshot("b");
  scenario.control.patch("VmSnapshot", last, { entityAsyncStatus: "CREATING" });

  const query = `query ($id: ID!) { vm(id: $id) { incrementalPlan { ${PLANNED} } } }`;
  const { errors } = await scenario.backup.query(query, { id: scenario.vm });

  expect(errors?.[0]?.extensions?.code).toBe("SNAPSHOT_NOT_READY");
});

test("if it is not known which snapshot is the newest, the plan fails, and neither an older one nor none is taken for it", async () => {
  const scenario = await startWithoutSnapshots();
  const query = `query ($id: ID!, $to: ID) { vm(id: $id) { incrementalPlan(toSnapshotId: $to) { ${PLANNED} } } }`;
  const codeOf = async (to?: string) =>
    (await scenario.backup.query(query, { id: scenario.vm, to })).errors?.[0]?.extensions?.code;
  // A time without a zone could be hours away from what it seems to be.
  for (const local_created_at of [null, "2999-01-01T00:00:00"]) {
    const undated = await scenario.snapshot(`undated-${local_created_at}`);
    scenario.control.patch("VmSnapshot", undated, { local_created_at });
    expect(await codeOf()).toBe("SNAPSHOT_NOT_READY");
    expect(await codeOf(undated)).toBeUndefined();
    await scenario.snapshot(`dated-${local_created_at}`);
    expect(await codeOf()).toBe("SNAPSHOT_NOT_READY");
    scenario.control.remove("VmSnapshot", undated);
    expect(await codeOf()).toBeUndefined();
  }
});

test("plans of many VMs take the calls of one, and a task on one of them is judged as if each were alone", async () => {
  const backup = await startBackup({ simulator: { taskSeconds: 0, vms: 16 } });
  const { control, calls } = backup.simulator;
  const vms = control.rows("Vm", { in_recycle_bin: false, status: "RUNNING" }).slice(0, 6);
  for (const { id, vm } of control.rows("VmSnapshot")) {
    if (vms.some((row) => row.id === (vm as { id: string } | null)?.id)) control.remove("VmSnapshot", id as string);
  }
  for (const name of ["nightly-1", "nightly-2"]) {
    backup.simulator.advance(10 * MINUTE);
    await Promise.all(vms.map(({ id }) => backup.create({ vmId: id as string, name, waitSeconds: 30 })));
  }
  const plans = async (ids: readonly unknown[]) => {
    calls.clear();
    const query = `query ($ids: [ID!]!) { vms(filter: {id: {in: $ids}}) { nodes { id snapshotCount incrementalPlan(namePrefix: "nightly-") { ${PLANNED} } } } }`;
    type Data = { vms: { nodes: { id: string; snapshotCount: number; incrementalPlan: Planned }[] } };
    const { nodes } = (await backup.data<Data>(query, { ids })).vms;
    return { nodes, counts: calls.counts };
  };

  const one = await plans([vms[0]?.id]);
  const all = await plans(vms.map(({ id }) => id));

  expect(all.counts).toEqual(one.counts);
  expect(all.nodes).toHaveLength(6);
  for (const { snapshotCount, incrementalPlan } of all.nodes) {
    expect(snapshotCount).toBe(2);
    expect(incrementalPlan).toMatchObject({ since: { name: "nightly-1" }, to: { name: "nightly-2" } });
    expect(new Set(incrementalPlan.disks.map(({ mode }) => mode))).toEqual(new Set(["INCREMENTAL"]));
  }

  const since = control.rows("VmSnapshot", { name: "nightly-1" })[0] as { local_created_at: string };
  const at = new Date(Date.parse(since.local_created_at) + 5 * MINUTE).toISOString();
  const [touched] = vms;
  control.insert("Task", {
    ...{ status: "SUCCESSED", resource_mutation: "rollbackVm", resource_type: "Vm", resource_id: touched?.id },
    ...{
      local_created_at: at,
      started_at: at,
      finished_at: at,
      cluster: (touched?.cluster as { id: string } | undefined)?.id,
      args: {},
    },
  });
  const judged = (await plans(vms.map(({ id }) => id))).nodes;
  const touchedAt = judged.findIndex(({ id }) => id === `Vm:${touched?.id}`);
  expect(judged[touchedAt]?.incrementalPlan.disks.every(({ reason }) => reason === "LINEAGE_UNKNOWN")).toBe(true);
  expect(judged.some(({ incrementalPlan }) => incrementalPlan.disks.every(({ reason }) => reason === null))).toBe(true);
  for (const node of judged) expect((await plans([node.id])).nodes).toEqual([node]);
});
