import { type GraphQLObjectType, getNamedType, isObjectType } from "graphql";
import type { Relation } from "../../../src/graph/relations/relation.js";
import { fullSchema } from "../../../src/schema/schema.js";

/** A field that answered nothing though the row had a value for everything. */
export type Empty = string;

/**
 * Reads every field of an object and of the objects inside it; of an edge, what it wants of the row.
 *
 * @returns the plain fields that gave null, or UNKNOWN.
 */
export function readAll(typename: string, object: object): Empty[] {
  const { schema, relations } = fullSchema();
  const type = schema.getType(typename) as GraphQLObjectType;
  return Object.values(type.getFields()).flatMap((field) => {
    // A flow answers it, and not the row.
    if (field.extensions.computed === true) return [];
    const relation = relations.relation(typename, field.name);
    const value = relation === undefined ? (object as Record<string, unknown>)[field.name] : askEdge(relation, object);
    if (relation !== undefined && value === undefined) return [];
    const inner = getNamedType(field.type);
    const items = [value].flat();
    if (isObjectType(inner)) {
      // An edge to another resource ends here: its row is only a stub.
      if (relation !== undefined && schema.getPossibleTypes(nodeType()).includes(inner)) return [];
      return items.flatMap((item) => (item ? readAll(inner.name, item as object) : [`${typename}.${field.name}`]));
    }
    const missing = items.length === 0 || items.some((item) => item === null || item === undefined);
    return missing || items.includes("UNKNOWN") ? [`${typename}.${field.name}`] : [];
  });
}

/** Lets an edge read what it needs of its parent; gives what stands in the row itself. */
function askEdge(relation: Relation, parent: object): unknown {
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
