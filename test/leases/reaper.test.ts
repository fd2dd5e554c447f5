import { expect, test, vi } from "vitest";
import { Reaper } from "../../src/flows/reaper/reaper.js";
import { EXPIRES_KEY, labelText, OWNER_KEY } from "../../src/resources/vm-snapshot/lease-labels.js";
import { HOUR_MS } from "./support/leases.js";
import { type Reaping, startReaping } from "./support/reaping.js";

/** Each breaks one rule of a snapshot that would be deleted otherwise. */
const BREACHES: readonly (readonly [string, (reaping: Reaping) => void])[] = [
  [
    "its name does not begin with the prefix",
    ({ simulator, victim }) => simulator.control.patch("VmSnapshot", victim, { name: "Daily-1" }),
  ],
  ["its lease was renewed", ({ setLease, victim }) => setLease(victim, { owners: ["nightly"], expiresMs: HOUR_MS })],
  [
    "a second label says that it has not expired",
    ({ simulator, label, victim }) => {
      const labels = [
        label(OWNER_KEY, "nightly"),
        ...[-30, 1].map((hours) => label(EXPIRES_KEY, labelText(Date.now() + hours * HOUR_MS))),
      ];
      simulator.control.patch("VmSnapshot", victim, { labels });
    },
  ],
  [
    "a label of its expiry is malformed",
    ({ simulator, label, victim }) => {
      const labels = [
        label(OWNER_KEY, "nightly"),
        ...["2020-01-01T00:00Z", "0"].map((value) => label(EXPIRES_KEY, value)),
      ];
      simulator.control.patch("VmSnapshot", victim, { labels });
    },
  ],
  [
    "it was renewed and has expired again since the first look",
    ({ setLease, victim }) => setLease(victim, { owners: ["nightly"], expiresMs: -2 * HOUR_MS }),
  ],
  ["no label names an owner", ({ setLease, victim }) => setLease(victim, { expiresMs: -30 * HOUR_MS })],
  [
    "two labels name owners",
    ({ setLease, victim }) => setLease(victim, { owners: ["nightly", "weekly"], expiresMs: -30 * HOUR_MS }),
  ],
  [
    "the newer snapshot is not usable",
    ({ simulator, newer }) => simulator.control.patch("VmSnapshot", newer, { vm_disks: null }),
  ],
  [
    "the newer snapshot is being deleted",
    ({ simulator, newer }) => simulator.control.patch("VmSnapshot", newer, { entityAsyncStatus: "DELETING" }),
  ],
  [
    "the newer snapshot has another owner",
    ({ setLease, newer }) => setLease(newer, { owners: ["other"], expiresMs: -30 * HOUR_MS }),
  ],
  [
    "the row of the newer snapshot cannot be evaluated",
    ({ simulator, newer }) =>
      simulator.control.patch("VmSnapshot", newer, { vm_disks: [7, { vm_volume_local_id: 3 }] }),
  ],
  [
    "the newer snapshot has lost its data",
    ({ simulator, newer }) => {
      const row = simulator.control.row("VmSnapshot", newer) as { vm_disks: { snapshot_local_id: string }[] };
      const names = row.vm_disks.map(({ snapshot_local_id }) => snapshot_local_id).filter(Boolean);
      for (const { id } of simulator.control.rows("IscsiLunSnapshot", { name_in: names })) {
        simulator.control.patch("IscsiLunSnapshot", String(id), { name: `gone-${id}` });
      }
    },
  ],
  [
    "both were taken at the same time",
    ({ simulator, victim, newer }) => {
      const { local_created_at } = simulator.control.row("VmSnapshot", newer) as { local_created_at: string };
      simulator.control.patch("VmSnapshot", victim, { local_created_at });
    },
  ],
  [
    "it is not known when it was taken",
    ({ simulator, victim }) => simulator.control.patch("VmSnapshot", victim, { local_created_at: null }),
  ],
  ["its VM is gone", ({ simulator, victim }) => simulator.control.patch("VmSnapshot", victim, { vm: null })],
  [
    "a plan took it",
    ({ simulator, victim }) => simulator.control.patch("VmSnapshot", victim, { snapshot_group: "group" }),
  ],
  [
    "it is being changed",
    ({ simulator, victim }) => simulator.control.patch("VmSnapshot", victim, { entityAsyncStatus: "UPDATING" }),
  ],
  [
    "its VM is being changed",
    ({ simulator, vm }) => simulator.control.patch("Vm", vm, { entityAsyncStatus: "UPDATING" }),
  ],
  [
    "a task that has not ended acts on it",
    ({ simulator, victim }) => addTask(simulator, { resource_id: victim, status: "PENDING" }),
  ],
  [
    "a paused task names it",
    ({ simulator, victim }) =>
      addTask(simulator, { args: { data: [JSON.stringify({ snapshot: victim })] }, status: "PAUSED" }),
  ],
  [
    "its time has no zone",
    ({ simulator, victim }) =>
      simulator.control.patch("VmSnapshot", victim, { local_created_at: "2020-01-01T00:00:00" }),
  ],
  [
    "the list of tasks is cut before the one that acts on it",
    ({ simulator, victim }) => {
      addTask(simulator, { resource_id: "another", status: "EXECUTING" });
      addTask(simulator, { resource_id: victim, status: "EXECUTING" });
      simulator.control.setQuirks({ maxTaskRows: 1 });
    },
  ],
  [
    "a task acts on it whose status says nothing, and which has no end",
    ({ simulator, victim }) => addTask(simulator, { resource_id: victim, status: "CANCELLING", finished_at: null }),
  ],
  [
    "a task without a status acts on it",
    ({ simulator, victim }) => addTask(simulator, { resource_id: victim, status: null, finished_at: null }),
  ],
  [
    "a task names it in its snapshot column",
    ({ simulator, victim }) =>
      addTask(simulator, { snapshot: `{"typename":"VmSnapshot","id":"${victim}"}`, status: "EXECUTING" }),
  ],
  [
    "a key of a task's arguments names it",
    ({ simulator, victim }) => addTask(simulator, { args: { [victim]: true }, status: "EXECUTING" }),
  ],
  [
    "a task's description names it",
    ({ simulator, victim }) => addTask(simulator, { description: `copy of ${victim}`, status: "EXECUTING" }),
  ],
  ["a task acts on its VM", ({ simulator, vm }) => addTask(simulator, { resource_id: vm, status: "EXECUTING" })],
];

