import {
  defaultFieldResolver,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFieldResolver,
  getOperationAST,
  execute as graphqlExecute,
} from "graphql";
import type { Budget } from "../../kernel/budget.js";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { TowerError } from "../../kernel/errors.js";
import { TimeSlicer } from "../../kernel/turns/time-slicer.js";
import { ColumnGuard } from "../../upstream/columns.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { executionArgs } from "./execution-args.js";
import { explain } from "./explain.js";
import { IntrospectionCache } from "./introspection-cache.js";
import { Bailout, type OutputContext } from "./output-plan.js";
import { PlanCache, type PlannedQuery } from "./plan-cache.js";
import { createSubscribe, type Subscribe } from "./subscribe.js";

/** Values of root fields by response name, for when graphql-js takes over: nothing is asked upstream twice. */
export type ResolvedRoots = ReadonlyMap<string, Promise<unknown>>;

/** What execution needs of an operation's context. */
export interface ExecutionContext {
  /** Where graphql-js finds the root fields that were resolved before it took over. */
  resolvedRoots?: ResolvedRoots;
  /** What the operation may use. */
  readonly budget: Budget;
  /** Lets others go first, until the next turn of the operation's client on the event loop. */
  nextTurn(costMs: number): Promise<void>;
  /** Whom it is executed for, and until when. */
  readonly session: { readonly client: string; readonly signal: CancelSignal };
  /** Whether nobody waits for the result any longer. */
  readonly isAbandoned: boolean;
  /** Drops what was loaded. */
  renew(): void;
}

/** Executes an operation. */
export type Execute = (args: ExecutionArgs & { contextValue: ExecutionContext }) => Promise<ExecutionResult>;

/** Executes operations, and explains how. */
export interface Executor {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  /** What the operation asks of CloudTower, as text; see `explain`. */
  explain(args: ExecutionArgs): string;
}

/** Options for `createExecutor`. */
export interface ExecutorOptions {
  readonly registry: RelationRegistry;
  /** Is called with the columns that an operation read although they were not requested, such as `Vm.name`. May throw. */
  readonly onColumnMisses: (columns: readonly string[]) => void;
  /** Omits names of the schema that the client did not write ("Did you mean ...") from errors. @default false */
  readonly hideSuggestions?: boolean;
  /** Executes what has no plan. @default graphql-js's `execute` */
  readonly referenceExecute?: typeof graphqlExecute;
}

/**
 * Creates an executor that gives the same results as graphql-js's `execute`.
 *
 * A query is executed by its plan: root fields are resolved, the look-ahead loads everything below them, and the objects are written
 * into the response by compiled functions. Mutations, introspection, errors and promises are left to graphql-js, which is handed the
 * root fields that were resolved.
 */
export function createExecutor({
  registry,
  onColumnMisses,
  hideSuggestions = false,
  referenceExecute = graphqlExecute,
}: ExecutorOptions): Executor {
  const guard = new ColumnGuard();
  const plans = new PlanCache(registry, guard);
  const introspection = new IntrospectionCache();
  return {
    async execute(given) {
      const args = executionArgs(given, hideSuggestions);
      const { contextValue } = args;
      const slicer = new TimeSlicer((costMs) => contextValue.nextTurn(costMs));
      const planned = await slicer.run(plans.steps(args));
      const isPlanned = planned !== undefined && planned.plan.bailout === undefined;
      if (planned?.plan.isIntrospection) {
        const compute = async () => {
          const described = isPlanned ? await executePlan(planned, contextValue) : undefined;
          if (described === undefined) return { result: await referenceExecute(args), bytes: undefined };
          const { exceeded, spent } = contextValue.budget;
          return { result: described, bytes: exceeded === undefined ? spent.resultBytes : undefined };
        };
        const result = await introspection.resultOf(args, contextValue.session, compute).catch(resultOfFailure);
        return withinBudget(result, contextValue.budget);
      }
      const missesBefore = guard.misses.size;
      let result =
        (isPlanned && (await executePlan(planned, contextValue))) || (await referenceExecute(withBudget(args)));
      // The guard belongs to all operations. A mutation reads whole rows and is never run again: that would repeat its writes.
      if (guard.misses.size !== missesBefore && isQuery(args)) {
        onColumnMisses([...guard.misses].slice(missesBefore));
        // A dropped column was read; run again with full rows.
        contextValue.resolvedRoots = undefined;
        contextValue.renew();
        result = await referenceExecute(withBudget(args));
      }
      return isQuery(args) ? withinBudget(result, contextValue.budget) : result;
    },
    subscribe: createSubscribe(referenceExecute, hideSuggestions),
    explain(args) {
      const planned = plans.planOf(args);
      return planned === undefined ? "Executed field by field: only a query has a plan." : explain(planned);
    },
  };
}

/** The result of a plan; undefined, with the root fields handed on, if it is not plain. */
async function executePlan(
  { plan: { roots }, variableValues }: PlannedQuery,
  contextValue: ExecutionContext,
): Promise<ExecutionResult | undefined> {
  const values = roots.map((root) => root.resolve(variableValues, contextValue));
  const outcomes = await Promise.allSettled(values);
  const output: OutputContext = {
    budget: contextValue.budget,
    slicer: new TimeSlicer((costMs) => contextValue.nextTurn(costMs)),
  };
  try {
    const data: Record<string, unknown> = {};
    for (const [index, root] of roots.entries()) {
      const outcome = outcomes[index] as PromiseSettledResult<unknown>;
      if (outcome.status === "rejected") throw new Bailout();
      data[root.responseName] = await root.complete(outcome.value, output);
    }
    // What follows, serializing and sending, is another slice.
    if (output.slicer.isOver()) await output.slicer.yield();
    return { data };
  } catch {
    if (contextValue.budget.exceeded !== undefined || contextValue.isAbandoned) return { data: null };
    // graphql-js reports errors per the spec.
    const resolved = roots.map((root, index) => [root.responseName, values[index] as Promise<unknown>] as const);
    contextValue.resolvedRoots = new Map(resolved);
    return undefined;
  }
}

/** A query that has exceeded its budget has no other result than that. A mutation keeps its result: its write has been done. */
function withinBudget(result: ExecutionResult, { exceeded }: Budget): ExecutionResult {
  return exceeded === undefined ? result : resultOfFailure(exceeded);
}

function resultOfFailure(error: unknown): ExecutionResult {
  if (!(error instanceof TowerError)) throw error;
  return { data: null, errors: [new GraphQLError(error.message, { extensions: { code: error.code } })] };
}

/**
 * Charges what graphql-js executes: each object, by the position of the first of its fields without a resolver, and each such field.
 *
 * In a mutation the charge nulls no field: an error could hide what was written. Once the budget is exceeded, no further call is made.
 */
function withBudget(args: ExecutionArgs & { contextValue: ExecutionContext }): ExecutionArgs {
  const { budget } = args.contextValue;
  /** Positions of objects that were charged. */
  const charged = new WeakSet<object>();
  const mayFail = getOperationAST(args.document, args.operationName)?.operation !== "mutation";
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, fieldArgs, context, info) => {
    const value = defaultFieldResolver(source, fieldArgs, context, info);
    const position = info.path.prev;
    try {
      if (position !== undefined && !charged.has(position)) {
        charged.add(position);
        budget.spendObject(0);
      }
      budget.spendBytes(info.fieldName.length + (typeof value === "string" ? value.length : 0));
    } catch (error) {
      if (mayFail) throw error;
    }
    return value;
  };
  return { ...args, fieldResolver };
}

function isQuery({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === "query";
}
