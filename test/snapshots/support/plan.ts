import { expect } from "vitest";
import { type Backup, startBackup } from "./backup.js";
import type { GatewayOptions } from "./start.js";

const PLAN = `query($vm: ID!, $since: ID!, $to: ID!) { vm(id: $vm) { incrementalPlan(sinceSnapshotId: $since, toSnapshotId: $to) {
  since { name } to { name }
  disks { mode reason explanation baseZbsId targetZbsId disk { index sizeBytes lunSnapshot { cloudTowerId name } } }
  removedDisks { index } } } }`;

/** A plan as a client sees it. */
export interface Plan {
  readonly disks: readonly PlanDisk[];
  readonly removedDisks: readonly { readonly index: number }[];
}

/** A disk of a plan. */
export interface PlanDisk {
  readonly mode: "FULL" | "INCREMENTAL";
  readonly reason: string | null;
  readonly explanation: string;
  readonly baseZbsId: string | null;
  readonly targetZbsId: string;
  readonly disk: { readonly index: number; readonly lunSnapshot: { readonly cloudTowerId: string } | null };
}

type Values = Record<string, unknown>;

export const MINUTE = 60_000;

/** One VM and its snapshots, with the clock moved on before each of them so that they do not disturb each other. */
export class Scenario {
  private constructor(
    readonly backup: Backup,
    readonly vm: string,
  ) {}

  static async start(vmName = "web-prod-01", options: GatewayOptions = {}): Promise<Scenario> {
    const backup = await startBackup({ ...options, simulator: { taskSeconds: 0, ...options.simulator } });
    return new Scenario(backup, backup.vmId(vmName));
  }

  get control() {
    return this.backup.simulator.control;
  }

  /** Takes a snapshot 10 minutes after everything before it. */
  async snapshot(name: string): Promise<string> {
    this.backup.simulator.advance(10 * MINUTE);
    const creation = await this.backup.create({ vmId: this.vm, name, waitSeconds: 30 });
    expect(creation).toMatchObject({ ready: true, errors: [] });
    return creation.snapshot?.cloudTowerId ?? "";
  }

  async plan(since: string, to: string): Promise<Plan> {
    const data = await this.backup.data<{ vm: { incrementalPlan: Plan } }>(PLAN, { vm: this.vm, since, to });
    return data.vm.incrementalPlan;
  }

  /** The reasons of the disks; null for INCREMENTAL. */
  async reasons(since: string, to: string): Promise<(string | null)[]> {
    const { disks } = await this.plan(since, to);
    for (const { mode, reason, explanation } of disks) {
      expect(mode).toBe(reason === null ? "INCREMENTAL" : "FULL");
      expect(explanation).toMatch(/^[A-Z].{20,}\.$/);
    }
    return disks.map(({ reason }) => reason);
  }

  async refusal(since: string, to: string, vm = this.vm): Promise<unknown> {
    const { errors } = await this.backup.query(PLAN, { vm, since, to });
    return errors?.[0]?.extensions?.code;
  }

  async rollBack(vmId: string, snapshotId: string): Promise<void> {
    await this.backup.data(
      "mutation($vm: ID!, $s: ID!) { rollbackVm(input: {vmId: $vm, snapshotId: $s}) { errors { message } } }",
      { vm: vmId, s: snapshotId },
    );
  }

  /** Changes a frozen data disk of a snapshot in the simulator. `position` counts data disks only. */
  change(snapshotId: string, position: number, changes: object): void {
    const disks = this.frozen<{ type: string }>(snapshotId);
    let data = -1;
    const changed = disks.map((disk) => {
      if (disk.type === "DISK") data += 1;
      return disk.type === "DISK" && data === position ? { ...disk, ...changes } : disk;
    });
    this.control.patch("VmSnapshot", snapshotId, { vm_disks: changed });
  }

  /** Ids of the LUN snapshots of a snapshot's data disks, in order. */
  lunSnapshots(snapshotId: string): string[] {
    const disks = this.frozen<{ snapshot_local_id: string }>(snapshotId);
    return disks.flatMap(({ snapshot_local_id: name }) =>
      name ? [String(this.control.rows("IscsiLunSnapshot", { name })[0]?.id)] : [],
    );
  }

  /** The live volumes of the VM's data disks, in the order of the frozen disks. */
  volumes(snapshotId: string): Values[] {
    const disks = this.frozen<{ vm_volume_local_id: string }>(snapshotId);
    return disks.flatMap(({ vm_volume_local_id: local_id }) => this.control.rows("VmVolume", { local_id }).slice(0, 1));
  }

  /** Adds a task that ran for a second and ended some minutes after a snapshot was taken, in the VM's cluster. Returns its id. */
  task(values: Values, snapshotId: string, minutesLater = 5): string {
    const taken = Date.parse(String(this.control.row("VmSnapshot", snapshotId)?.local_created_at));
    const ended = taken + minutesLater * MINUTE;
    const { id: cluster } = (this.control.row("Vm", this.vm)?.cluster ?? {}) as { id?: string };
    return this.control.insert("Task", {
      status: "SUCCESSED",
      local_created_at: new Date(ended - 1000).toISOString(),
      started_at: new Date(ended - 1000).toISOString(),
      finished_at: new Date(ended).toISOString(),
      cluster,
      args: {},
      snapshot: "",
      ...values,
    });
  }

  private frozen<D>(snapshotId: string): readonly D[] {
    return (this.control.row("VmSnapshot", snapshotId)?.vm_disks ?? []) as D[];
  }
}
