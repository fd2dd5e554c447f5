import { type GraphQLSchema, getNamedType, isLeafType, isObjectType, isRequiredArgument } from "graphql";
import type { GraphObject } from "./response-graph.js";

/** An operation for a new tab. */
export interface NewOperation {
  readonly query: string;
  readonly variables: string;
}

/**
 * A query for one object with all its own values.
 *
 * @returns undefined if the response shows no global id of it, or if its type cannot be read by id.
 */
export function openAsQuery(
  { id, type }: GraphObject,
  schema: GraphQLSchema | null | undefined,
): NewOperation | undefined {
  if (id === undefined) return undefined;
  const declared = schema?.getType(type);
  if (schema && !isObjectType(declared)) return undefined;
  if (isObjectType(declared) && !declared.getInterfaces().some(({ name }) => name === "Node")) return undefined;
  const values = isObjectType(declared)
    ? Object.values(declared.getFields())
        .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
        .filter(({ deprecationReason, name }) => deprecationReason === undefined && name !== "id")
        .map(({ name }) => `      ${name}\n`)
    : [];
  const fields = values.length === 0 ? "" : `    ... on ${type} {\n${values.join("")}    }\n`;
  const query = `query ${type}ById($id: ID!) {\n  node(id: $id) {\n    __typename\n    id\n${fields}  }\n}\n`;
  return { query, variables: JSON.stringify({ id }, null, 2) };
}
