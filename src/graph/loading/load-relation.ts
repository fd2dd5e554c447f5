import type { UpstreamSession } from "../../upstream/session.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { GraphObject } from "../model/graph-object.js";
import type { LoadedRelation } from "../relations/relation.js";
import type { ResultsByKey } from "../relations/results-by-key.js";

type Value = GraphObject | GraphObject[];

/** The distinct keys that the parents hold. */
export function keysOf(
  relation: { key(parent: GraphObject): string | null | undefined },
  parents: readonly GraphObject[],
  wanted: (key: string) => boolean = () => true,
): string[] {
  const keys = new Set<string>();
  for (const parent of parents) {
    const key = relation.key(parent);
    if (key !== null && key !== undefined && wanted(key)) keys.add(key);
  }
  return [...keys];
}

/** The answers for all parents of a level, in one load. */
export function loadRelation(
  session: UpstreamSession,
  relation: LoadedRelation,
  parents: readonly GraphObject[],
): Promise<ResultsByKey<Value>> {
  const keys = keysOf(relation, parents);
  if (keys.length === 0) return Promise.resolve(new Map());
  return completeLoad(session, relation, parents, relation.load(session, keys), false);
}

/**
 * What a load brought, and what it should have brought besides.
 *
 * What an early load did not bring is loaded by its key, since it may have been attached meanwhile. Where a parent says that it
 * has more objects than came, its list is read to the end.
 */
export async function completeLoad(
  session: UpstreamSession,
  relation: LoadedRelation,
  parents: readonly GraphObject[],
  load: Promise<ResultsByKey<Value>>,
  prefetch: boolean,
): Promise<ResultsByKey<Value>> {
  const found = prefetch ? await tolerant(load) : await load;
  const missing = prefetch ? keysOf(relation, parents, (key) => !found.has(key)) : [];
  if (missing.length > 0) merge(found, await relation.load(session, missing));
  const short = parents.filter((parent) => isShort(relation, parent, found));
  if (short.length > 0) merge(found, await relation.load(session, keysOf(relation, short), true));
  return found;
}

/** An early load is a shortcut: an older CloudTower that refuses its filter is asked the plain way. */
async function tolerant(begun: Promise<ResultsByKey<Value>>): Promise<ResultsByKey<Value>> {
  try {
    return await begun;
  } catch (error) {
    if (error instanceof UpstreamError && error.failure.status === 400) return new Map();
    throw error;
  }
}

function isShort(relation: LoadedRelation, parent: GraphObject, found: ResultsByKey<Value>): boolean {
  const expected = relation.expectedCount?.(parent) ?? 0;
  if (expected === 0) return false;
  const value = found.get(relation.key(parent) ?? "");
  return value === undefined || (Array.isArray(value) && value.length < expected);
}

function merge<V>(into: Map<string, V>, from: Map<string, V>): void {
  for (const [key, value] of from) into.set(key, value);
}
