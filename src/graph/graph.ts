import type { Edge } from "./edge.js";

/** The edges by type and field: what the resolvers and the look-ahead go by. */
export class Graph {
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
