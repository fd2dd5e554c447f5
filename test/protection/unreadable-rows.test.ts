import { expect, test } from "vitest";
import type { TestGateway } from "../support/gateway.js";
import { ago, brief, DAY, executed, HOUR, type ProtectedVms, protections, startProtected } from "./support/vms.js";

/** VMs with copies as their names say; the first row of each list is the only recent copy of a VM. */
function build(vms: ProtectedVms): void {
  const plan = vms.backupPlan();
  const names = ["lost snapshot", "lost point", "lost replica", "old"];
  for (const name of names) vms.snapshot(vms.vm(name), { local_created_at: ago(9 * DAY) });
  vms.snapshot("Alost snapshot");
  vms.restorePoint("Alost point", plan);
  vms.replica("Alost replica", vms.replicationPlan(["Alost replica"]));
  vms.restorePoint("Aold", plan, { local_created_at: ago(9 * DAY) });
  vms.replica("Aold", vms.replicationPlan(["Aold"], executed(9 * DAY)));
  vms.vm("bare");
  const recent = vms.vm("recent");
  vms.snapshot(recent, { local_created_at: ago(2 * HOUR) });
  vms.restorePoint(recent, plan, { local_created_at: ago(2 * HOUR) });
}

async function states(gateway: TestGateway): Promise<Record<string, string>> {
  const found = Object.entries(await protections(gateway));
  return Object.fromEntries(found.map(([name, { state }]) => [name, state]));
}

const READABLE = {
  ...{ "lost snapshot": "PROTECTED", "lost point": "PROTECTED", "lost replica": "PROTECTED" },
  ...{ old: "STALE", bare: "UNPROTECTED", recent: "PROTECTED" },
};

/** Lists that copies are looked for in, with the column that names VMs and the VM whose copy is the first row. */
const LISTS = [
  ["get-vm-snapshots", "vm", "lost snapshot"],
  ["get-backup-restore-points", "vm", "lost point"],
  ["get-replica-vms", "origin_vm", "lost replica"],
  ["get-replication-plans-without-executions", "vms", "lost replica"],
] as const;

const ODD_ROW = { id: "x", local_created_at: ago(0) };
const ODD_STUBS = [null, {}, { id: 7 }, { id: "" }];

test("a row that names no VM is a doubt for each VM that it may be a copy of, and for none with a recent copy", async () => {
  const { gateway, vms } = await startProtected({ spoilsAnswers: true });
  build(vms);
  expect(await states(gateway)).toEqual(READABLE);

  for (const [operation, column, lost] of LISTS) {
    const stubs = ODD_STUBS.map((stub) => ({ ...ODD_ROW, [column]: column === "vms" ? [stub] : stub }));
    for (const row of [null, 7, "x", [], {}, ODD_ROW, ...stubs]) {
      const remove = gateway.simulator.faults.add({ operation, effect: { kind: "odd-row", row } });
      const found = await protections(gateway);
      remove();

      const summary = `${operation} ${JSON.stringify(row)}`;
      for (const [name, protection] of Object.entries(found)) {
        const isKnown = READABLE[name as keyof typeof READABLE] === "PROTECTED" && name !== lost;
        expect(protection.state, `${name}: ${summary}`).toBe(isKnown ? "PROTECTED" : "UNKNOWN");
        expect(brief(protection), `${name}: ${summary}`).toContain("LIST_UNREADABLE");
      }
    }
  }
  expect(await states(gateway)).toEqual(READABLE);

  // Copies are not looked for in these: what is not known is only whether the VM is in a plan.
  vms.vm("planned", { backup_plans: [vms.backupPlan()], snapshot_plan: vms.snapshotPlan() });
  for (const operation of ["get-backup-plans-without-executions", "get-snapshot-plans"]) {
    const remove = gateway.simulator.faults.add({ operation, effect: { kind: "odd-row", row: null } });
    const { old } = await protections(gateway);
    remove();
    expect(brief(old as never), operation).toBe("STALE OLD_COPY LIST_UNREADABLE");
  }
});

