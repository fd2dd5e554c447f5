import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getNamedType } from "graphql";
import { collectSubfields } from "graphql/execution/collectFields.js";

/** What of a running operation is needed to read its selections. */
export type OperationInfo = Pick<GraphQLResolveInfo, "schema" | "fragments" | "variableValues"> & {
  /** Whether only those columns of rows are kept that the selection reads. Whoever asks for it must look for misses. */
  readonly thinRows?: boolean;
};

/** The fields selected on a type, by name; aliases of a field stand together. Fragments, `@skip` and `@include` are honoured. */
export function selectedFields(
  { schema, fragments, variableValues }: OperationInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Map<string, FieldNode[]> {
  const byName = new Map<string, FieldNode[]>();
  for (const fieldNodes of collectSubfields(schema, fragments, variableValues, type, nodes).values()) {
    for (const node of fieldNodes) {
      const known = byName.get(node.name.value);
      if (known === undefined) byName.set(node.name.value, [node]);
      else known.push(node);
    }
  }
  return byName;
}

/** Whether every field selected on the type is one of `fields`. */
export function selectsOnly(
  info: OperationInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  fields: ReadonlySet<string>,
): boolean {
  for (const name of selectedFields(info, type, nodes).keys()) if (!fields.has(name)) return false;
  return true;
}

/** The selections on the objects of a connection: those below `nodes` and below `edges { node }`. */
export function itemNodes(
  info: OperationInfo,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): FieldNode[] {
  const fields = selectedFields(info, connection, nodes);
  const edges = fields.get("edges");
  const edgeType = getNamedType(connection.getFields().edges?.type) as GraphQLObjectType;
  const below = edges === undefined ? [] : (selectedFields(info, edgeType, edges).get("node") ?? []);
  return [...(fields.get("nodes") ?? []), ...below];
}
