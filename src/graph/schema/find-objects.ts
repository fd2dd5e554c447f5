import { asError } from "../../kernel/errors.js";
import type { GraphContext } from "../loading/graph-context.js";
import type { GraphObject } from "../model/graph-object.js";
import type { RootInfo } from "../plan/operation-plan.js";
import type { NodeKind } from "./node-kind.js";
import { findNodes } from "./root-fields.js";

/** Which object is looked up. */
export interface ObjectKey {
  readonly kind: NodeKind;
  readonly localId: string;
}

/**
 * Objects of several kinds, in the order of their keys: those of a kind are looked up together, with the relations that the selection
 * needs. Each is the object, null if it does not exist, its error if it cannot be read, or the error of the call for its kind, which concerns no other kind.
 */
export async function findObjects(
  graph: GraphContext,
  info: RootInfo,
  keys: readonly ObjectKey[],
): Promise<(GraphObject | Error | null)[]> {
  const idsByKind = new Map<NodeKind, Set<string>>();
  for (const { kind, localId } of keys) idsByKind.set(kind, (idsByKind.get(kind) ?? new Set()).add(localId));
  const found = new Map<NodeKind, Map<string, GraphObject | Error> | Error>();
  await Promise.all(
    [...idsByKind].map(async ([kind, localIds]) => {
      found.set(kind, await findNodes(graph, info, kind, [...localIds]).catch(asError));
    }),
  );
  return keys.map(({ kind, localId }) => {
    const objects = found.get(kind);
    return objects instanceof Error ? objects : (objects?.get(localId) ?? null);
  });
}

/** Calls that looking up objects of these kinds takes at most, if the ids of each kind fit into one. */
export function callsToFind(kinds: Iterable<NodeKind>): number {
  return [...new Set(kinds)].reduce((sum, { calls = 1 }) => sum + calls, 0);
}
