import { entities } from "./wire/contract.js";
import { endpointOf } from "./wire/endpoints.js";
import type { Entity } from "./wire/types.js";

/**
 * Records reads of columns that were dropped: a mistake of this program, which requested too few.
 *
 * After a miss the rows of that entity stay whole. Lives as long as the process.
 */
export class ColumnGuard {
  private readonly wholeEntities = new Set<Entity>();
  private readonly columns = new Set<string>();

  /** Columns that were missed so far, such as `Vm.name`. */
  get misses(): ReadonlySet<string> {
    return this.columns;
  }

  /** Whether columns of the entity may be dropped. */
  mayDrop(entity: Entity): boolean {
    return !this.wholeEntities.has(entity);
  }

  /** Records that a dropped column was read. */
  miss(entity: Entity, column: string): void {
    this.columns.add(`${entity}.${column}`);
    this.wholeEntities.add(entity);
  }
}

/**
 * The columns of an entity's rows that will be read, such as 7 of a disk's 33.
 *
 * CloudTower sends every column of every row. Those that nothing reads are dropped as soon as a response is parsed: otherwise thousands
 * of wide rows would live, and be copied by the garbage collector, until the last response of the operation has arrived.
 */
export class Columns {
  private ThinRow: (new () => Record<string, unknown>) | undefined;

  constructor(
    readonly entity: Entity,
    readonly names: ReadonlySet<string>,
    private readonly guard: ColumnGuard,
  ) {}

  /** The endpoint whose rows have these columns. */
  get endpoint(): string {
    return endpointOf(this.entity);
  }

  /** Whether the others may be dropped. */
  get mayThin(): boolean {
    return this.guard.mayDrop(this.entity);
  }

  /** Whether all of the other's columns are among these. */
  includes({ entity, names }: Columns): boolean {
    if (entity !== this.entity) return false;
    for (const name of names) if (!this.names.has(name)) return false;
    return true;
  }

  /** These columns and others of the same entity. */
  union({ names }: Columns): Columns {
    return new Columns(this.entity, new Set([...this.names, ...names]), this.guard);
  }

  /** The rows with these columns alone; a response that is not a list stays as it is. */
  pick(response: unknown): unknown {
    if (!Array.isArray(response)) return response;
    this.ThinRow ??= this.thinRow();
    const { names, ThinRow } = this;
    return response.map((row: unknown) => {
      if (typeof row !== "object" || row === null) return row;
      const thin = new ThinRow();
      for (const name of names) {
        const value = (row as Record<string, unknown>)[name];
        if (value !== undefined) thin[name] = value;
      }
      return thin;
    });
  }

  /** A class of rows that report when a dropped column is read. */
  private thinRow() {
    class ThinRow {
      [column: string]: unknown;
    }
    for (const column of Object.keys(entities[this.entity].fields)) {
      if (this.names.has(column)) continue;
      const get = () => this.guard.miss(this.entity, column);
      Object.defineProperty(ThinRow.prototype, column, { get });
    }
    return ThinRow;
  }
}
