import { expect, test } from "vitest";
import { Scenario } from "./support/plan.js";

test("is incremental for disks with the same volume and LUN, with base and target ZBS ids", async () => {
  const scenario = await Scenario.start();
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];

  const { disks, removedDisks } = await scenario.plan(since, to);

  const zbs = (id: string) =>
    scenario.lunSnapshots(id).map((lun) => scenario.backup.simulator.control.row("IscsiLunSnapshot", lun)?.local_id);
  expect(disks).toMatchObject(
    [0, 1].map((index) => ({
      mode: "INCREMENTAL",
      reason: null,
      baseZbsId: zbs(since)[index],
      targetZbsId: zbs(to)[index],
    })),
  );
  expect(removedDisks).toEqual([]);
});

test("is full for a new disk, a resized one and one whose volume was replaced, and lists removed disks", async () => {
  const scenario = await Scenario.start("legacy-billing");
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  scenario.change(to, 0, { size: 1 });
  scenario.change(to, 1, { vm_volume_local_id: "another-volume" });
  scenario.change(to, 2, { vm_volume_local_id: "new-volume", key: 77 });

  const { disks, removedDisks } = await scenario.plan(since, to);

  expect(disks.map(({ mode, reason, baseZbsId }) => [mode, reason, baseZbsId])).toEqual([
    ["FULL", "RESIZED", null],
    ["FULL", "VOLUME_REPLACED", null],
    ["FULL", "NEW_DISK", null],
  ]);
  expect(removedDisks).toHaveLength(1);
});

test("is never incremental if the base is gone", async () => {
  const scenario = await Scenario.start();
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  const [first = ""] = scenario.lunSnapshots(since);
  scenario.backup.simulator.control.remove("IscsiLunSnapshot", first);
  expect((await scenario.plan(since, to)).disks.map(({ reason }) => reason)).toEqual(["BASE_MISSING", null]);

  scenario.backup.simulator.control.patch("VmSnapshot", since, { entityAsyncStatus: "DELETING" });
  expect((await scenario.plan(since, to)).disks.map(({ reason }) => reason)).toEqual(["BASE_MISSING", "BASE_MISSING"]);
});

test("is full if the lineage is in doubt: a lost LUN, or a rollback between the snapshots", async () => {
  const scenario = await Scenario.start();
  const [oldest, since] = [await scenario.snapshot("oldest"), await scenario.snapshot("a")];
  await scenario.rollBack(scenario.vm, oldest);
  const to = await scenario.snapshot("b");
  const later = await scenario.snapshot("c");

  expect((await scenario.plan(since, to)).disks.map(({ reason }) => reason)).toEqual([
    "LINEAGE_UNKNOWN",
    "LINEAGE_UNKNOWN",
  ]);
  expect((await scenario.plan(to, later)).disks.map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);

  const [first = ""] = scenario.lunSnapshots(later);
  scenario.backup.simulator.control.patch("IscsiLunSnapshot", first, { iscsi_lun: null });
  expect((await scenario.plan(to, later)).disks.map(({ reason }) => reason)).toEqual(["LINEAGE_UNKNOWN", null]);
});

test("requires both snapshots to be of the VM and in order, and the later one to be usable", async () => {
  const scenario = await Scenario.start();
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  expect(await scenario.refusal(to, since)).toBe("BAD_USER_INPUT");
  expect(await scenario.refusal(since, since)).toBe("BAD_USER_INPUT");
  expect(await scenario.refusal(since, "cl0000000000000000000none")).toBe("NOT_FOUND");
  expect(await scenario.refusal(since, to, scenario.backup.vmId("appliance"))).toBe("BAD_USER_INPUT");
  for (const id of scenario.lunSnapshots(to)) scenario.backup.simulator.control.remove("IscsiLunSnapshot", id);
  expect(await scenario.refusal(since, to)).toBe("SNAPSHOT_NOT_READY");
});

