import { entities } from "./wire/contract.js";
import type { Entity } from "./wire/types.js";

/** Whether an entity's rows are thinned, and who is told that a column was read which nobody had announced. */
export interface Thinning {
  mayThin(entity: Entity): boolean;
  missed(entity: Entity, column: string): void;
}

/**
 * The fields of an entity's rows that will be read, such as 7 of a disk's 33.
 *
 * CloudTower sends every field of every row. What nobody reads is dropped as soon as an answer is parsed, or thousands of wide rows
 * would live, and be copied by the garbage collector, until the last answer of the operation is there.
 */
export class Columns {
  private Thin: (new () => Record<string, unknown>) | undefined;

  constructor(
    readonly entity: Entity,
    readonly names: ReadonlySet<string>,
    private readonly thinning: Thinning,
  ) {}

  /** The operation whose rows these are columns of. */
  get endpoint(): string {
    return `get-${entities[this.entity].path}`;
  }

  /** Whether the others may be dropped. */
  get mayThin(): boolean {
    return this.thinning.mayThin(this.entity);
  }

  /** Whether whoever wants the other columns finds them here. */
  includes({ entity, names }: Columns): boolean {
    if (entity !== this.entity) return false;
    for (const name of names) if (!this.names.has(name)) return false;
    return true;
  }

  /** These columns and others of the same entity. */
  union({ names }: Columns): Columns {
    return new Columns(this.entity, new Set([...this.names, ...names]), this.thinning);
  }

  /** The rows with these columns alone; an answer that is no list stays as it is. */
  pick(answer: unknown): unknown {
    if (!Array.isArray(answer)) return answer;
    this.Thin ??= this.thinRow();
    const { names, Thin } = this;
    return answer.map((row: unknown) => {
      if (typeof row !== "object" || row === null) return row;
      const thin = new Thin();
      for (const name of names) {
        const value = (row as Record<string, unknown>)[name];
        if (value !== undefined) thin[name] = value;
      }
      return thin;
    });
  }

  /** A class of rows that tell when a column is read that was not kept. */
  private thinRow() {
    class Thin {
      [column: string]: unknown;
    }
    for (const column of Object.keys(entities[this.entity].fields)) {
      if (this.names.has(column)) continue;
      const get = () => {
        this.thinning.missed(this.entity, column);
      };
      Object.defineProperty(Thin.prototype, column, { get });
    }
    return Thin;
  }
}
