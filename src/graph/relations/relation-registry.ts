import type { Thinning } from "../../upstream/columns.js";
import type { Entity } from "../../upstream/wire/types.js";
import type { Relation } from "./relation.js";

/**
 * Which rows are thinned, and the columns that were read although nobody had announced it. After the first of them, which is a
 * mistake of this program, the rows of that entity stay whole.
 */
export class ThinningSwitch implements Thinning {
  private readonly columns = new Set<string>();
  private readonly whole = new Set<Entity>();

  /** Columns that were missed so far, such as `Vm.name`. */
  get misses(): ReadonlySet<string> {
    return this.columns;
  }

  mayThin(entity: Entity): boolean {
    return !this.whole.has(entity);
  }

  missed(entity: Entity, column: string): void {
    this.columns.add(`${entity}.${column}`);
    this.whole.add(entity);
  }
}

/** The relations by type and field: what the resolvers and the look-ahead go by. */
export class RelationRegistry {
  readonly thinning = new ThinningSwitch();
  private readonly byType = new Map<string, Map<string, Relation>>();

  constructor(readonly relations: readonly Relation[]) {
    for (const relation of relations) {
      const fields = this.byType.get(relation.from.typename) ?? new Map<string, Relation>();
      if (fields.has(relation.field)) throw new Error(`${relation.from.typename}.${relation.field} is described twice`);
      this.byType.set(relation.from.typename, fields.set(relation.field, relation));
    }
  }

  /** The relation behind a field, if it is one. */
  relation(typename: string, field: string): Relation | undefined {
    return this.byType.get(typename)?.get(field);
  }
}
