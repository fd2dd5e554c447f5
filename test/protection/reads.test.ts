import { expect, test } from "vitest";
import type { Columns } from "../../src/upstream/columns.js";
import { boundedColumns, UNBOUNDED_LISTS } from "../../src/upstream/unbounded-lists.js";
import { endpointOf } from "../../src/upstream/wire/endpoints.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { ago, brief, DAY, executed, HOUR, protections, startProtected } from "./support/vms.js";

interface Measured {
  readonly data: { readonly vms: { readonly nodes: readonly { readonly protection: { readonly state: string } }[] } };
  readonly errors?: readonly object[];
  readonly extensions: {
    readonly upstream: { readonly calls: number; readonly rounds: number };
    readonly cost: { readonly estimated: { readonly calls: number }; readonly spent: { readonly calls: number } };
  };
}

test("a page of 1,000 VMs costs two rounds beyond the VMs, even if most copies are of few VMs", async () => {
  const { gateway, vms } = await startProtected();
  const ids = Array.from({ length: 1000 }, (_, at) => vms.vm(String(at).padStart(4, "0")));
  const [plan, busy] = [vms.backupPlan(), ids[0] as string];
  for (const [at, id] of ids.entries()) vms.snapshot(id, { local_created_at: ago((at % 2 === 0 ? 1 : 9) * DAY) });
  // As many newer copies of one VM as fit into a response.
  for (let n = 0; n < 2000; n += 1) {
    vms.snapshot(busy, { local_created_at: ago(n * 1000) });
    vms.restorePoint(busy, plan, { local_created_at: ago(n * 1000) });
  }
  const query = `{ vms(first: 1000, filter: {cluster: {id: {eq: "Acluster"}}}) { nodes { protection { state } } } }`;
  const response = await gateway.post({ query }, { "x-towerql-cost": "1" });
  const { data, errors, extensions } = (await response.json()) as Measured;

  expect(errors).toBeUndefined();
  const states = data.vms.nodes.map(({ protection }) => protection.state);
  expect(states.filter((state) => state === "PROTECTED")).toHaveLength(500);
  expect(states.filter((state) => state === "STALE")).toHaveLength(500);
  expect(extensions.upstream).toMatchObject({ calls: 1 + 12 + 2, rounds: 3 });
  expect(extensions.cost.estimated.calls).toBeGreaterThanOrEqual(extensions.cost.spent.calls);
});

const LISTS = [
  ["get-vm-snapshots", "UNKNOWN LIST_UNREADABLE NO_COPY NO_PLAN"],
  ["get-backup-restore-points", "UNKNOWN LIST_UNREADABLE NO_COPY NO_PLAN"],
  ["get-replica-vms", "UNKNOWN LIST_UNREADABLE NO_COPY NO_PLAN"],
  ["get-replication-plans-without-executions", "UNKNOWN LIST_UNREADABLE NO_COPY"],
  // No copy is looked for through these.
  ["get-backup-plans-without-executions", "UNPROTECTED NO_COPY LIST_UNREADABLE"],
  ["get-snapshot-plans", "UNPROTECTED NO_COPY LIST_UNREADABLE"],
] as const;

test("a list that is refused makes UNKNOWN what it could have proved, and leaves what others prove", async () => {
  const { gateway, vms } = await startProtected({ env: { UPSTREAM_READ_ATTEMPTS: "1" } });
  const plan = vms.backupPlan();
  vms.vm("nothing");
  vms.snapshot(vms.vm("snapshot"));
  vms.restorePoint(vms.vm("point"), plan);
  const other = { snapshot: "point", point: "snapshot" } as const;
  for (const [operation, expected] of LISTS) {
    for (const status of [403, 503]) {
      const remove = gateway.simulator.faults.add({ operation, effect: { kind: "status", status } });
      const found = await protections(gateway);
      remove();

      const summary = `${operation} ${status}`;
      expect(brief(found.nothing as never), summary).toBe(expected);
      const hit = operation === "get-vm-snapshots" ? "snapshot" : operation.includes("points") ? "point" : undefined;
      for (const name of ["snapshot", "point"] as const) {
        expect(found[name]?.state, `${name}: ${summary}`).toBe(name === hit ? "UNKNOWN" : "PROTECTED");
      }
      if (hit) expect(found[other[hit]]?.reasons.map(({ code }) => code)).toContain("LIST_UNREADABLE");
    }
  }
  // A credential that is not accepted concerns the whole operation.
  gateway.simulator.faults.add({ operation: "get-replica-vms", effect: { kind: "status", status: 401 } });
  const { errors } = await gateway.query(`{ vm(id: "Anothing") { protection { state } } }`);
  expect(errors?.[0]?.extensions).toMatchObject({ code: "UNAUTHENTICATED" });
});