function addTask({ control }: Reaping["simulator"], values: Record<string, unknown>): void {
  control.insert("Task", { description: "backup", local_created_at: new Date().toISOString(), steps: [], ...values });
}

/** Puts the rows back as they were, except for tasks, which end. */
function keepState({ simulator: { control }, victim, newer, vm }: Reaping): () => void {
  const entities = [
    ["VmSnapshot", victim],
    ["VmSnapshot", newer],
    ["Vm", vm],
  ] as const;
  const columns = ["name", "vm_disks", "entityAsyncStatus", "local_created_at", "snapshot_group"];
  const rows = entities.map(
    ([entity, id]) => [entity, id, control.row(entity, id) as Record<string, unknown>] as const,
  );
  const names = control.rows("IscsiLunSnapshot").map(({ id, name }) => [String(id), name] as const);
  return () => {
    for (const [entity, id, row] of rows) {
      const values = Object.fromEntries(
        columns.flatMap((name) =>
          name in row && !(entity === "Vm" && name === "vm_disks") ? [[name, row[name]]] : [],
        ),
      );
      control.patch(entity, id, entity === "VmSnapshot" ? { ...values, vm } : values);
    }
    for (const [id, name] of names) control.patch("IscsiLunSnapshot", id, { name });
    control.setQuirks({ maxTaskRows: Number.POSITIVE_INFINITY });
    for (const { id, status } of control.rows("Task")) {
      if (status !== "SUCCESSED" && status !== "FAILED") control.patch("Task", String(id), { status: "SUCCESSED" });
    }
  };
}

test("a snapshot that breaks any one of the rules survives, and is deleted once it meets them all", async () => {
  const reaping = await startReaping("delete");
  const { simulator, victim, newer } = reaping;
  for (const { id } of simulator.control.rows("Task", { status_in: ["PENDING", "PAUSED", "EXECUTING"] })) {
    simulator.control.patch("Task", String(id), { status: "SUCCESSED" });
  }
  for (const [breach, break_] of BREACHES) {
    const restore = keepState(reaping);
    reaping.expireBoth();
    await reaping.round();
    reaping.pass(25);
    break_(reaping);
    await reaping.round();
    expect(reaping.exists(victim), breach).toBe(true);
    expect(simulator.calls.count("delete-vm-snapshot"), breach).toBe(0);
    restore();
  }
  expect(reaping.audit()).toEqual([]);
  reaping.expireBoth();
  await reaping.round();
  reaping.pass(23.9);
  await reaping.round();
  expect(reaping.exists(victim)).toBe(true);
  reaping.pass(0.2);
  await reaping.round();
  expect([victim, newer].map(reaping.exists)).toEqual([false, true]);
  expect(reaping.audit()).toMatchObject([
    { action: "deleted", snapshotId: victim, name: expect.any(String), owner: "nightly", taskId: expect.any(String) },
  ]);
  // The base stays, however long.
  reaping.pass(1000);
  await reaping.round();
  expect(reaping.exists(newer)).toBe(true);
  expect(simulator.calls.count("delete-vm-snapshot")).toBe(1);
});

