import type { Entity } from "../../upstream/wire/types.js";
import type { Accounts, Directory } from "../accounts.js";
import { type Activity, type ActivitySettings, noActivity } from "../activity/activity.js";
import { Filter } from "../query/filter.js";
import { recreateDevices } from "../rows/devices.js";
import { replaceData } from "../rows/lineage.js";
import { isEntity } from "../store/model.js";
import type { StoredRow, Values } from "../store/store.js";
import { Viewer } from "../store/viewer.js";
import { type ConsistencyLag, noLag } from "../tasks/consistency-lag.js";
import { noQuirks, type Quirks } from "../tasks/quirks.js";
import type { Outcome } from "../tasks/task-outcome.js";
import type { PastTask } from "../tasks/tasks.js";
import type { Tower } from "../tower.js";

/** Changes the simulated CloudTower directly, without the API and its permissions. Changes take effect immediately. */
export class Control {
  private readonly everything = new Viewer("", "simulator", true, null, true);

  constructor(
    private readonly tower: Tower,
    private readonly accounts: Accounts,
    private readonly activity: Activity,
  ) {}

  /** Sets the given lags and leaves the others unchanged. */
  setLags(lags: Partial<ConsistencyLag>): void {
    this.tower.tasks.runDue();
    Object.assign(this.tower.lag, lags);
  }

  /** Sets the given quirks and leaves the others unchanged. */
  setQuirks(quirks: Partial<Quirks>): void {
    this.tower.tasks.runDue();
    Object.assign(this.tower.quirks, quirks);
  }

  /** Sets what others do from now on; settings that are not given stay unchanged. Throws a RangeError for a value that is not possible. */
  setActivity(settings: Partial<ActivitySettings>): void {
    this.activity.set(settings);
  }

  /**
   * The lineage of the data in a LUN snapshot, which no client can see: two snapshots of a LUN have the same one unless something other
   * than the guest replaced data in between. Throws if there is no such row.
   */
  lineage(lunSnapshotId: string): string {
    return String(this.find("IscsiLunSnapshot", lunSnapshotId).values.$lineage);
  }

  /** Replaces the data of a LUN without a trace: only `lineage` knows. Throws if there is no such row. */
  replaceData(lunId: string): void {
    replaceData(this.tower.store, this.find("IscsiLun", lunId));
  }

  /** A row as the administrator would read it, also one that is not visible yet, or undefined. */
  row(entity: Entity, id: string): Values | undefined {
    this.update();
    const found = this.tower.store.get(entity, id);
    return found && this.object(found);
  }

  /** Rows as the administrator would read them, also those that are not visible yet, ordered by id. */
  rows(entity: Entity, where: Values = {}): readonly Values[] {
    this.update();
    const rows = new Filter(this.tower.renderer, this.everything).select(entity, where);
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => this.object(row));
  }

  /**
   * Changes fields of a row. References are ids. Values are not checked, so a test can use an enum value of a newer version.
   * Throws if there is no such row or field.
   *
   * @example patch("Vm", id, { vm_tools_status: "NOT_RUNNING" })
   */
  patch(entity: Entity, id: string, changes: Values): void {
    this.check(entity, changes);
    this.tower.store.patch(this.find(entity, id), changes);
  }

  /** Removes a row; references to it dangle. Throws if there is no such row. */
  remove(entity: Entity, id: string): void {
    this.tower.store.remove(this.find(entity, id));
  }

  /** Adds a row and returns its id. Missing fields are null, or the empty value of their kind if required. */
  insert(entity: Entity, values: Values): string {
    this.check(entity, values);
    const id = typeof values.id === "string" ? values.id : this.tower.random.id();
    const parent = [values.cluster, this.parentScope(entity, values)].find((scope) => typeof scope === "string");
    this.tower.store.insert(entity, { ...values, id }, (parent as string | undefined) ?? null);
    return id;
  }

  /** Gives the disks and NICs of a VM new ids, as every update of a VM does. */
  recreateDisks(vmId: string): void {
    recreateDevices(this.tower, this.find("Vm", vmId));
  }

  /** Sets the outcome of the next task. Further calls are for the tasks after it, in order. */
  nextTask(outcome: Outcome): void {
    this.tower.tasks.outcomes.push(outcome);
  }

  /** The tasks that have ended since the start, also those that no caller sees; the newest 100,000. */
  pastTasks(): readonly PastTask[] {
    this.tower.tasks.runDue();
    return this.tower.tasks.past;
  }

  /** Resumes paused tasks. */
  resumeTasks(): void {
    this.tower.tasks.runDue();
    this.tower.tasks.resume();
  }

  /** Sets the duration of tasks that start from now on. */
  setTaskSeconds(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError(`seconds must be 0 or more, got ${seconds}`);
    this.tower.tasks.durationMs = seconds * 1000;
  }

  /** Sets the progress of a finished task: 1, or 100 for a CloudTower that counts in percent. Tasks that have ended change as well. */
  setProgressScale(scale: 1 | 100): void {
    this.update();
    const { store, tasks } = this.tower;
    for (const row of store.table("Task").values()) {
      store.patch(row, { progress: (Number(row.values.progress) / tasks.progressScale) * scale });
    }
    tasks.progressScale = scale;
  }

  /** Sets the directories that CloudTower lists for logins. Does not change who can log in. */
  setDirectories(directories: readonly Directory[]): void {
    this.accounts.directories = directories;
  }

  /** Revokes the tokens of one user, or of all. A login gives a new one. */
  revokeTokens(username?: string): void {
    this.accounts.revoke(username);
  }

  /** Resets lags, quirks, activity, outcomes that no task has used, and the progress scale. Rows and tokens stay as they are. */
  reset(): void {
    Object.assign(this.tower.lag, noLag);
    Object.assign(this.tower.quirks, noQuirks);
    this.activity.set(noActivity);
    this.tower.tasks.outcomes = [];
    this.tower.tasks.progressScale = 1;
  }

  private update(): void {
    this.tower.tasks.runDue();
    this.tower.tasks.updateProgress();
  }

  private find(entity: Entity, id: string): StoredRow {
    this.tower.tasks.runDue();
    const found = this.tower.store.get(entity, id);
    if (found === undefined) throw new Error(`the simulator has no ${entity} ${id}`);
    return found;
  }

  private object(row: StoredRow): Values {
    return this.tower.renderer.object(row, this.everything, "en-US");
  }

  private check(entity: Entity, values: Values): void {
    if (!isEntity(entity)) throw new Error(`the contract has no entity ${String(entity)}`);
    // Also fields that this version does not have: it stores them and does not show them.
    const { stored } = this.tower.store.model.entity(entity);
    for (const name of Object.keys(values)) {
      const field = stored.find((candidate) => candidate.name === name);
      if (field === undefined) throw new Error(`${entity} has no field ${name}`);
      if (field.kind.is === "many" && field.kind.by !== null) {
        throw new Error(
          `${entity}.${name} is computed from ${field.kind.target}.${field.kind.by}: change that instead`,
        );
      }
    }
  }

  /** A row without a cluster belongs to the cluster of the first row it refers to. */
  private parentScope(entity: Entity, values: Values): string | null {
    for (const { name, kind } of this.tower.store.model.entity(entity).references) {
      const target =
        kind.is === "one" && isEntity(kind.target) ? this.tower.store.get(kind.target, values[name]) : undefined;
      if (target?.scope) return target.scope;
    }
    return null;
  }
}
