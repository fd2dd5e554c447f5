import { once } from "../kernel/once.js";
import type { ColumnReader } from "./rows/column-reader.js";
import type { ResponseBody } from "./rows/response-body.js";
import { NORMALIZED_COLUMNS } from "./task-rows.js";
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

/** Columns that the gateway itself reads of each response, whatever its reader wants. */
const ALWAYS_KEPT: { readonly [E in Entity]?: readonly string[] } = { Task: NORMALIZED_COLUMNS };

/**
 * The columns of an entity's rows that will be read, such as 7 of a disk's 33.
 *
 * CloudTower sends every column of every row. Nothing is made of those that nothing reads: it would be most of the work, and thousands of
 * wide rows would live, and be copied by the garbage collector, until the last response of the operation has arrived.
 */
export class Columns {
  readonly names: ReadonlySet<string>;
  private readonly list: readonly string[];
  private readonly thinRow = once(() => thinRowClass(this.entity, this.list, this.guard));

  constructor(
    readonly entity: Entity,
    names: ReadonlySet<string>,
    private readonly guard: ColumnGuard,
  ) {
    this.list = [...new Set([...names, ...(ALWAYS_KEPT[entity] ?? [])])];
    this.names = new Set(this.list);
  }

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

  /** A response's rows with these columns alone; a response that is not a list stays as it is. @throws SyntaxError */
  read(response: ResponseBody, reader: ColumnReader): unknown {
    const lists = reader.read(response, this.list);
    if (lists === undefined) return this.pick(response.json());
    const ThinRow = this.thinRow();
    const rows: object[] = [];
    for (const values of lists) {
      for (let start = 0; start < values.length; start += this.list.length) rows.push(new ThinRow(values, start));
    }
    return rows;
  }

  /** The same of a parsed response. */
  pick(response: unknown): unknown {
    if (!Array.isArray(response)) return response;
    const ThinRow = this.thinRow();
    return response.map((row: unknown) => {
      if (typeof row !== "object" || row === null) return row;
      const values = this.list.map((name) => (row as Record<string, unknown>)[name]);
      return new ThinRow(values, 0);
    });
  }
}

const VALUES = Symbol("values of the columns of many rows");
const START = Symbol("index of the row's first value");

interface ThinRow {
  readonly [VALUES]: unknown[];
  readonly [START]: number;
}

/**
 * A class of rows that show values of a list under the names of their columns, and report when a dropped column is read. Its properties
 * are accessors of the prototype: they can be read and assigned, but not enumerated.
 */
function thinRowClass(entity: Entity, kept: readonly string[], guard: ColumnGuard) {
  class Row implements ThinRow {
    readonly [VALUES]: unknown[];
    readonly [START]: number;

    constructor(values: unknown[], start: number) {
      this[VALUES] = values;
      this[START] = start;
    }
  }
  for (const column of Object.keys(entities[entity].fields)) {
    Object.defineProperty(Row.prototype, column, {
      configurable: true,
      get: () => guard.miss(entity, column),
    });
  }
  for (const [index, column] of kept.entries()) {
    Object.defineProperty(Row.prototype, column, {
      get(this: ThinRow) {
        return this[VALUES][this[START] + index];
      },
      set(this: ThinRow, value: unknown) {
        this[VALUES][this[START] + index] = value;
      },
    });
  }
  return Row;
}
