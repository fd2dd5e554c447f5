import { type ExecutionArgs, type ExecutionResult, execute as graphqlExecute } from "graphql";
import { ColumnGuard } from "../../upstream/columns.js";
import type { RelationRegistry } from "../relations/relation-registry.js";
import { explain } from "./explain.js";
import { Bailout } from "./output-plan.js";
import { PlanCache, type PlannedQuery } from "./plan-cache.js";

/** Values of root fields by response name, for when graphql-js takes over: nothing is asked upstream twice. */
export type ResolvedRoots = ReadonlyMap<string, Promise<unknown>>;

/** What execution needs of an operation's context. */
export interface ExecutionContext {
  /** Where graphql-js finds the root fields that were resolved before it took over. */
  resolvedRoots?: ResolvedRoots;
  /** Forgets what was loaded. */
  renew(): void;
}

/** Executes an operation. */
export type Execute = (args: ExecutionArgs & { contextValue: ExecutionContext }) => Promise<ExecutionResult>;

/** Executes operations, and explains how. */
export interface Executor {
  readonly execute: Execute;
  /** What the operation asks of CloudTower, as text; see `explain`. */
  explain(args: ExecutionArgs): string;
}

/** Options for `createExecutor`. */
export interface ExecutorOptions {
  readonly registry: RelationRegistry;
  /** Is called with the columns that an operation read although they were not requested, such as `Vm.name`. May throw. */
  readonly onColumnMisses: (columns: readonly string[]) => void;
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
  referenceExecute = graphqlExecute,
}: ExecutorOptions): Executor {
  const guard = new ColumnGuard();
  const plans = new PlanCache(registry, guard);
  return {
    async execute(args) {
      const planned = plans.planOf(args);
      if (planned === undefined || planned.plan.bailout !== undefined) return referenceExecute(args);
      const { contextValue } = args;
      const missesBefore = guard.misses.size;
      const result = (await executePlan(planned, contextValue)) ?? (await referenceExecute(args));
      if (guard.misses.size === missesBefore) return result;
      onColumnMisses([...guard.misses].slice(missesBefore));
      // A dropped column was read; run again with full rows.
      contextValue.resolvedRoots = undefined;
      contextValue.renew();
      return referenceExecute(args);
    },
    explain(args) {
      const planned = plans.planOf(args);
      return planned === undefined ? "Executed field by field: only a query has a plan." : explain(planned.plan);
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
  try {
    const data: Record<string, unknown> = {};
    for (const [index, root] of roots.entries()) {
      const outcome = outcomes[index] as PromiseSettledResult<unknown>;
      if (outcome.status === "rejected") throw new Bailout();
      data[root.responseName] = await root.complete(outcome.value, contextValue);
    }
    return { data };
  } catch {
    // graphql-js reports errors per the spec.
    const resolved = roots.map((root, index) => [root.responseName, values[index] as Promise<unknown>] as const);
    contextValue.resolvedRoots = new Map(resolved);
    return undefined;
  }
}
