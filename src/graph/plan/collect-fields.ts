import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
} from "graphql";
// Not public API of graphql-js: nothing else imports its internals.
import { collectFields, collectSubfields } from "graphql/execution/collectFields.js";

/** An operation with coerced variables: what its selections are read with. */
export interface CoercedOperation {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly variableValues: Record<string, unknown>;
}

/** Field nodes by response name; fragments are expanded, `@skip` and `@include` are honored. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>;

/** The fields at the root of an operation. */
export function collectRootFields(
  { schema, fragments, variableValues }: CoercedOperation,
  type: GraphQLObjectType,
  { selectionSet }: OperationDefinitionNode,
): CollectedFields {
  return collectFields(schema, fragments, variableValues, type, selectionSet);
}

/** The fields selected on an object type below field nodes. */
export function collectSelectedFields(
  { schema, fragments, variableValues }: CoercedOperation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): CollectedFields {
  return collectSubfields(schema, fragments, variableValues, type, nodes);
}

/** The names of all fields selected on an object type below field nodes. */
export function selectedNames(
  operation: CoercedOperation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): string[] {
  return [...collectSelectedFields(operation, type, nodes).values()].map(([node]) => node?.name.value ?? "");
}
