import type { Relation } from "./relation.js";

/** The relations by type and field: what the resolvers and the look-ahead go by. */
export class RelationRegistry {
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
