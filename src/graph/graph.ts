import type { Thinning } from "../upstream/columns.js";
import type { Edge } from "./edge.js";

/**
 * Whether rows are thinned, and the columns that were read although nobody had announced it. After the first of them, which is a
 * mistake of this program, rows stay whole.
 */
export class ThinningSwitch implements Thinning {
  private readonly columns: string[] = [];

  get isOn(): boolean {
    return this.columns.length === 0;
  }

  /** Columns that were missed so far. */
  get misses(): readonly string[] {
    return this.columns;
  }

  missed(column: string): void {
    this.columns.push(column);
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