test("a row that names no VM concerns the VMs of its own call alone", async () => {
  const { gateway, vms } = await startProtected({ spoilsAnswers: true, env: { UPSTREAM_IDS_PER_CALL: "1" } });
  for (const name of ["a", "b"]) vms.snapshot(vms.vm(name), { local_created_at: ago(9 * DAY) });
  for (const operation of ["get-vm-snapshots", "get-replica-vms"]) {
    if (operation === "get-replica-vms") for (const vm of ["Aa", "Ab"]) vms.replica(vm, null, { state: "NOT_READY" });
    const match = (body: unknown) => JSON.stringify(body).includes('"Aa"');
    const remove = gateway.simulator.faults.add({ operation, match, effect: { kind: "odd-row", row: null } });
    const found = await gateway.data("{ vms(first: 2, orderBy: {field: NAME}) { nodes { protection { state } } } }");
    expect(found, operation).toEqual({
      vms: { nodes: [{ protection: { state: "UNKNOWN" } }, { protection: { state: "STALE" } }] },
    });
    remove();
  }
});

test("each snapshot that the VM's row names must be listed, if the list was read to its end", async () => {
  const { gateway, vms } = await startProtected({ spoilsAnswers: true, env: { UPSTREAM_ROWS_PER_CALL: "10" } });
  const [vm, other] = [vms.vm("v"), vms.vm("other")];
  const old = vms.snapshot(vm, { local_created_at: ago(9 * DAY) });
  vms.snapshot(vm);
  vms.snapshot(other, { local_created_at: ago(9 * DAY) });
  const row = (id: string, of: string) => ({ id, name: "s", vm: { id: of, name: of }, local_created_at: ago(9 * DAY) });
  // In place of the newest: a row of another VM, the older one again, and one that the VM's row does not name.
  for (const spoiled of [row("x", other), row(old, vm), row("x", vm), row("x", "Aelsewhere")]) {
    const effect = { kind: "odd-row", row: spoiled } as const;
    const remove = gateway.simulator.faults.add({ operation: "get-vm-snapshots", effect });
    const found = await protections(gateway);
    remove();
    expect(brief(found.v as never), JSON.stringify(spoiled)).toBe("UNKNOWN ROWS_MISSING OLD_COPY NO_PLAN");
    expect(found.v?.reasons[0]?.message).toBe("CloudTower names 2 snapshots of the VM, but does not list 1 of them.");
    expect(brief(found.other as never)).toBe("STALE OLD_COPY NO_PLAN");
  }
  expect(await states(gateway)).toEqual({ v: "PROTECTED", other: "STALE" });

  // More rows than are read, newest first: those beyond are older.
  for (let n = 0; n < 12; n += 1) vms.snapshot(other, { local_created_at: ago(2 * DAY + n) });
  const found = await protections(gateway);
  expect(brief(found.other as never)).toBe("STALE OLD_COPY NO_PLAN");
});

test("references of a VM's row that are odd concern that VM alone", async () => {
  const { gateway, vms } = await startProtected({ spoilsAnswers: true });
  vms.vm("a");
  vms.snapshot(vms.vm("b"), { local_created_at: ago(9 * DAY) });
  const row = { id: "Aa", name: "a", local_created_at: ago(9 * DAY), in_recycle_bin: false };
  const odd: [column: string, value: unknown, expected: string][] = [
    ...[[null], [7], [{}], [{ id: 7 }], 7, "x", {}].map(
      (value) => ["backup_plans", value, "UNKNOWN PLAN_UNREADABLE NO_COPY"] as [string, unknown, string],
    ),
    ...[7, "x", {}, { id: 7 }, []].map(
      (value) => ["snapshot_plan", value, "UNPROTECTED NO_COPY PLAN_UNREADABLE"] as [string, unknown, string],
    ),
    ...[[null], [7], [{}], 7, "x", {}].map(
      (value) => ["snapshots", value, "UNKNOWN ROWS_MISSING NO_COPY NO_PLAN"] as [string, unknown, string],
    ),
  ];
  for (const [column, value, expected] of odd) {
    const effect = { kind: "odd-row", row: { ...row, [column]: value } } as const;
    const match = (body: unknown) => JSON.stringify(body).includes("Acluster");
    const remove = gateway.simulator.faults.add({ operation: "get-vms", match, effect });
    const query = `{ vms(first: 10, orderBy: {field: NAME}, filter: {cluster: {id: {eq: "Acluster"}}}) { nodes {
      name protection { state reasons { code message } newestCopyKind } } } }`;
    const { data, errors } = await gateway.query(query);
    remove();
    const found = Object.fromEntries(
      ((data as unknown as { vms: { nodes: { name: string; protection: never }[] } })?.vms.nodes ?? []).map((one) => [
        one.name,
        one.protection && brief(one.protection),
      ]),
    );
    const what = `${column} ${JSON.stringify(value)} ${JSON.stringify(errors)}`;
    expect(found, what).toEqual({ a: expected, b: "STALE OLD_COPY NO_PLAN" });
  }
});
