import type { ApolloServerOptionsWithGateway, BaseContext } from "@apollo/server";
import type { GraphQLSchema } from "graphql";
import { createExecute, type TakesOver } from "../graph/execution/execute.js";

/**
 * Hands execution over from Apollo Server to our own: its interface for gateways is the one place where an executor can be given.
 */
export function apolloExecutor(schema: GraphQLSchema): ApolloServerOptionsWithGateway<BaseContext>["gateway"] {
  const execute = createExecute();
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: "" });
      return () => {};
    },
    async load() {
      return {
        executor: async ({ document, operationName, request, context }) => {
          const contextValue = context as unknown as TakesOver;
          const variableValues = request.variables;
          return (await execute({ schema, document, operationName, variableValues, contextValue })) as object;
        },
      };
    },
    async stop() {},
  };
}
