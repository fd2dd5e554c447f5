/** How tests shape the simulated world behind the API's back. */
import type { Entity } from "../../upstream/wire/types.js";
import { Filter } from "../query/where.js";
import { recreateDevices } from "../rows/device.js";
import { isEntity } from "../store/model.js";
import type { Stored, Values } from "../store/store.js";
import { Viewer } from "../store/viewer.js";
import { type Lags, noLags, type Outcome } from "../tasks/lags.js";
import type { Accounts } from "../users.js";
import type { World } from "../world.js";

/** Everything here acts at once and asks nobody's permission. */
export class Control {
  private readonly everything = new Viewer("", "simulator", true, null);

  constructor(
    private readonly world: World,
    private readonly accounts: Accounts,
  ) {}

  /** How far reality trails behind tasks: change the fields at any time. */
  get lags(): Lags {
    return this.world.lags;
  }

  /** Sets the lags that are named and leaves the others. */
  setLags(lags: Partial<Lags>): void {
    Object.assign(this.world.lags, lags);
  }

  /** The row as the administrator would read it, or undefined. */
  row(entity: Entity, id: string): Values | undefined {
    this.settle();
    const found = this.world.store.get(entity, id);
    return found && this.object(found);
  }

  /** Rows as the administrator would read them, in the order of their ids. */
  rows(entity: Entity, where: Values = {}): readonly Values[] {
    this.settle();
    const rows = new Filter(this.world.renderer, this.everything).select(entity, where);
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => this.object(row));
  }

  /**
   * Changes fields of a row: `patch("Vm", id, {vm_tools_status: "NOT_RUNNING"})`. References are given as ids. Any value is taken,
   * so that a test can play an enum value of a newer version. Throws if there is no such row or field.
   */
  patch(entity: Entity, id: string, changes: Values): void {
    this.check(entity, changes);
    this.world.store.patch(this.find(entity, id), changes);
  }

  /** Removes a row; what points at it dangles from now on. Throws if there is no such row. */
  remove(entity: Entity, id: string): void {
    this.world.store.remove(this.find(entity, id));
  }

  /** Adds a row and returns its id. What is not given gets the emptiest value that the contract allows. */
  insert(entity: Entity, values: Values): string {
    this.check(entity, values);
    const id = typeof values.id === "string" ? values.id : this.world.random.id();
    const parent = [values.cluster, this.parentScope(entity, values)].find((scope) => typeof scope === "string");
    this.world.store.insert(entity, { ...values, id }, (parent as string | undefined) ?? null);
    return id;
  }

  /** Gives the disks and NICs of a VM new ids, as every update of the VM does. */
  recreateDisks(vmId: string): void {
    recreateDevices(this.world, this.find("Vm", vmId));
  }

  /** Decides how the next task ends; several calls are for several tasks, in order. */
  nextTask(outcome: Outcome): void {
    this.world.tasks.outcomes.push(outcome);
  }

  /** Lets paused tasks go on. */
  resumeTasks(): void {
    this.world.tasks.settle();
    this.world.tasks.resume();
  }

  /** How long tasks take that start from now on. */
  setTaskSeconds(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError(`seconds must be 0 or more, got ${seconds}`);
    this.world.tasks.durationMs = seconds * 1000;
  }

  /** What a task's progress is at its end: 1, or 100. */
  setProgressScale(scale: 1 | 100): void {
    this.world.tasks.progressScale = scale;
  }

  /** Makes tokens worthless: those of one user, or all. A login gives new ones. */
  revokeTokens(username?: string): void {
    this.accounts.revoke(username);
  }

  /** Ends all lags and forgets outcomes that no task has used. Rows and tokens stay as they are. */
  reset(): void {
    Object.assign(this.world.lags, noLags);
    this.world.tasks.outcomes.length = 0;
    this.world.tasks.progressScale = 1;
  }

  private settle(): void {
    this.world.tasks.settle();
    this.world.tasks.refresh();
  }

  private find(entity: Entity, id: string): Stored {
    this.world.tasks.settle();
    const found = this.world.store.get(entity, id);
    if (found === undefined) throw new Error(`the simulator has no ${entity} ${id}`);
    return found;
  }

  private object(row: Stored): Values {
    return this.world.renderer.object(row, this.everything, "en-US");
  }

  private check(entity: Entity, values: Values): void {
    if (!isEntity(entity)) throw new Error(`the contract has no entity ${String(entity)}`);
    const model = this.world.store.model.entity(entity);
    for (const name of Object.keys(values)) {
      const field = model.fields.get(name);
      if (field === undefined) throw new Error(`${entity} has no field ${name}`);
      if (field.kind.is === "many" && field.kind.by !== null) {
        throw new Error(`${entity}.${name} follows from ${field.kind.target}.${field.kind.by}: change it there`);
      }
    }
  }

  /** A row without a cluster of its own belongs to that of what it refers to. */
  private parentScope(entity: Entity, values: Values): string | null {
    for (const { name, kind } of this.world.store.model.entity(entity).references) {
      const target =
        kind.is === "one" && isEntity(kind.target) ? this.world.store.get(kind.target, values[name]) : undefined;
      if (target?.scope) return target.scope;
    }
    return null;
  }
}
