import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { DocumentNode, GraphQLSchema } from "graphql";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { Context } from "../../context.js";
import type { Execute } from "../../graph/plan/execute.js";
import type { Admission, OpenOperation, Operations } from "../admission/operations.js";
import { clientError, clientResult } from "../messages/client-errors.js";
import { acceptedTypes, JSON_TYPE } from "../messages/negotiation.js";
import { badRequest, Refusal } from "../messages/refusal.js";
import { requestIdOf } from "../messages/request-id.js";
import { type RequestParams, readParams } from "../messages/request-params.js";
import { sendJson, sendRefusal } from "../messages/write-response.js";
import { writeBody } from "../slow-readers/stalled-reader.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import type { GraphqlSse } from "./graphql-sse.js";
import type { PersistedOperations } from "./persisted-operations.js";

/** A client that asks with this header gets `extensions.upstream`: what its operation cost. */
const COST_HEADER = "x-towerql-cost";

/** Documents that Apollo Server is handed instead of parsing them again. */
const KEPT_DOCUMENTS = 500;

/** What Apollo Server may know of a request's headers: the rest was checked before, by the gate of all transports. */
const CHECKED_HEADERS = new HeaderMap([
  ["content-type", JSON_TYPE],
  ["accept", JSON_TYPE],
]);

interface HttpContext extends Context {
  readonly wantsCost: boolean;
  readonly operation: OpenOperation;
}

/** GraphQL over HTTP. */
export interface GraphqlHttp {
  serve(request: IncomingMessage, response: ServerResponse, address: string): Promise<void>;
  /** Serves what was accepted and ends. */
  stop(): Promise<void>;
}

/** Starts Apollo Server behind plain `node:http`. What it is handed was admitted before, by the gate of all transports. */
export async function createGraphqlHttp(options: {
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  readonly persisted: PersistedOperations;
  readonly sse: GraphqlSse;
  readonly unsent: UnsentBytes;
  readonly execute: Execute;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly maxBodyBytes: number;
  /** How often a reader that takes its time is looked at. */
  readonly heartbeatMs: number;
}): Promise<GraphqlHttp> {
  const { schema, execute, operations, persisted, sse, unsent, logger, introspection, maxBodyBytes, heartbeatMs } =
    options;
  const documents = new LRUCache<string, DocumentNode>({ max: KEPT_DOCUMENTS });
  const limits = { unsent, intervalMs: heartbeatMs };
  const hashes = new WeakMap<DocumentNode, string>();
  const apollo = new ApolloServer<HttpContext>({
    schema,
    introspection,
    logger,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    documentStore: {
      // The key is a schema's id and the hash of the text.
      get: async (key) => documents.get(key.slice(-64)),
      set: async () => {},
      delete: async () => false,
    },
    persistedQueries: persisted.automatic ? { cache: persisted } : false,
    // Their per-field hooks would cost more than the fields.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      execution(schema, execute, logger),
    ],
  });
  await apollo.start();

  /** Has Apollo Server execute an admitted operation. */
  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { operationName, variables, extensions, query }: RequestParams,
    text: string,
    admission: Admission,
    type: string,
  ): Promise<void> {
    const operation = operations.open(admission);
    const left = () => {
      if (!response.writableEnded) operation.leave();
    };
    response.once("close", left);
    try {
      const { document } = admission;
      const hash = hashes.get(document) ?? createHash("sha256").update(text).digest("hex");
      hashes.set(document, hash);
      documents.set(hash, document);
      // A text that was found by its hash need not be registered again.
      const body = {
        query: text,
        operationName: operationName ?? null,
        variables: variables ?? null,
        extensions: (query === undefined ? undefined : extensions) ?? null,
      };
      const result = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: "POST",
          headers: CHECKED_HEADERS,
          search: "",
          body,
        },
        context: async () =>
          Object.assign(operation.context, { wantsCost: request.headers[COST_HEADER] !== undefined, operation }),
      });
      await send(request, response, result, type, (body) => writeBody(response, body, limits));
    } finally {
      operation.end();
      response.off("close", left);
    }
  }

  return {
    async serve(request, response, address) {
      const requestId = requestIdOf(request.headers["x-request-id"]);
      response.setHeader("x-request-id", requestId);
      const accepted = acceptedTypes(request.headers.accept);
      try {
        if (accepted.json === undefined && !accepted.stream) {
          throw badRequest("expected a client that accepts JSON or an event stream, got another", 406);
        }
        const params = await readParams(request, maxBodyBytes);
        const { authorization, "accept-language": acceptLanguage } = request.headers;
        const transport = accepted.json === undefined ? "sse" : "http";
        const { operationName, variables } = params;
        const query = persisted.textOf(params);
        const admission = operations.admit(
          { transport, authorization, acceptLanguage, requestId, address, readsOnly: request.method === "GET" },
          { query, operationName, variables },
        );
        const { operation: type } = admission.operation;
        if (accepted.stream && (type === "subscription" || accepted.json === undefined)) {
          return await sse.serve(request, response, admission);
        }
        if (type === "subscription") {
          throw badRequest("expected a subscription with accept: text/event-stream, or over a WebSocket; got neither");
        }
        await answer(request, response, params, query, admission, accepted.json ?? JSON_TYPE);
      } catch (error) {
        const wellFormed = error instanceof Refusal && error.http.status === undefined;
        if (wellFormed && accepted.json === undefined && accepted.stream) return sse.refuse(response, error, requestId);
        await sendRefusal(request, response, error, requestId, logger, (errors) =>
          operations.refused(errors, requestId),
        );
      }
    },
    stop: () => apollo.stop(),
  };
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status = 200, headers, body }: HTTPGraphQLResponse,
  type: string,
  write: (body: Buffer) => Promise<void>,
): Promise<void> {
  // A well-formed request has status 200 in the older media type, whatever came of it.
  response.statusCode = status === 400 && type === JSON_TYPE ? 200 : status;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader("content-type", `${type}; charset=utf-8`);
  if (body.kind === "complete" && status >= 500 && !body.string.includes('"requestId"')) {
    throw new Error("Apollo Server failed before or behind the operation; its own log line says why");
  }
  if (body.kind !== "complete") throw new Error("the schema knows no incremental delivery");
  await sendJson(request, response, body.string, write);
}

/**
 * Executes operations in Apollo Server's place, formats errors with the operation's request id, and tells the cost to those who ask.
 */
function execution(schema: GraphQLSchema, execute: Execute, logger: Logger): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operationName, request, contextValue }) {
          const variableValues = request.variables;
          const result = await execute({ schema, document, operationName, variableValues, contextValue });
          const singleResult = clientResult(result, contextValue.session.requestId, logger);
          // Without data not even the variables fitted.
          const status = result.data === undefined ? 400 : undefined;
          return { http: { status, headers: new HeaderMap() }, body: { kind: "single", singleResult } };
        },
        async willSendResponse({ response: { body }, contextValue, errors }) {
          if (body.kind !== "single") return;
          const { singleResult: result } = body;
          const { session, operation, wantsCost } = contextValue;
          // Errors of Apollo Server itself; those of the execution are formatted already.
          if (errors !== undefined) {
            result.errors = result.errors?.map((formatted, index) =>
              clientError(formatted, errors[index] ?? formatted, session.requestId, logger),
            );
          }
          operation.note(result);
          if (wantsCost) result.extensions = { ...result.extensions, upstream: session.stats };
        },
      };
    },
  };
}
