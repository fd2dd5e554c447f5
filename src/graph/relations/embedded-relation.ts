import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { EmbeddedRelation, RelationArgument } from "./relation.js";

interface EmbeddedOptions<P extends GraphObject, C extends GraphObject> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: GraphObjectClass<C>;
  readonly description: string;
  readonly argument?: RelationArgument<C>;
  readonly inverse?: string;
}

/** A relation that the parent's row answers: to at most one object. */
export function embeds<P extends GraphObject, C extends GraphObject>(
  options: EmbeddedOptions<P, C> & { embed(parent: P): C | null },
): EmbeddedRelation<P, C> {
  return { kind: "embedded", many: false, nullable: true, ...options };
}

/** A relation that the parent's row answers: to a list; null where the row says that it is not known yet. */
export function embedsMany<P extends GraphObject, C extends GraphObject>(
  options: EmbeddedOptions<P, C> & { embed(parent: P): C[] | null },
): EmbeddedRelation<P, C> {
  return { kind: "embedded", many: true, nullable: true, ...options };
}

/** The answer of a relation that costs nothing; kept, so that what is joined below it stays. */
export function embeddedValue(relation: EmbeddedRelation, parent: GraphObject): GraphObject | GraphObject[] | null {
  const slot = `@${relation.field}` as const;
  const known = parent[slot];
  if (known !== undefined) return known as GraphObject | GraphObject[] | null;
  const value = relation.embed(parent);
  parent[slot] = value;
  if (relation.inverse !== undefined && value !== null) {
    for (const child of Array.isArray(value) ? value : [value]) child[`@${relation.inverse}`] = parent;
  }
  return value;
}
