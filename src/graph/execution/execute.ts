import {
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  execute as graphqlExecute,
  Kind,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import type { OperationInfo } from "../selection.js";
import { type CoercedOperation, NotPlain, Projection } from "./projection.js";

/** Answers of root fields by their name in the answer, for when graphql-js takes over: nothing is asked upstream twice. */
export type ResolvedRoots = ReadonlyMap<string, Promise<unknown>>;

/** What execution wants of an operation's context. */
export interface ExecutionContext {
  /** Where graphql-js finds what was resolved before it took over. */
  resolvedRoots?: ResolvedRoots;
  readonly thinning: { readonly misses: readonly string[] };
  /** Forgets what was loaded. */
  renew(): void;
}

/** Executes operations; see `createExecute`. */
export type Execute = (args: ExecutionArgs & { contextValue: ExecutionContext }) => Promise<ExecutionResult>;

/**
 * Makes a function that executes an operation like graphql-js's `execute`, with the same answer.
 *
 * The root fields of a query are resolved as ever; the look-ahead has then joined everything, and the objects are projected in one
 * go. Mutations, introspection, errors and promises are left to graphql-js, which is handed what was resolved. How a document's
 * operation is projected is worked out once and kept as long as the document.
 */
export function createExecute(byTheBook: typeof graphqlExecute = graphqlExecute): Execute {
  const plans: Plans = new WeakMap();
  return async (args) => {
    const plan = planOf(args, plans);
    if (plan === undefined) return byTheBook(args);
    const { contextValue } = args;
    const missesBefore = contextValue.thinning.misses.length;
    const result = (await project(plan, contextValue)) ?? (await byTheBook(args));
    if (contextValue.thinning.misses.length === missesBefore) return result;
    // Something was read of a row that had not been kept: again, with whole rows.
    contextValue.resolvedRoots = undefined;
    contextValue.renew();
    return byTheBook(args);
  };
}

/** The answer of a plan; undefined, with the roots handed on, where it is not plain. */
async function project(plan: Plan, contextValue: ExecutionContext): Promise<ExecutionResult | undefined> {
  const roots = plan.map((root) => root.resolve(contextValue));
  const outcomes = await Promise.allSettled(roots);
  try {
    const data: Record<string, unknown> = {};
    for (const [index, { name, complete }] of plan.entries()) {
      const outcome = outcomes[index] as PromiseSettledResult<unknown>;
      if (outcome.status === "rejected") throw new NotPlain();
      data[name] = await complete(outcome.value, contextValue);
    }
    return { data };
  } catch {
    // Whatever went wrong, graphql-js says it by the book.
    contextValue.resolvedRoots = new Map(plan.map(({ name }, index) => [name, roots[index] as Promise<unknown>]));
    return undefined;
  }
}

/** How one root field is resolved and completed. */
interface PlannedRoot {
  readonly name: string;
  resolve(context: unknown): Promise<unknown>;
  complete(value: unknown, context: unknown): Promise<unknown>;
}
type Plan = readonly PlannedRoot[];

/** Plans by document, operation and variables. A document lives as long as the server keeps it, and its plans with it. */
type Plans = WeakMap<object, Map<string, Plan>>;
const PLANS_PER_DOCUMENT = 32;
const LONGEST_KEY = 1_000;

/** How a query is answered; undefined where graphql-js must do it. */
function planOf({ schema, document, operationName, variableValues }: ExecutionArgs, plans: Plans): Plan | undefined {
  const key = `${operationName ?? ""} ${JSON.stringify(variableValues ?? {})}`;
  const known = plans.get(document) ?? new Map<string, Plan>();
  const kept = known.get(key);
  if (kept !== undefined) return kept;

  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== "query") return undefined;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (errors !== undefined) return undefined;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const plan = planRoots({ schema, fragments, operation, variableValues: coerced });
  if (plan === undefined || key.length > LONGEST_KEY) return plan;
  if (known.size >= PLANS_PER_DOCUMENT) known.clear();
  plans.set(document, known.set(key, plan));
  return plan;
}

/** Undefined where a root field is introspection, or a selection is not for us. */
function planRoots(coerced: CoercedOperation): Plan | undefined {
  const { schema, fragments, operation, variableValues } = coerced;
  const query = schema.getQueryType() as GraphQLObjectType;
  const projection = new Projection(coerced);
  const plan: PlannedRoot[] = [];
  for (const [name, nodes] of collectFields(schema, fragments, variableValues, query, operation.selectionSet)) {
    const [node] = nodes as [FieldNode];
    const field = query.getFields()[node.name.value];
    if (name === "__proto__" || (field?.resolve === undefined && node.name.value !== "__typename")) return undefined;
    try {
      plan.push(field === undefined ? typenameRoot(name, query) : plannedRoot(name, field, nodes, coerced, projection));
    } catch {
      return undefined;
    }
  }
  return plan;
}

function typenameRoot(name: string, query: GraphQLObjectType): PlannedRoot {
  return { name, resolve: async () => query.name, complete: async (value) => value };
}

function plannedRoot(
  name: string,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  coerced: CoercedOperation,
  projection: Projection,
): PlannedRoot {
  const parentType = coerced.schema.getQueryType() as GraphQLObjectType;
  const path = { prev: undefined, key: name, typename: parentType.name };
  const place = { fieldName: field.name, fieldNodes: nodes, returnType: field.type, parentType, path };
  const info: GraphQLResolveInfo & OperationInfo = { ...place, ...coerced, rootValue: undefined, thinRows: true };
  const args = getArgumentValues(field, nodes[0] as FieldNode, coerced.variableValues);
  return {
    name,
    resolve: async (context) => field.resolve?.(undefined, args, context, info),
    complete: projection.completeInTurns(field.type, nodes),
  };
}
