import { expect, test } from "vitest";
import { type Backup, startBackup } from "./support/backup.js";

const PLAN = `query($vm: ID!, $since: ID!, $to: ID!) { vm(id: $vm) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) {
  since { name } to { name }
  disks { mode reason baseZbsId targetZbsId disk { index sizeBytes lunSnapshot { name } } } removedDisks { index } } } }`;

interface Plan {
  readonly disks: readonly { mode: string; reason: string | null; baseZbsId: string | null; targetZbsId: string }[];
  readonly removedDisks: readonly { index: number }[];
}

class Story {
  constructor(
    readonly backup: Backup,
    readonly vm: string,
  ) {}

  static async begin(vmName = "web-prod-01"): Promise<Story> {
    const backup = await startBackup({ simulator: { taskSeconds: 0 } });
    return new Story(backup, backup.vmId(vmName));
  }

  async snapshot(name: string): Promise<string> {
    this.backup.simulator.advance(60_000);
    const made = await this.backup.create({ vmId: this.vm, name, waitSeconds: 30 });
    expect(made).toMatchObject({ ready: true, errors: [] });
    return made.snapshot?.cloudTowerId ?? "";
  }

  async plan(since: string, to: string): Promise<Plan> {
    const data = await this.backup.data<{ vm: { incrementalPlan: Plan } }>(PLAN, { vm: this.vm, since, to });
    return data.vm.incrementalPlan;
  }

  async refusal(since: string, to: string, vm = this.vm): Promise<unknown> {
    const { errors } = await this.backup.query(PLAN, { vm, since, to });
    return errors?.[0]?.extensions?.code;
  }

  /** The frozen data disks of a snapshot, to be changed behind the gateway's back. */
  change(snapshotId: string, place: number, changes: object): void {
    const { control } = this.backup.simulator;
    const disks = control.row("VmSnapshot", snapshotId)?.vm_disks as { type: string }[];
    let data = -1;
    const changed = disks.map((disk) => {
      if (disk.type === "DISK") data += 1;
      return disk.type === "DISK" && data === place ? { ...disk, ...changes } : disk;
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

test("is incremental for disks whose volume and LUN are the same, with base and target ZBS ids", async () => {
  const story = await Story.begin();
  const [since, to] = [await story.snapshot("a"), await story.snapshot("b")];

  const { disks, removedDisks } = await story.plan(since, to);

  const zbs = (id: string) =>
    story.lunSnapshots(id).map((lun) => story.backup.simulator.control.row("IscsiLunSnapshot", lun)?.local_id);
  expect(disks).toMatchObject(
    [0, 1].map((at) => ({ mode: "INCREMENTAL", reason: null, baseZbsId: zbs(since)[at], targetZbsId: zbs(to)[at] })),
  );
  expect(removedDisks).toEqual([]);
});

test("is full for a new disk, a resized one and one whose volume was replaced, and lists disks that are gone", async () => {
  const story = await Story.begin("legacy-billing");
  const [since, to] = [await story.snapshot("a"), await story.snapshot("b")];
  story.change(to, 0, { size: 1 });
  story.change(to, 1, { vm_volume_local_id: "another-volume" });
  story.change(to, 2, { vm_volume_local_id: "new-volume", key: 77 });

  const { disks, removedDisks } = await story.plan(since, to);

  expect(disks.map(({ mode, reason, baseZbsId }) => [mode, reason, baseZbsId])).toEqual([
    ["FULL", "RESIZED", null],
    ["FULL", "VOLUME_REPLACED", null],
    ["FULL", "NEW_DISK", null],
  ]);
  expect(removedDisks).toHaveLength(1);
});

test("is never incremental where the base is gone", async () => {
  const story = await Story.begin();
  const [since, to] = [await story.snapshot("a"), await story.snapshot("b")];
  const [first = ""] = story.lunSnapshots(since);
  story.backup.simulator.control.remove("IscsiLunSnapshot", first);
  expect((await story.plan(since, to)).disks.map(({ reason }) => reason)).toEqual(["BASE_MISSING", null]);

  story.backup.simulator.control.patch("VmSnapshot", since, { entityAsyncStatus: "DELETING" });
  expect((await story.plan(since, to)).disks.map(({ reason }) => reason)).toEqual(["BASE_MISSING", "BASE_MISSING"]);
});

test("is full where the lineage is in doubt: a lost LUN, or a rollback between the snapshots", async () => {
  const story = await Story.begin();
  const [oldest, since] = [await story.snapshot("oldest"), await story.snapshot("a")];
  await story.backup.data(
    "mutation($vm: ID!, $s: ID!) { rollbackVm(input: {vmId: $vm, snapshotId: $s}) { errors { message } } }",
    { vm: story.vm, s: oldest },
  );
  const to = await story.snapshot("b");
  const later = await story.snapshot("c");

  expect((await story.plan(since, to)).disks.map(({ reason }) => reason)).toEqual([
    "LINEAGE_UNKNOWN",
    "LINEAGE_UNKNOWN",
  ]);
  expect((await story.plan(to, later)).disks.map(({ mode }) => mode)).toEqual(["INCREMENTAL", "INCREMENTAL"]);

  const [first = ""] = story.lunSnapshots(later);
  story.backup.simulator.control.patch("IscsiLunSnapshot", first, { iscsi_lun: null });
  expect((await story.plan(to, later)).disks.map(({ reason }) => reason)).toEqual(["LINEAGE_UNKNOWN", null]);
});

test("wants both snapshots to be of the VM and in order, the later one usable", async () => {
  const story = await Story.begin();
  const [since, to] = [await story.snapshot("a"), await story.snapshot("b")];
  expect(await story.refusal(to, since)).toBe("BAD_USER_INPUT");
  expect(await story.refusal(since, since)).toBe("BAD_USER_INPUT");
  expect(await story.refusal(since, "cl0000000000000000000none")).toBe("NOT_FOUND");
  expect(await story.refusal(since, to, story.backup.vmId("appliance"))).toBe("BAD_USER_INPUT");
  for (const id of story.lunSnapshots(to)) story.backup.simulator.control.remove("IscsiLunSnapshot", id);
  expect(await story.refusal(since, to)).toBe("SNAPSHOT_NOT_READY");
});
