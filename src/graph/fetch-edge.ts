import type { UpstreamSession } from "../upstream/session.js";
import { UpstreamError } from "../upstream/upstream-error.js";
import type { FetchedEdge } from "./edge.js";
import type { Found } from "./found.js";
import type { Joinable } from "./joinable.js";

type Value = Joinable | Joinable[];

/** The distinct keys that the parents hold. */
export function keysOf(
  edge: { key(parent: Joinable): string | null | undefined },
  parents: readonly Joinable[],
  wanted: (key: string) => boolean = () => true,
): string[] {
  const keys = new Set<string>();
  for (const parent of parents) {
    const key = edge.key(parent);
    if (key !== null && key !== undefined && wanted(key)) keys.add(key);
  }
  return [...keys];
}

/** The answers for all parents of a level, in one load. */
export function fetchEdge(
  session: UpstreamSession,
  edge: FetchedEdge,
  parents: readonly Joinable[],
): Promise<Found<Value>> {
  const keys = keysOf(edge, parents);
  if (keys.length === 0) return Promise.resolve(new Map());
  return completed(session, edge, parents, edge.load(session, keys), false);
}

/**
 * What a load brought, and what it should have brought besides.
 *
 * What an early load did not bring is loaded by its key, since it may have been attached meanwhile. Where a parent says that it
 * has more objects than came, its list is read to the end.
 */
export async function completed(
  session: UpstreamSession,
  edge: FetchedEdge,
  parents: readonly Joinable[],
  load: Promise<Found<Value>>,
  early: boolean,
): Promise<Found<Value>> {
  const found = early ? await tolerant(load) : await load;
  const missing = early ? keysOf(edge, parents, (key) => !found.has(key)) : [];
  if (missing.length > 0) merge(found, await edge.load(session, missing));
  const short = parents.filter((parent) => isShort(edge, parent, found));
  if (short.length > 0) merge(found, await edge.load(session, keysOf(edge, short), true));
  return found;
}

/** An early load is a shortcut: an older CloudTower that refuses its filter is asked the plain way. */
async function tolerant(begun: Promise<Found<Value>>): Promise<Found<Value>> {
  try {
    return await begun;
  } catch (error) {
    if (error instanceof UpstreamError && error.failure.status === 400) return new Map();
    throw error;
  }
}

function isShort(edge: FetchedEdge, parent: Joinable, found: Found<Value>): boolean {
  const expected = edge.expected?.(parent) ?? 0;
  if (expected === 0) return false;
  const value = found.get(edge.key(parent) ?? "");
  return value === undefined || (Array.isArray(value) && value.length < expected);
}

function merge<V>(into: Map<string, V>, from: Map<string, V>): void {
  for (const [key, value] of from) into.set(key, value);
}
