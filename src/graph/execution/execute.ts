import {
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeByTheBook,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import { NotPlain, type ProjectedOperation, Projection } from "./projection.js";

/** Answers of root fields by their name in the answer, for when graphql-js takes over: nothing is asked upstream twice. */
export type ResolvedRoots = ReadonlyMap<string, Promise<unknown>>;

/** Where graphql-js finds what was resolved before it took over. */
export interface TakesOver {
  resolvedRoots?: ResolvedRoots;
}

/**
 * Executes an operation like graphql-js's `execute`, with the same answer.
 *
 * The root fields of a query are resolved as ever; the look-ahead has then joined everything, and the objects are projected in one
 * go. Mutations, introspection, errors and promises are left to graphql-js, which is handed what was resolved.
 */
export async function execute(args: ExecutionArgs & { contextValue: TakesOver }): Promise<ExecutionResult> {
  const operation = prepared(args);
  if (operation === undefined) return executeByTheBook(args);

  const roots = resolveRoots(operation);
  if (roots === undefined) return executeByTheBook(args);
  const settled = await Promise.allSettled([...roots.values()].map((root) => root.value));
  try {
    const projection = new Projection(operation);
    const data: Record<string, unknown> = {};
    for (const [index, [name, { info }]] of [...roots].entries()) {
      const outcome = settled[index] as PromiseSettledResult<unknown>;
      if (outcome.status === "rejected") throw new NotPlain();
      data[name] = projection.complete(info.returnType, info.fieldNodes)(outcome.value);
    }
    return { data };
  } catch {
    // Whatever went wrong, graphql-js says it by the book.
    args.contextValue.resolvedRoots = new Map([...roots].map(([name, { value }]) => [name, value]));
    return executeByTheBook(args);
  }
}

/** What the projection needs of a query; undefined where graphql-js must do it. */
function prepared(args: ExecutionArgs): ProjectedOperation | undefined {
  const { schema, document, contextValue, rootValue, operationName } = args;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== "query") return undefined;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], args.variableValues ?? {});
  if (errors !== undefined) return undefined;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return { schema, fragments, operation, variableValues: coerced, contextValue, rootValue };
}

interface Root {
  readonly value: Promise<unknown>;
  readonly info: GraphQLResolveInfo;
}

/** Calls the resolvers of the root fields; undefined, and nothing called, where one of them is introspection. */
function resolveRoots(prepared: ProjectedOperation): Map<string, Root> | undefined {
  const { schema, fragments, operation, variableValues, contextValue, rootValue } = prepared;
  const query = schema.getQueryType() as GraphQLObjectType;
  const selected = collectFields(schema, fragments, variableValues, query, operation.selectionSet);
  for (const [name, [node]] of selected) {
    if (name === "__proto__" || node === undefined || query.getFields()[node.name.value]?.resolve === undefined)
      return undefined;
  }
  const roots = new Map<string, Root>();
  for (const [name, fieldNodes] of selected) {
    const field = query.getFields()[(fieldNodes[0] as FieldNode).name.value];
    if (field?.resolve === undefined) continue;
    const { resolve, type: returnType, name: fieldName } = field;
    const path = { prev: undefined, key: name, typename: query.name };
    const place = { fieldName, fieldNodes, returnType, parentType: query, path };
    const info = { ...place, schema, fragments, operation, variableValues, rootValue };
    const value = (async () => {
      const args = getArgumentValues(field, fieldNodes[0] as FieldNode, variableValues);
      return resolve(rootValue, args, contextValue, info);
    })();
    roots.set(name, { value, info });
  }
  return roots;
}
