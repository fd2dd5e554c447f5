import {
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  execute as graphqlExecute,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { collectFields } from "graphql/execution/collectFields.js";
import { Bailout, type CoercedOperation, OutputPlan } from "./output-plan.js";
import type { OperationInfo } from "./selection.js";

/** Answers of root fields by their name in the answer, for when graphql-js takes over: nothing is asked upstream twice. */
export type ResolvedRoots = ReadonlyMap<string, Promise<unknown>>;

/** What execution wants of an operation's context. */
export interface ExecutionContext {
  /** Where graphql-js finds what was resolved before it took over. */
  resolvedRoots?: ResolvedRoots;
  readonly thinning: { readonly misses: ReadonlySet<string> };
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
export function createExecute(
  onMisses: (columns: readonly string[]) => void,
  byTheBook: typeof graphqlExecute = graphqlExecute,
): Execute {
  const queries: Queries = new WeakMap();
  return async (args) => {
    const planned = planOf(args, queries);
    if (planned === undefined) return byTheBook(args);
    const { contextValue } = args;
    const { misses } = contextValue.thinning;
    const missesBefore = misses.size;
    const result = (await project(planned.plan, planned.coerced, contextValue)) ?? (await byTheBook(args));
    if (misses.size === missesBefore) return result;
    // Something was read of a row that had not been kept: again, with whole rows.
    onMisses([...misses].slice(missesBefore));
    contextValue.resolvedRoots = undefined;
    contextValue.renew();
    return byTheBook(args);
  };
}

/** The answer of a plan; undefined, with the roots handed on, where it is not plain. */
async function project(
  plan: Plan,
  variableValues: Variables,
  contextValue: ExecutionContext,
): Promise<ExecutionResult | undefined> {
  const roots = plan.map((root) => root.resolve(variableValues, contextValue));
  const outcomes = await Promise.allSettled(roots);
  try {
    const data: Record<string, unknown> = {};
    for (const [index, { name, complete }] of plan.entries()) {
      const outcome = outcomes[index] as PromiseSettledResult<unknown>;
      if (outcome.status === "rejected") throw new Bailout();
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
  resolve(variableValues: Variables, context: unknown): Promise<unknown>;
  complete(value: unknown, context: unknown): Promise<unknown>;
}
type Plan = readonly PlannedRoot[];
type Variables = Readonly<Record<string, unknown>>;

/** A query of a document, with the plans for it by the values of those variables that shape its answer. */
interface Planned {
  readonly operation: OperationDefinitionNode;
  readonly shaping: ReadonlySet<string>;
  readonly plans: Map<string, Plan>;
}

/** By document and operation. A document lives as long as the server keeps it, and its plans with it. */
type Queries = WeakMap<DocumentNode, Map<string, Planned>>;
const PLANS_PER_QUERY = 32;
const LONGEST_KEY = 1_000;

/** How a query is answered, with its variables; undefined where graphql-js must do it. */
function planOf({ schema, document, operationName, variableValues }: ExecutionArgs, queries: Queries) {
  const query = plannedOf(document, operationName, queries);
  if (query === undefined) return undefined;
  const { operation, shaping, plans } = query;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (errors !== undefined) return undefined;
  const key = JSON.stringify(only(shaping, variableValues ?? {}));
  const kept = plans.get(key);
  if (kept !== undefined) return { plan: kept, coerced };
  const plan = planRoots(schema, document, operation, only(shaping, coerced));
  if (plan === undefined) return undefined;
  if (key.length <= LONGEST_KEY) {
    if (plans.size >= PLANS_PER_QUERY) plans.clear();
    plans.set(key, plan);
  }
  return { plan, coerced };
}

function plannedOf(document: DocumentNode, operationName: string | null | undefined, queries: Queries) {
  const known = queries.get(document) ?? new Map<string, Planned>();
  const kept = known.get(operationName ?? "");
  if (kept !== undefined) return kept;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== "query") return undefined;
  const planned = { operation, shaping: shapingVariables(document, operation), plans: new Map<string, Plan>() };
  queries.set(document, known.set(operationName ?? "", planned));
  return planned;
}

/** The variables of which a plan depends: all but those that are only arguments of root fields, such as the cursor of a page. */
function shapingVariables(document: DocumentNode, operation: OperationDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (node: ASTNode) => visit(node, { Variable: ({ name }) => void names.add(name.value) });
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) note(definition);
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind === Kind.FIELD) note({ ...selection, arguments: [] });
    else note(selection);
  }
  return names;
}

function only(names: ReadonlySet<string>, variables: Variables): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
}

/** Undefined where a root field is introspection, or a selection is not for us. */
function planRoots(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variableValues: Record<string, unknown>,
): Plan | undefined {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const coerced: CoercedOperation = { schema, fragments, operation, variableValues };
  const query = schema.getQueryType() as GraphQLObjectType;
  const projection = new OutputPlan(coerced);
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
  projection: OutputPlan,
): PlannedRoot {
  const parentType = coerced.schema.getQueryType() as GraphQLObjectType;
  const path = { prev: undefined, key: name, typename: parentType.name };
  const place = { fieldName: field.name, fieldNodes: nodes, returnType: field.type, parentType, path };
  const info: GraphQLResolveInfo & OperationInfo = { ...place, ...coerced, rootValue: undefined, thinRows: true };
  return {
    name,
    async resolve(variableValues, context) {
      const args = getArgumentValues(field, nodes[0] as FieldNode, variableValues);
      return field.resolve?.(undefined, args, context, info);
    },
    complete: projection.completeYielding(field.type, nodes),
  };
}