test("what changes between the look and the deletion keeps a snapshot", async () => {
  const reaping = await startReaping("delete");
  const { simulator, victim, setLease } = reaping;
  reaping.expireBoth();
  await reaping.round();
  reaping.pass(25);
  const changes = [
    () => setLease(victim, { owners: ["nightly"], expiresMs: HOUR_MS }),
    () => addTask(simulator, { resource_id: victim, status: "EXECUTING" }),
  ];
  for (const [index, change] of changes.entries()) {
    if (index > 0) reaping.expireBoth();
    if (index > 0) await reaping.round();
    if (index > 0) reaping.pass(25);
    simulator.faults.add({
      operation: "get-tasks",
      times: 1,
      // The deletion's own look, after the round has chosen the snapshot.
      match: (body) => {
        const { where } = body as { where?: { resource_id_in?: string[] } };
        if (!where?.resource_id_in?.includes(victim)) return false;
        change();
        return true;
      },
    });
    await reaping.round();
    expect(reaping.audit().at(-1)).toMatchObject({ action: "kept", snapshotId: victim, codes: ["SNAPSHOT_KEPT"] });
    expect(reaping.exists(victim)).toBe(true);
  }
  expect(simulator.calls.count("delete-vm-snapshot")).toBe(0);
});

test("while CloudTower cannot be read nothing is deleted, and clocks that go wrong do no harm", async () => {
  const reaping = await startReaping("delete", { UPSTREAM_READ_ATTEMPTS: "1" });
  const { simulator, victim, newer, setLease } = reaping;
  reaping.expireBoth();
  await reaping.round();
  reaping.pass(25);
  for (const operation of ["get-vm-snapshots", "get-tasks", "get-vms", "get-iscsi-lun-snapshots"]) {
    for (const status of [500, 403]) {
      simulator.faults.add({ operation, effect: { kind: "status", status } });
      await reaping.round();
      simulator.faults.clear();
    }
  }
  expect(reaping.exists(victim)).toBe(true);
  expect(reaping.warnings().filter((line) => /reaper/.test(line))).toHaveLength(1);

  // CloudTower's clock, and the cluster's, are not asked whether a lease has expired.
  for (const id of [victim, newer]) setLease(id, { owners: ["nightly"], expiresMs: HOUR_MS });
  simulator.control.setQuirks({ clusterClockMs: 9000 * HOUR_MS });
  simulator.advance(9000 * HOUR_MS);
  await reaping.round();
  reaping.pass(25);
  await reaping.round();
  // The machine's own clock was wrong for a moment.
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 100 * HOUR_MS);
  await reaping.round();
  clock.mockRestore();
  reaping.pass(25);
  await reaping.round();
  expect(reaping.exists(victim)).toBe(true);
  expect(simulator.calls.count("delete-vm-snapshot")).toBe(0);
});

test("report says once what would be deleted and deletes nothing, and a lost response to a deletion is not hidden", async () => {
  const report = await startReaping("report");
  report.expireBoth();
  await report.round();
  report.pass(25);
  await report.round();
  await report.round();
  expect(report.audit()).toMatchObject([{ action: "would delete", snapshotId: report.victim }]);
  expect(report.simulator.calls.count("delete-vm-snapshot")).toBe(0);

  const reaping = await startReaping("delete");
  reaping.expireBoth();
  await reaping.round();
  reaping.pass(25);
  reaping.simulator.faults.add({ operation: "delete-vm-snapshot", times: 1, effect: { kind: "reset" } });
  await reaping.round();
  expect(reaping.audit()).toMatchObject([{ action: "unknown", codes: ["WRITE_OUTCOME_UNKNOWN"] }]);
  await reaping.round();
  expect(reaping.simulator.calls.count("delete-vm-snapshot")).toBe(1);
});

test("a replica reaps only while it has the turn to, and then keeps it", async () => {
  let free = false;
  let released = 0;
  const countRelease = () => {
    released += 1;
  };
  const opened: string[] = [];
  const reaper = new Reaper({
    mode: "report",
    leases: {
      take: async () => (free ? { isSafe: true, release: () => countRelease() } : undefined),
      isHeld: async () => !free,
    },
    open: () => {
      opened.push("session");
      throw new Error("CloudTower is away");
    },
    observer: { reaped() {}, failed() {} },
  } as never);
  await reaper.round();
  expect(opened).toEqual([]);
  free = true;
  await reaper.round();
  free = false;
  await reaper.round();
  expect(opened).toHaveLength(2);
  await reaper.stop();
  expect(released).toBe(1);
});
