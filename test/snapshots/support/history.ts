import { Random } from "../../../src/simulator/random.js";
import type { Quirks } from "../../../src/simulator/tasks/quirks.js";
import type { Backup } from "./backup.js";

type Values = Record<string, unknown>;

const MINUTE = 60_000;

/** Two VMs that share a volume, and what other clients of CloudTower do to them, at random. The same seed gives the same history. */
export class History {
  /** The first VM's snapshots that were begun, in order. */
  readonly snapshots: string[] = [];
  private readonly random: Random;
  private readonly others: string[] = [];
  private readonly vm: string;
  private readonly other: string;
  private advancedMs = 0;

  constructor(
    private readonly backup: Backup,
    seed: number,
    names: { readonly vm: string; readonly other: string },
  ) {
    this.random = new Random(seed);
    this.vm = backup.vmId(names.vm);
    this.other = backup.vmId(names.other);
  }

  /** Plays a number of events, and then lets CloudTower finish what it has begun. */
  async play(events: number): Promise<void> {
    this.control.setQuirks(this.pick(quirks));
    await this.snapshot(this.vm, this.snapshots);
    await this.snapshot(this.other, this.others);
    for (let count = 0; count < events; count++) {
      await this.pick(this.events)();
      this.advance(this.pick([100, 3000, 30_000, MINUTE, 4 * MINUTE, 8 * MINUTE, 20 * MINUTE]));
    }
    this.control.resumeTasks();
    this.advance(MINUTE);
    this.control.resumeTasks();
    this.advance(MINUTE);
    this.control.setQuirks({ taskMemoryMs: this.pick([Infinity, Infinity, 20 * MINUTE, 60 * MINUTE]) });
  }

  private get control() {
    return this.backup.simulator.control;
  }

  private readonly takeSnapshot = () => this.snapshot(this.vm, this.snapshots);

  /** Several times the same: more often. */
  private readonly events: readonly (() => Promise<void> | void)[] = [
    ...[this.takeSnapshot, this.takeSnapshot, this.takeSnapshot, this.takeSnapshot, this.takeSnapshot],
    () => this.snapshot(this.other, this.others),
    () => this.rollBack(this.vm, this.snapshots),
    () => this.rollBack(this.other, this.others),
    () => this.rollBack(this.other, this.others),
    () => this.deleteSnapshot(this.others),
    () => this.deleteSnapshot(this.snapshots),
    () => this.resize(),
    () => this.replaceByUnknownTask(),
    () => this.replaceByLunRollback(),
    () => this.rollBackGroup(),
    () => this.power(),
    () => this.power(),
    () => this.unknownTask(),
    () => this.control.resumeTasks(),
    () => this.leaveSharedVolume(),
  ];

  private async snapshot(vm: string, list: string[]): Promise<void> {
    this.mayEndOtherwise(0.1);
    const data = [{ vm_id: vm, name: `s${list.length}` }];
    const [item] = (await this.post("create-vm-snapshot", { data })) ?? [];
    if (item !== undefined) list.push(item.data.id);
  }

  private async rollBack(vm: string, list: readonly string[]): Promise<void> {
    const snapshot = this.pick(list);
    this.mayEndOtherwise(0.5);
    await this.post("rollback-vm", { where: { id: vm }, data: { snapshot_id: snapshot } });
  }

  private async deleteSnapshot(list: readonly string[]): Promise<void> {
    if (list.length > 2) await this.post("delete-vm-snapshot", { where: { id: this.pick(list) } });
  }

  private async power(): Promise<void> {
    await this.post(this.pick(["poweroff-vm", "start-vm"]), { where: { id: this.vm } });
  }

  /** Grows a volume, and shrinks it again later if it has been grown. */
  private resize(): void {
    const volume = this.pick(this.volumes());
    const size = Number(volume.size);
    this.control.patch("VmVolume", String(volume.id), { size: size % 2 === 0 ? size + 1 : size - 1 });
    this.control.replaceData(lunOf(volume));
    this.task({ resource_mutation: "expandVmDisk", resource_id: this.pick([this.vm, volume.id]), args: volume.id });
  }

  private replaceByUnknownTask(): void {
    const volume = this.pick(this.volumes());
    this.control.replaceData(lunOf(volume));
    const resource_mutation = this.pick(["restoreFromReplica", "", null, "updateVm", "RESTORE"]);
    const status = this.pick(["SUCCESSED", "FAILED", "EXECUTING"]);
    const named = this.pick<Values>([
      { resource_id: this.vm },
      { resource_id: volume.id },
      { resource_id: lunOf(volume) },
      { resource_id: null, args: { volume: volume.local_id } },
      { resource_id: null },
      { resource_id: "an-object-that-is-gone" },
    ]);
    // A name that is known says what it changes.
    const known = resource_mutation === "updateVm" ? { resource_id: this.vm } : named;
    this.task({ resource_mutation, status, ...known, ...(status === "EXECUTING" ? { finished_at: null } : {}) });
  }

