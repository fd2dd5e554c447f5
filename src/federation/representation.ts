import type { NodeKind } from "../graph/schema/node-kind.js";
import { badInput, type TowerError } from "../kernel/errors.js";
import { quote, splitGlobalId } from "../kernel/text/global-id.js";

/** The object that a representation names. */
export interface EntityKey {
  readonly kind: NodeKind;
  readonly localId: string;
}

/** The kinds of this subgraph's entities, by the names of their types. */
export type EntityKinds = ReadonlyMap<string, NodeKind>;

/** Reads a representation, such as `{"__typename": "Vm", "id": "Vm:cl2k9x0a0"}`. @returns the error for what is wrong with it */
export function keyOf(representation: unknown, kinds: EntityKinds): EntityKey | TowerError {
  const typename = textOf(representation, "__typename");
  if (typename === undefined) {
    return badInput(
      'A representation must be an object with "__typename", such as {"__typename": "Vm", "id": "Vm:..."}.',
    );
  }
  const kind = kinds.get(typename);
  if (kind === undefined) return badInput(`Not an entity of this subgraph: ${quote(typename)}.`);
  const id = textOf(representation, "id");
  if (id === undefined) {
    return badInput(
      `A representation of ${quote(typename)} must have the key "id", a text such as "${typename}:cl2k9x0a0".`,
    );
  }
  return keyOfId(kind, id);
}

function keyOfId(kind: NodeKind, id: string): EntityKey | TowerError {
  const { typename } = kind.resource;
  try {
    const parts = splitGlobalId(id);
    if (parts.typename === typename) return { kind, localId: parts.localId };
    return badInput(`Not the id of a ${typename}, but of a ${quote(parts.typename)}: ${quote(id)}.`);
  } catch (error) {
    return error as TowerError;
  }
}

/** Only of the object itself: a representation may have been sent with any names. */
function textOf(representation: unknown, name: string): string | undefined {
  if (typeof representation !== "object" || representation === null || !Object.hasOwn(representation, name))
    return undefined;
  const value = (representation as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : undefined;
}
