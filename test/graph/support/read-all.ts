import { type GraphQLObjectType, getNamedType, isObjectType } from "graphql";
import type { Relation } from "../../../src/graph/relations/relation.js";
import { fullSchema } from "../../../src/schema/schema.js";

/** A field that is empty although every column of the row has a value. */
export type Empty = string;

/**
 * Reads every field of an object and of the objects embedded in it, and for relations, what they read of the row.
 *
 * @returns the plain fields that are null or UNKNOWN.
 */
export function readAll(typename: string, object: object): Empty[] {
  const { schema, relations } = fullSchema();
  const type = schema.getType(typename) as GraphQLObjectType;
  return Object.values(type.getFields()).flatMap((field) => {
    // Computed by a flow, not from the row.
    if (field.extensions.computed === true) return [];
    const relation = relations.relation(typename, field.name);
    const value =
      relation === undefined ? (object as Record<string, unknown>)[field.name] : readRelation(relation, object);
    if (relation !== undefined && value === undefined) return [];
    const inner = getNamedType(field.type);
    const items = [value].flat();
    if (isObjectType(inner)) {
      // A relation to another resource ends here: the row only has its stub.
      if (relation !== undefined && schema.getPossibleTypes(nodeType()).includes(inner)) return [];
      return items.flatMap((item) => (item ? readAll(inner.name, item as object) : [`${typename}.${field.name}`]));
    }
    const missing = items.length === 0 || items.some((item) => item === null || item === undefined);
    return missing || items.includes("UNKNOWN") ? [`${typename}.${field.name}`] : [];
  });
}

/** Reads what a relation needs of its parent. Returns the embedded object, if the relation is embedded. */
function readRelation(relation: Relation, parent: object): unknown {
  const from = parent as never;
  if (relation.kind === "embedded") return relation.embed(from);
  relation.key(from);
  if (relation.kind === "connection") relation.expectedCount?.(from);
  else {
    relation.expectedCount?.(from);
    relation.stub?.create(from);
  }
  return undefined;
}

function nodeType() {
  return fullSchema().schema.getType("Node") as never;
}
