import type { IncomingMessage, ServerResponse } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Context } from "../context.js";
import { ErrorCode, TowerError } from "../kernel/errors.js";
import { apolloExecutor } from "./apollo-executor.js";
import { readBody } from "./body.js";
import { clientError } from "./client-errors.js";
import { type Operations, requestIdOf } from "./operations.js";

/** A client that asks with this header gets `extensions.upstream`: what its operation cost. */
const COST_HEADER = "x-towerql-cost";

interface HttpContext extends Context {
  readonly wantsCost: boolean;
}

/** GraphQL over HTTP. */
export interface GraphqlHttp {
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Serves what was accepted and ends. */
  stop(): Promise<void>;
}

/** Starts Apollo Server behind plain `node:http`. */
export async function createGraphqlHttp(options: {
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly maxBodyBytes: number;
}): Promise<GraphqlHttp> {
  const { schema, operations, logger, introspection, maxBodyBytes } = options;
  const apollo = new ApolloServer<HttpContext>({
    gateway: apolloExecutor(schema),
    introspection,
    logger,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    // Their per-field hooks would cost more than the fields.
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), errorsAndCost(logger)],
  });
  await apollo.start();

  return {
    async serve(request, response) {
      const requestId = requestIdOf(request.headers["x-request-id"]);
      response.setHeader("x-request-id", requestId);
      const { authorization, "accept-language": acceptLanguage } = request.headers;
      const operation = operations.open({ authorization, acceptLanguage, requestId });
      const left = () => {
        if (!response.writableEnded)
          operation.deadline.cancel(new TowerError(ErrorCode.UpstreamTimeout, "the client left"));
      };
      response.once("close", left);
      try {
        const answer = await apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method ?? "GET",
            headers: headersOf(request),
            search: new URL(request.url ?? "/", "http://localhost").search,
            body: request.method === "POST" ? await readBody(request, maxBodyBytes) : undefined,
          },
          context: async () =>
            Object.assign(operation.context, { wantsCost: request.headers[COST_HEADER] !== undefined }),
        });
        for (const [name, value] of answer.headers) response.setHeader(name, value);
        response.statusCode = answer.status ?? 200;
        if (answer.body.kind === "complete") response.end(answer.body.string);
        else for await (const chunk of answer.body.asyncIterator) response.write(chunk);
        response.end();
      } finally {
        operation.deadline.dispose();
        response.off("close", left);
      }
    },
    stop: () => apollo.stop(),
  };
}

/** Formats errors with the operation's request id, and tells the cost to those who ask. */
function errorsAndCost(logger: Logger) {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({
          response,
          contextValue,
          errors,
        }: {
          response: { body: { kind: string; singleResult?: { errors?: readonly object[]; extensions?: object } } };
          contextValue: HttpContext;
          errors?: readonly unknown[];
        }) {
          const result = response.body.singleResult;
          if (result === undefined) return;
          if (result.errors !== undefined) {
            const { requestId } = contextValue.session;
            result.errors = result.errors.map((formatted, index) =>
              clientError(formatted as never, errors?.[index] ?? formatted, requestId, logger),
            );
          }
          if (contextValue.wantsCost) {
            result.extensions = { ...result.extensions, upstream: contextValue.session.use };
          }
        },
      };
    },
  };
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}
