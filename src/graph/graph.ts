import type { Thinning } from "../upstream/columns.js";
import type { Entity } from "../upstream/wire/types.js";
import type { Edge } from "./edge.js";

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

/** The edges by type and field: what the resolvers and the look-ahead go by. */
export class Graph {
  readonly thinning = new ThinningSwitch();
  private readonly byType = new Map<string, Map<string, Edge>>();

  constructor(readonly edges: readonly Edge[]) {
    for (const edge of edges) {
      const fields = this.byType.get(edge.from.typename) ?? new Map<string, Edge>();
      if (fields.has(edge.field)) throw new Error(`${edge.from.typename}.${edge.field} is described twice`);
      this.byType.set(edge.from.typename, fields.set(edge.field, edge));
    }
  }

  /** The edge behind a field, if it is one. */
  edge(typename: string, field: string): Edge | undefined {
    return this.byType.get(typename)?.get(field);
  }
}