test("if there are too many restore points, the last execution of the plan is used, and a reason says so", async () => {
  const { gateway, vms } = await startProtected({ env: { UPSTREAM_ROWS_PER_CALL: "10" } });
  const done = vms.backupPlan(executed(DAY));
  const hidden = vms.backupPlan(executed(60_000));
  const failed = vms.backupPlan(executed(DAY, "PARTIAL_SUCCESS"));
  const build = (name: string, plan: string) => vms.vm(name, { backup_plans: [plan] });
  const busy = build("busy", done);
  // All newer than the plan's execution, and each of a time that cannot be read: the VM is looked for among them twice.
  for (let n = 0; n < 12; n += 1)
    vms.restorePoint(busy, done, { local_created_at: ago(HOUR + n), entityAsyncStatus: "CREATING" });
  build("old", done);
  build("not part of it", hidden);
  build("in part", failed);

  const found = await protections(gateway);

  const briefs = Object.fromEntries(Object.entries(found).map(([name, protection]) => [name, brief(protection)]));
  expect(briefs).toEqual({
    busy: "PROTECTED RECENT_COPY LIST_TOO_LONG",
    old: "PROTECTED RECENT_COPY LIST_TOO_LONG",
    "not part of it": "UNKNOWN LIST_TOO_LONG NO_COPY",
    "in part": "UNKNOWN LIST_TOO_LONG NO_COPY PLAN_FAILED",
  });
  expect(found.old?.newestCopyKind).toBe("PLAN_EXECUTION");
  expect(found.old?.reasons.map(({ message }) => message).join()).toMatch(/the execution of the plan .* is used/);
  expect(gateway.simulator.calls.count("get-backup-restore-points")).toBe(2);

  // The same of snapshots, which no plan's row stands in for.
  for (let n = 0; n < 12; n += 1) vms.snapshot(busy, { entityAsyncStatus: "CREATING" });
  expect((await protections(gateway, "(olderThanSeconds: 60)")).old?.state).toBe("UNKNOWN");
});

test.each([
  ["4.8.0", "get-backup-plans-without-executions", true],
  ["4.6.0", "get-backup-plans", true],
  ["4.3.0", undefined, false],
  ["2.7.0", undefined, false],
] as const)("CloudTower %s is asked for what it has", async (apiVersion, plans, hasBackups) => {
  const { gateway, vms } = await startProtected({ simulator: { apiVersion } });
  vms.vm("nothing");
  const vm = vms.vm("copied");
  if (hasBackups) vms.restorePoint(vm, vms.backupPlan({ backup_plan_executions: [{ id: "execution" }] }));
  else vms.snapshot(vm);

  const found = await protections(gateway);

  expect(Object.fromEntries(Object.entries(found).map(([name, { state }]) => [name, state]))).toEqual({
    nothing: "UNPROTECTED",
    copied: "PROTECTED",
  });
  const called = gateway.simulator.calls.all.map(({ endpoint }) => endpoint);
  expect(called.find((endpoint) => endpoint.startsWith("get-backup-plans"))).toBe(plans);
  expect(called.includes("get-replica-vms")).toBe(hasBackups);

  const lists = "backupPlans { nodes { name } totalCount } replicaVms { nodes { id } totalCount }";
  const empty = { nodes: [], totalCount: 0 };
  const none = { backupPlan: null, ...(!hasBackups && { backupPlans: empty, replicaVms: empty }) };
  expect(await gateway.data(`{ backupPlan(id: "none") { name } ${lists} }`)).toMatchObject(none);
  const filtered = `{ backupPlans(filter: {name: {eq: "none"}}, orderBy: {field: NAME}) { nodes { name } } node(id: "BackupPlan:x") { id } }`;
  expect(await gateway.data(filtered)).toEqual({ backupPlans: { nodes: [] }, node: null });
});

test("a list that nobody knows to be in a version, and that CloudTower does not find, is empty", async () => {
  const { gateway } = await startProtected({ simulator: { apiVersion: "4.5.0" } });

  expect(await gateway.data("{ backupPlans { nodes { name } totalCount } }")).toEqual({
    backupPlans: { nodes: [], totalCount: 0 },
  });
  expect(gateway.simulator.calls.count("get-backup-plans")).toBe(1);
});

test("no reader gets what rows carry inline without bounds", () => {
  for (const [entity, lists] of Object.entries(UNBOUNDED_LISTS)) {
    const columns = boundedColumns(endpointOf(entity as Entity)) as Columns;
    const inline = Object.fromEntries(lists.map((name) => [name, [{ id: "1" }]]));
    const [row] = columns.pick([{ id: "a", entityAsyncStatus: "UPDATING", ...inline }]) as Record<string, unknown>[];
    expect(row?.id).toBe("a");
    for (const name of lists) expect(row?.[name], `${entity}.${name}`).toBeUndefined();
  }
});
