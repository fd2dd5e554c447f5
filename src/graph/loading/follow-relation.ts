import type { GraphObject } from "../model/graph-object.js";
import { embeddedValue } from "../relations/embedded-relation.js";
import { knownResult } from "../relations/known-result.js";
import type { EmbeddedRelation, LoadedRelation } from "../relations/relation.js";
import type { GraphContext } from "./graph-context.js";

/** A relation that leads to objects, not to pages of a list. */
type Followed<P extends GraphObject = GraphObject, C extends GraphObject = GraphObject> =
  | EmbeddedRelation<P, C>
  | LoadedRelation<P, C>;

/**
 * The object a to-one relation leads to, or null: prefetched, or loaded together with those of other parents.
 *
 * @throws the error of the call that should have brought it.
 * @example const vm = await followOne(graph, snapshotVm, snapshot);
 */
export async function followOne<P extends GraphObject, C extends GraphObject>(
  graph: GraphContext,
  relation: Followed<P, C>,
  parent: P,
): Promise<C | null> {
  return (await follow(graph, relation, parent, false)) as C | null;
}

/**
 * The objects a to-many relation leads to; empty if the parent's row does not know them yet.
 *
 * @throws the error of the call that should have brought them.
 */
export async function followMany<P extends GraphObject, C extends GraphObject>(
  graph: GraphContext,
  relation: Followed<P, C>,
  parent: P,
): Promise<readonly C[]> {
  return ((await follow(graph, relation, parent, true)) ?? []) as readonly C[];
}

async function follow(graph: GraphContext, relation: Followed, parent: GraphObject, many: boolean): Promise<unknown> {
  const name = `${relation.from.typename}.${relation.field}`;
  if (relation.many !== many) throw new Error(`${name} leads to ${many ? "one object" : "many objects"}`);
  if (relation.kind === "embedded") return embeddedValue(relation, parent);
  const known = knownResult(relation)(parent);
  const value = known === undefined ? await graph.loaders.load(relation, parent) : known;
  if (value instanceof Error) throw value;
  return value;
}
