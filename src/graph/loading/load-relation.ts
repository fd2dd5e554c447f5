import { MissingInVersionError } from "../../upstream/known-version.js";
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

/** Loads the results for all parents in one batch. */
export function loadRelation(
  session: UpstreamSession,
  relation: LoadedRelation,
  parents: readonly GraphObject[],
): Promise<ResultsByKey<Value>> {
  const keys = keysOf(relation, parents);
  if (keys.length === 0) return Promise.resolve(new Map());
  return completeLoad(session, relation, parents, { results: loadKeys(session, relation, keys), shortcut: false });
}

/** Loads the results for keys. None if CloudTower's version does not have the relation. */
export function loadKeys(
  session: UpstreamSession,
  relation: LoadedRelation,
  keys: readonly string[],
  exhaustive?: boolean,
): Promise<ResultsByKey<Value>> {
  return relation.load(session, keys, exhaustive).catch(noneIfMissing);
}

function noneIfMissing(error: unknown): ResultsByKey<Value> {
  if (error instanceof MissingInVersionError) return new Map();
  throw error;
}

/** A load that has been started. */
export interface StartedLoad {
  readonly results: Promise<ResultsByKey<Value>>;
  /** True if it went through the relation above, and so may miss what was attached in the meantime. */
  readonly shortcut: boolean;
}

/**
 * Completes the results of a load.
 *
 * Keys that a shortcut missed are loaded by themselves. If a parent's row tells of more objects than arrived, its list is read again
 * exhaustively. If it tells of fewer, its list is read again by itself: what CloudTower replaced between two pages was in both.
 */
export async function completeLoad(
  session: UpstreamSession,
  relation: LoadedRelation,
  parents: readonly GraphObject[],
  { results, shortcut }: StartedLoad,
): Promise<ResultsByKey<Value>> {
  const found = shortcut ? await emptyIfRefused(results) : await results;
  const missing = shortcut ? keysOf(relation, parents, (key) => !found.has(key)) : [];
  if (missing.length > 0) merge(found, await loadKeys(session, relation, missing));
  const short = parents.filter((parent) => surplus(relation, parent, found) < 0);
  if (short.length > 0) merge(found, await loadKeys(session, relation, keysOf(relation, short), true));
  const long = parents.filter((parent) => surplus(relation, parent, found) > 0);
  if (long.length > 0) merge(found, await loadKeys(session, relation, keysOf(relation, long)));
  return found;
}

/** An older CloudTower may not have the filter of a shortcut: then nothing was found by it. */
async function emptyIfRefused(results: Promise<ResultsByKey<Value>>): Promise<ResultsByKey<Value>> {
  try {
    return await results;
  } catch (error) {
    if (error instanceof UpstreamError && error.failure.status === 400) return new Map();
    return noneIfMissing(error);
  }
}

/** How many more objects were found than the parent's row tells of; 0 if it tells nothing. */
function surplus(relation: LoadedRelation, parent: GraphObject, found: ResultsByKey<Value>): number {
  const expected = relation.expectedCount?.(parent) ?? 0;
  if (expected === 0) return 0;
  const value = found.get(relation.key(parent) ?? "");
  if (value === undefined) return -expected;
  return Array.isArray(value) ? value.length - expected : 0;
}

function merge<V>(into: Map<string, V>, from: Map<string, V>): void {
  for (const [key, value] of from) into.set(key, value);
}
