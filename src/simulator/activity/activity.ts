import { namedVmCount } from "../inventory/vms.js";
import { Random } from "../random.js";
import { Refusal } from "../refusal.js";
import type { StoredRow } from "../store/store.js";
import type { Viewer } from "../store/viewer.js";
import type { Tower } from "../tower.js";
import { createVmSnapshot, deleteVmSnapshot, removeSnapshot } from "../writes/vm-snapshot.js";
import type { ApiRequest, WriteResult } from "../writes/write.js";
import { changeOfVm, systemTask } from "./other-tasks.js";

/** What others do in this CloudTower. */
export interface ActivitySettings {
  /** Number of actions of other users per minute: snapshots, deletions of what they made, and changes of VMs. At most 60,000. */
  readonly perMinute: number;
  /** A plan takes snapshots every so many seconds and deletes its old ones; 0 for no plan. */
  readonly planSeconds: number;
  /** Share of their tasks that fail, 0 to 1. */
  readonly failing: number;
  /** Share of the deletions that leave no task, 0 to 1. */
  readonly silentDeletions: number;
}

/** Initial state of a simulator: nothing happens by itself. */
export const noActivity: ActivitySettings = { perMinute: 0, planSeconds: 0, failing: 0.1, silentDeletions: 0 };

/** Most actions per minute. */
const MAX_PER_MINUTE = 60_000;
/** Number of VMs that a plan takes snapshots of. */
const VMS_IN_PLAN = 3;
/** Number of snapshots of each VM that the plan keeps. */
const KEPT_BY_PLAN = 3;
/** With so many snapshots of their own, users only delete. */
const MAX_SNAPSHOTS_OF_USERS = 100;

/**
 * Things that happen without a client of the gateway, in the simulator's time: other users take and delete snapshots and change VMs, and
 * a plan takes snapshots. The same seed and the same requests at the same times give the same actions. VMs with fixed names stay as
 * they are, unless there are no others; so do snapshots that others did not make.
 */
export class Activity {
  private settings = noActivity;
  /** Actions that were scheduled before the settings changed do nothing. */
  private generation = 0;
  private readonly random: Random;
  private readonly ofUsers: string[] = [];
  private readonly ofPlan = new Map<string, string[]>();
  private names = 0;

  /** @param users those who act; each of them may write. */
  constructor(
    private readonly tower: Tower,
    private readonly users: readonly Viewer[],
    seed: number,
  ) {
    this.random = new Random(seed);
  }

  /** Changes the given settings and leaves the others unchanged. Throws a RangeError for a value that is not possible. */
  set(changes: Partial<ActivitySettings>): void {
    const settings = { ...this.settings, ...changes };
    assertBetween(settings, "perMinute", MAX_PER_MINUTE);
    assertBetween(settings, "planSeconds", Number.MAX_SAFE_INTEGER);
    assertBetween(settings, "failing", 1);
    assertBetween(settings, "silentDeletions", 1);
    if (settings.planSeconds > 0 && settings.planSeconds < 1) {
      throw new RangeError(`planSeconds must be 0, or 1 or more, got ${settings.planSeconds}`);
    }
    this.tower.tasks.runDue();
    this.settings = settings;
    this.generation += 1;
    const now = this.tower.clock.now();
    const { perMinute, planSeconds } = settings;
    if (perMinute > 0)
      this.repeat(
        now,
        () => ((0.5 + this.random.next()) * 60_000) / perMinute,
        () => this.userActs(),
      );
    if (planSeconds > 0)
      this.repeat(
        now,
        () => planSeconds * 1000,
        () => this.planRuns(),
      );
  }

  private repeat(now: number, pauseMs: () => number, act: () => void): void {
    const { generation } = this;
    this.tower.events.schedule(now + pauseMs(), (at) => {
      if (generation !== this.generation) return;
      act();
      this.repeat(at, pauseMs, act);
    });
  }

