import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";

const PLAN = `query($vm: ID!, $since: ID!, $to: ID!) { vm(id: $vm) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) {
  since { name } to { name }
  disks { mode reason baseZbsId targetZbsId disk { index sizeBytes lunSnapshot { name } } } removedDisks { index } } } }`;

interface Plan {
  readonly disks: readonly { mode: string; reason: string | null; baseZbsId: string | null; targetZbsId: string }[];
  readonly removedDisks: readonly { index: number }[];
}

class Scenario {
  constructor(
    readonly backup: Backup,
    readonly vm: string,
  ) {}

  static async start(vmName = "web-prod-01"): Promise<Scenario> {
    const backup = await startBackup({ simulator: { taskSeconds: 0 } });
    return new Scenario(backup, backup.vmId(vmName));
  }

  async snapshot(name: string): Promise<string> {
    this.backup.simulator.advance(60_000);
    const creation = await this.backup.create({ vmId: this.vm, name, waitSeconds: 30 });
    expect(creation).toMatchObject({ ready: true, errors: [] });
    return creation.snapshot?.cloudTowerId ?? "";
  }

  async plan(since: string, to: string): Promise<Plan> {
    const data = await this.backup.data<{ vm: { incrementalPlan: Plan } }>(PLAN, { vm: this.vm, since, to });
    return data.vm.incrementalPlan;
  }

  async refusal(since: string, to: string, vm = this.vm): Promise<unknown> {
    const { errors } = await this.backup.query(PLAN, { vm, since, to });
    return errors?.[0]?.extensions?.code;
  }

  /** Changes a frozen data disk of a snapshot in the simulator. `position` counts data disks only. */
  change(snapshotId: string, position: number, changes: object): void {
    const { control } = this.backup.simulator;
    const disks = control.row("VmSnapshot", snapshotId)?.vm_disks as { type: string }[];
    let data = -1;
    const changed = disks.map((disk) => {
      if (disk.type === "DISK") data += 1;
      return disk.type === "DISK" && data === position ? { ...disk, ...changes } : disk;
    });
    control.patch("VmSnapshot", snapshotId, { vm_disks: changed });
  }

  lunSnapshots(snapshotId: string): string[] {
    const { control } = this.backup.simulator;
    const disks = control.row("VmSnapshot", snapshotId)?.vm_disks as { snapshot_local_id: string }[];
    const names = disks.map(({ snapshot_local_id: name }) => name).filter((name) => name);
    return names.map((name) => String(control.rows("IscsiLunSnapshot", { name })[0]?.id));
  }
}

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
  await scenario.backup.data(
    "mutation($vm: ID!, $s: ID!) { rollbackVm(input: {vmId: $vm, snapshotId: $s}) { errors { message } } }",
    { vm: scenario.vm, s: oldest },
  );
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
