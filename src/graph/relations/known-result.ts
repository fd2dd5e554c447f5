import type { GraphObject } from "../model/graph-object.js";
import type { LoadedRelation } from "./relation.js";

/**
 * Reads what a parent already knows of a relation: its prefetched result, or the empty result if it holds no key; undefined if it
 * has to be loaded. An Error stays a value.
 */
export function knownResult(relation: LoadedRelation): (parent: GraphObject) => unknown {
  const key = `@${relation.field}` as const;
  return (parent) => {
    const prefetched = parent[key];
    if (prefetched !== undefined) return prefetched;
    if (relation.key(parent) != null) return undefined;
    return relation.many ? [] : null;
  };
}
