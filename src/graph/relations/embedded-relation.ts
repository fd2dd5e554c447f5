import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { EmbeddedRelation, RelationArgument } from "./relation.js";

interface EmbeddedOptions<P extends GraphObject, C extends GraphObject> {
  readonly from: GraphObjectClass<P>;
  readonly field: string;
  readonly to: GraphObjectClass<C>;
  readonly description: string;
  /** Columns of the parent's row that `embed` reads; not those that the objects read of it later. */
  readonly parentColumns: readonly string[];
  readonly argument?: RelationArgument<C>;
  readonly inverse?: string;
}

/** A relation to at most one object, which the parent's row holds. */
export function embeds<P extends GraphObject, C extends GraphObject>(
  options: EmbeddedOptions<P, C> & { embed(parent: P): C | null },
): EmbeddedRelation<P, C> & { readonly many: false } {
  return { kind: "embedded", many: false, nullable: true, ...options };
}

/** A relation to a list of objects, which the parent's row holds; null if the row says that it is not known yet. */
export function embedsMany<P extends GraphObject, C extends GraphObject>(
  options: EmbeddedOptions<P, C> & { embed(parent: P): C[] | null },
): EmbeddedRelation<P, C> & { readonly many: true } {
  return { kind: "embedded", many: true, nullable: true, ...options };
}

/** The result of a relation that costs nothing; kept on the parent, so that what is loaded below it is found again. */
export function embeddedValue(relation: EmbeddedRelation, parent: GraphObject): GraphObject | GraphObject[] | null {
  const key = `@${relation.field}` as const;
  const known = parent[key];
  if (known !== undefined) return known as GraphObject | GraphObject[] | null;
  const value = relation.embed(parent);
  parent[key] = value;
  if (relation.inverse !== undefined && value !== null) {
    for (const child of Array.isArray(value) ? value : [value]) child[`@${relation.inverse}`] = parent;
  }
  return value;
}
