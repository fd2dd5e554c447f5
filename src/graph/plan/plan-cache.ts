import {
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
  type FragmentDefinitionNode,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { LRUCache } from "lru-cache";
import { runAll } from "../../kernel/turns/time-slicer.js";
import type { ColumnGuard } from "../../upstream/columns.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { type OperationPlan, planOperation } from "./operation-plan.js";

/** Maximum weight of all plans that are kept, in fields of their results: some 600 bytes each. */
const MAX_KEPT_FIELDS = 100_000;
/** Maximum length of such a combination, as JSON; longer ones are planned again each time. */
const MAX_KEY_LENGTH = 1_000;

const NONE: ReadonlySet<string> = new Set();

type Variables = Readonly<Record<string, unknown>>;

/** A query of a document. */
interface Query {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly shapingVariables: ReadonlySet<string>;
  /** Tells its plans from those of other queries. */
  readonly id: number;
}

/** A plan with the coerced variables to execute it with. */
export interface PlannedQuery {
  readonly plan: OperationPlan;
  readonly variableValues: Variables;
}

/** The plans of queries: one for each combination of the variables that shape it. The least recently used are dropped. */
export class PlanCache {
  private readonly queries = new WeakMap<DocumentNode, Map<string, Query>>();
  private readonly plans = new LRUCache<string, OperationPlan>({
    maxSize: MAX_KEPT_FIELDS,
    sizeCalculation: ({ weight }) => weight,
  });
  private queryCount = 0;

  constructor(
    private readonly registry: RelationRegistry,
    private readonly guard: ColumnGuard,
  ) {}

  /** The plan of a query; undefined for another kind of operation, and for variables that cannot be coerced. */
  planOf(args: ExecutionArgs): PlannedQuery | undefined {
    return runAll(this.steps(args));
  }

  /** Makes the plan of a query if it is not kept; the result is that of `planOf`. */
  *steps({
    schema,
    document,
    operationName,
    variableValues = {},
  }: ExecutionArgs): Generator<void, PlannedQuery | undefined> {
    const query = this.query(document, operationName ?? undefined);
    if (query === undefined) return undefined;
    const { operation, fragments, shapingVariables, id } = query;
    const definitions = operation.variableDefinitions ?? [];
    const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 1 });
    if (errors !== undefined) return undefined;
    const key = `${id} ${JSON.stringify(only(shapingVariables, variableValues ?? {}))}`;
    const known = this.plans.get(key);
    if (known !== undefined) return { plan: known, variableValues: coerced };
    const shaping = { schema, fragments, variableValues: only(shapingVariables, coerced) };
    const plan = yield* planOperation(shaping, operation, this.registry, this.guard);
    if (key.length <= MAX_KEY_LENGTH) this.plans.set(key, plan);
    return { plan, variableValues: coerced };
  }

  private query(document: DocumentNode, operationName: string | undefined): Query | undefined {
    const ofDocument = this.queries.get(document) ?? new Map<string, Query>();
    const known = ofDocument.get(operationName ?? "");
    if (known !== undefined) return known;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== "query") return undefined;
    const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    }
    const isConstant = (operation.variableDefinitions ?? []).length === 0;
    const shapingVariables = isConstant ? NONE : variablesThatShape(operation, Object.values(fragments));
    this.queryCount += 1;
    const query = { operation, fragments, shapingVariables, id: this.queryCount };
    this.queries.set(document, ofDocument.set(operationName ?? "", query));
    return query;
  }
}

/** The variables that a plan depends on: all but those that are only arguments of root fields, such as the cursor of a page. */
function variablesThatShape(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (node: ASTNode) => visit(node, { Variable: ({ name }) => void names.add(name.value) });
  for (const fragment of fragments) add(fragment);
  for (const selection of operation.selectionSet.selections) {
    add(selection.kind === Kind.FIELD ? { ...selection, arguments: [] } : selection);
  }
  return names;
}

function only(names: ReadonlySet<string>, variables: Variables): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
}