  private userActs(): void {
    const user = this.random.pick(this.users);
    const choice = this.ofUsers.length >= MAX_SNAPSHOTS_OF_USERS ? 5 : this.random.int(0, 9);
    if (choice <= 3) this.ofUsers.push(...this.snapshot(user, this.pickVm(user), "manual"));
    else if (choice <= 6) this.deleteOne(user, this.ofUsers);
    else if (choice <= 8)
      this.act(() => changeOfVm(this.tower, this.request(user, {}), this.pickVm(user), this.random));
    else this.act(() => systemTask(this.tower, user));
  }

  /** A plan: the same VMs each time, of which it keeps the newest snapshots. Its tasks have no user. */
  private planRuns(): void {
    const [owner] = this.users;
    if (owner === undefined) return;
    for (const vm of this.vmsOf(owner).slice(0, VMS_IN_PLAN)) {
      const made = this.ofPlan.get(vm.id) ?? [];
      this.ofPlan.set(vm.id, made);
      // Deleting locks the VM, so a plan's run does one or the other.
      if (made.length > KEPT_BY_PLAN) this.deleteOne(owner, made, true);
      else made.push(...this.snapshot(owner, vm, "plan", true));
    }
  }

  /** @returns the id of the snapshot, or nothing if CloudTower refuses. */
  private snapshot(user: Viewer, vm: StoredRow | undefined, prefix: string, isSystem = false): string[] {
    if (vm === undefined) return [];
    this.names += 1;
    const body = { data: [{ vm_id: vm.id, name: `${prefix}-${String(this.names).padStart(6, "0")}` }] };
    return this.act(() => createVmSnapshot(this.tower, this.request(user, body)), isSystem);
  }

  /** Deletes the oldest of these snapshots that this user may delete now. */
  private deleteOne(user: Viewer, made: string[], isSystem = false): void {
    const { store } = this.tower;
    const id = made.find((each) => {
      const row = store.get("VmSnapshot", each);
      return row === undefined || user.sees(row);
    });
    const row = store.get("VmSnapshot", id);
    if (id === undefined) return;
    if (row === undefined) {
      // Its task failed, or a client has deleted it.
      made.splice(made.indexOf(id), 1);
    } else if (row.values.entityAsyncStatus === null && this.random.chance(this.settings.silentDeletions)) {
      removeSnapshot(this.tower, row);
      made.splice(made.indexOf(id), 1);
    } else if (
      this.act(() => deleteVmSnapshot(this.tower, this.request(user, { where: { id } })), isSystem).length > 0
    ) {
      made.splice(made.indexOf(id), 1);
    }
  }

  /**
   * Runs a write with an outcome and a duration of its own, and leaves those that a test has set for the next task.
   *
   * @returns ids of the written objects; none if CloudTower refuses, for example because the VM is locked.
   */
  private act(write: () => readonly WriteResult[], isSystem = false): string[] {
    const { store, tasks } = this.tower;
    const { outcomes, durationMs } = tasks;
    tasks.outcomes = this.random.chance(this.settings.failing) ? [{ kind: "FAILED" }] : [];
    tasks.durationMs = durationMs * (0.5 + this.random.next());
    try {
      return write().map(({ task_id: taskId, data }) => {
        const row = store.get("Task", taskId);
        if (isSystem && row !== undefined) store.patch(row, { user: null });
        return String(data.id);
      });
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    } finally {
      tasks.outcomes = outcomes;
      tasks.durationMs = durationMs;
    }
  }

  private pickVm(user: Viewer): StoredRow | undefined {
    const vms = this.vmsOf(user);
    return vms.length === 0 ? undefined : this.random.pick(vms);
  }

  private vmsOf(user: Viewer): StoredRow[] {
    const all = [...this.tower.store.table("Vm").values()];
    const usable = (vms: readonly StoredRow[]) =>
      vms.filter((vm) => user.sees(vm) && vm.values.in_recycle_bin === false);
    const others = usable(all.slice(namedVmCount));
    return others.length > 0 ? others : usable(all);
  }

  private request(viewer: Viewer, body: unknown): ApiRequest {
    return { viewer, body, language: "en-US" };
  }
}

function assertBetween(settings: ActivitySettings, name: keyof ActivitySettings, max: number): void {
  const value = settings[name];
  if (typeof value === "number" && value >= 0 && value <= max) return;
  throw new RangeError(`${name} must be a number between 0 and ${max}, got ${JSON.stringify(value)}`);
}
