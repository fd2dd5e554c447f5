import type { ExecutionArgs } from "graphql";

/**
 * The arguments of an execution, with whether errors omit names of the schema that the client did not write.
 *
 * Written out: in Node 20 a spread with one more property costs microseconds, and each object a hidden class of its own.
 */
export function executionArgs<A extends ExecutionArgs>(
  given: A,
  hideSuggestions: boolean,
): ExecutionArgs & Pick<A, "contextValue"> {
  const { schema, document, rootValue, contextValue, variableValues, operationName } = given;
  return { schema, document, rootValue, contextValue, variableValues, operationName, hideSuggestions };
}
