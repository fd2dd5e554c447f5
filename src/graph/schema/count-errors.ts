import type { GraphQLResolveInfo } from "graphql";
import type { Budget } from "../../kernel/budget.js";
import { asError } from "../../kernel/errors.js";

/** What a resolver needs of an operation's context in order to count its errors. */
interface Counting {
  readonly budget: Budget;
}

type Resolve<C> = (source: never, args: never, context: C, info: GraphQLResolveInfo) => unknown;

/**
 * A resolver whose errors are charged to the operation's budget: each takes much longer to report than a value. Once there are too many,
 * what fails is null in a query, because nothing but the error of its budget is left of its result.
 */
export function countErrors<C>(resolve: Resolve<C>): Resolve<C> {
  return (source, args, context, info) => {
    // Only a query has a plan, which gives no whole `info`. The results of the others are kept, with all their errors.
    const type = (info as Partial<GraphQLResolveInfo>).operation?.operation ?? "query";
    const isQuery = type === "query";
    const counted = (value: unknown): unknown => {
      if (value instanceof Error) return (context as Counting).budget.spendError() || !isQuery ? value : null;
      if (Array.isArray(value)) return value.some((item) => item instanceof Error) ? value.map(counted) : value;
      return value instanceof Promise ? value.then(counted, failed) : value;
    };
    const failed = (error: unknown) => counted(asError(error));
    try {
      return counted(resolve(source, args, context, info));
    } catch (error) {
      return failed(error);
    }
  };
}