/** Changes of the first disk of web-prod-01 that break the chain, and the reason of the disk in the plan. */
const breaks: [string, string, (scenario: Scenario, since: string, to: string) => void][] = [
  ["another storage policy", "LINEAGE_UNKNOWN", (s, _, to) => s.change(to, 0, { storage_policy_uuid: "other" })],
  ["no volume in the later snapshot", "LINEAGE_UNKNOWN", (s, _, to) => s.change(to, 0, { vm_volume_local_id: "" })],
  [
    "no volume in the earlier snapshot",
    "LINEAGE_UNKNOWN",
    (s, since) => s.change(since, 0, { vm_volume_local_id: "" }),
  ],
  ["no size", "RESIZED", (s, since) => s.change(since, 0, { size: null })],
  ["no LUN snapshot named", "BASE_MISSING", (s, since) => s.change(since, 0, { snapshot_local_id: "" })],
  ["the volume is gone", "LINEAGE_UNKNOWN", (s, _, to) => s.control.remove("VmVolume", String(s.volumes(to)[0]?.id))],
  [
    "the volume has another LUN",
    "LINEAGE_UNKNOWN",
    (s, _, to) => s.control.patch("VmVolume", String(s.volumes(to)[0]?.id), { lun: s.control.insert("IscsiLun", {}) }),
  ],
  [
    "the LUN's row is of a later LUN",
    "LINEAGE_UNKNOWN",
    (s, _, to) => {
      const id = idOf(s.volumes(to)[0]?.lun);
      s.control.patch("IscsiLun", id, { local_created_at: "2126-01-01T00:00:00Z" });
    },
  ],
  [
    "the LUN snapshot is being deleted",
    "BASE_MISSING",
    (s, since) => patchData(s, since, { entityAsyncStatus: "DELETING" }),
  ],
  ["no ZBS id yet", "BASE_MISSING", (s, since) => patchData(s, since, { local_id: "placeholder-1" })],
  ["no ZBS id", "BASE_MISSING", (s, since) => patchData(s, since, { local_id: "" })],
  [
    "the volume snapshot names another ZBS volume",
    "LINEAGE_UNKNOWN",
    (s, since) => patchData(s, since, { local_id: "another-volume" }),
  ],
  [
    "the LUN snapshot was made again under its name",
    "LINEAGE_UNKNOWN",
    (s, since, to) => {
      const later = Date.parse(String(s.control.row("VmSnapshot", to)?.local_created_at)) + 1;
      patchData(s, since, { local_created_at: new Date(later).toISOString() });
    },
  ],
  [
    "two LUN snapshots have the name",
    "LINEAGE_UNKNOWN",
    (s, since) => {
      const { name, iscsi_lun, iscsi_target } = s.control.row("IscsiLunSnapshot", s.lunSnapshots(since)[0] ?? "") ?? {};
      const ids = { iscsi_lun: idOf(iscsi_lun), iscsi_target: idOf(iscsi_target) };
      s.control.insert("IscsiLunSnapshot", { name, local_id: "twin", ...ids });
    },
  ],
];

test.each(breaks)("is full for one disk, with an explanation, because of %s", async (_, reason, change) => {
  const scenario = await Scenario.start("web-prod-01", { spoilsAnswers: true });
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  change(scenario, since, to);
  expect(await scenario.reasons(since, to)).toEqual([reason, null]);
});

test.each([
  ["its disks are not known", { vm_disks: null }, "BASE_MISSING"],
  ["a disk is not known", { vm_disks: [null] }, "BASE_MISSING"],
  ["it is still being created", { entityAsyncStatus: "CREATING" }, "BASE_MISSING"],
])("is full for all disks if the earlier snapshot is not usable: %s", async (_, changes, reason) => {
  const scenario = await Scenario.start("web-prod-01", { spoilsAnswers: true });
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  scenario.control.patch("VmSnapshot", since, changes);
  expect(await scenario.reasons(since, to)).toEqual([reason, reason]);
});

test("is full for all disks if the earlier snapshot is in another cluster", async () => {
  const scenario = await Scenario.start();
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  scenario.control.patch("VmSnapshot", since, { cluster: scenario.control.rows("Cluster").at(-1)?.id });
  expect((await scenario.plan(since, to)).disks.map(({ mode }) => mode)).toEqual(["FULL", "FULL"]);
});

test("refuses a later snapshot whose ZBS volume is a placeholder", async () => {
  const scenario = await Scenario.start();
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  patchData(scenario, to, { local_id: "placeholder-1" });
  expect(await scenario.refusal(since, to)).toBe("SNAPSHOT_NOT_READY");
});

test("costs one call for tasks if there are none to judge, however many harmless ones ran", async () => {
  const scenario = await Scenario.start("legacy-billing");
  const [since, to] = [await scenario.snapshot("a"), await scenario.snapshot("b")];
  for (let count = 0; count < 50; count++) {
    scenario.task({ resource_mutation: "startVm", resource_id: scenario.vm }, since);
  }
  const { calls } = scenario.backup.simulator;
  calls.clear();
  expect(await scenario.reasons(since, to)).toEqual([null, null, null]);
  expect(calls.count("get-tasks-connection")).toBe(1);
  // The tasks that created the two snapshots.
  expect(calls.count("get-tasks")).toBe(2);
});

/** Changes the LUN snapshot with the data of a snapshot's first disk. */
function patchData(scenario: Scenario, snapshotId: string, changes: Record<string, unknown>): void {
  scenario.control.patch("IscsiLunSnapshot", scenario.lunSnapshots(snapshotId)[0] ?? "", changes);
}

function idOf(stub: unknown): string {
  return String((stub as { id: string } | undefined)?.id);
}