  private replaceByLunRollback(): void {
    const volume = this.pick(this.volumes());
    const lun = lunOf(volume);
    this.control.replaceData(lun);
    const parts = this.control.rows("IscsiLunSnapshot", { iscsi_lun: { id: lun } });
    const gone = this.random.chance(0.5) && parts.length > 0 ? parts[0]?.id : "a-snapshot-that-is-gone";
    this.task({ resource_mutation: "rollbackIscsiLunFromSnapshot", resource_id: gone });
  }

  /** A LUN is in a consistency group for a while, which is rolled back. Afterwards the group's snapshot may be gone, and the LUN no member. */
  private async rollBackGroup(): Promise<void> {
    const lun = lunOf(this.pick(this.volumes()));
    const { id: cluster } = (this.control.row("Vm", this.vm)?.cluster ?? {}) as { id?: string };
    const group = this.control.insert("ConsistencyGroup", { name: "g", cluster });
    this.control.patch("IscsiLun", lun, { consistency_group: group });
    const create = [{ consistency_group_id: group, name: "s" }];
    const [created] = (await this.post("create-consistency-snapshot-group", create)) ?? [];
    this.advance(MINUTE);
    const where = { id: created?.data.id ?? "none" };
    this.mayEndOtherwise(0.3);
    await this.post("rollback-consistency-snapshot-group", { where });
    this.advance(MINUTE);
    if (this.random.chance(0.5)) {
      await this.post("delete-consistency-snapshot-group", { where, data: { remain_volume_snapshot: false } });
    }
    if (this.random.chance(0.5)) this.control.patch("IscsiLun", lun, { consistency_group: null });
  }

  private unknownTask(): void {
    const elsewhere = this.backup.vmId("legacy-billing");
    this.task({ resource_mutation: "observe", resource_id: elsewhere, status: this.pick(["SUCCESSED", "FAILED"]) });
  }

  /** The other VM gives up the shared volume; nothing of it shows afterwards. */
  private leaveSharedVolume(): void {
    for (const disk of this.control.rows("VmDisk", { vm: { id: this.other }, vm_volume: { sharing: true } })) {
      this.control.remove("VmDisk", String(disk.id));
      this.task({ resource_mutation: "removeVmDisk", resource_id: this.other });
    }
  }

  private volumes(): Values[] {
    return this.control.rows("VmVolume", { vm_disks_some: { vm: { id: this.vm } } }) as Values[];
  }

  private task(values: Values): void {
    const now = Date.now() + this.advancedMs;
    const { id: cluster } = (this.control.row("Vm", this.vm)?.cluster ?? {}) as { id?: string };
    this.control.insert("Task", {
      status: "SUCCESSED",
      local_created_at: new Date(now - 1000).toISOString(),
      finished_at: new Date(now).toISOString(),
      cluster: this.pick([cluster, cluster, null]),
      args: {},
      snapshot: "",
      ...values,
    });
  }

  private mayEndOtherwise(chance: number): void {
    if (this.random.chance(chance)) this.control.nextTask({ kind: this.pick(["FAILED", "PAUSED"] as const) });
  }

  /** Sends a write past the gateway; undefined if CloudTower refuses it, for example because of a lock. */
  private async post(endpoint: string, body: object): Promise<{ data: { id: string } }[] | undefined> {
    const { url } = this.backup.simulator;
    const headers = { authorization: this.backup.token, "content-type": "application/json" };
    const response = await fetch(`${url}/${endpoint}`, { method: "POST", headers, body: JSON.stringify(body) });
    const answer = await response.json();
    return response.ok ? (answer as { data: { id: string } }[]) : undefined;
  }

  private advance(ms: number): void {
    this.advancedMs += ms;
    this.backup.simulator.advance(ms);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.random.int(0, items.length - 1)] as T;
  }
}

const quirks: readonly Partial<Quirks>[] = [
  {},
  { clusterClockMs: 4 * MINUTE },
  { clusterClockMs: -4 * MINUTE },
  { clusterClockMs: 300 * MINUTE },
  { mutationSpelling: "upper-snake" },
  { mutationSpelling: "kebab", clusterClockMs: 2 * MINUTE },
  { maxTaskRows: 1 },
];

function lunOf(volume: Values): string {
  return String((volume.lun as { id: string } | null)?.id);
}
