import type { Relation } from "./relation.js";

/** All relations, by type and field. Lives as long as the process. */
export class RelationRegistry {
  private readonly byType = new Map<string, Map<string, Relation>>();

  /**
   * @param relations those between objects of the graph.
   * @param ofPayloads those from results of mutations, and their errors, to objects of the graph.
   */
  constructor(
    readonly relations: readonly Relation[],
    ofPayloads: readonly Relation[] = [],
  ) {
    for (const relation of [...relations, ...ofPayloads]) {
      const fields = this.byType.get(relation.from.typename) ?? new Map<string, Relation>();
      if (fields.has(relation.field)) throw new Error(`${relation.from.typename}.${relation.field} is described twice`);
      this.byType.set(relation.from.typename, fields.set(relation.field, relation));
    }
  }

  /** The relation of a field; undefined if the field is not one. */
  relation(typename: string, field: string): Relation | undefined {
    return this.byType.get(typename)?.get(field);
  }
}
