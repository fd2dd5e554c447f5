import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { DocumentNode, GraphQLSchema } from "graphql";
import type { Logger } from "pino";
import type { Context } from "../../context.js";
import type { Executor } from "../../graph/plan/execute.js";
import { quote } from "../../kernel/text/global-id.js";
import type { Turns } from "../../kernel/turns/turns.js";
import { type Admission, admissionMs, type OpenOperation, type Operations } from "../admission/operations.js";
import { clientError, clientResult } from "../messages/client-errors.js";
import { acceptedTypes, JSON_TYPE } from "../messages/negotiation.js";
import { badRequest, Refusal } from "../messages/refusal.js";
import { requestIdOf } from "../messages/request-id.js";
import { type RequestParams, readParams } from "../messages/request-params.js";
import { type Exchange, sendJson, sendRefusal } from "../messages/write-response.js";
import { writeBody } from "../slow-readers/stalled-reader.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import { assertMayAskCost, type RequestedCost, requestedCost } from "./cost-header.js";
import type { GraphqlSse } from "./graphql-sse.js";
import type { PersistedOperations } from "./persisted-operations.js";

/** The headers that Apollo Server sees. The real ones are checked before. */
const CHECKED_HEADERS = new HeaderMap([
  ["content-type", JSON_TYPE],
  ["accept", JSON_TYPE],
]);

interface HttpContext extends Context {
  readonly cost: RequestedCost;
  readonly operation: OpenOperation;
}

/** GraphQL over HTTP. */
export interface GraphqlHttp {
  serve(request: IncomingMessage, response: ServerResponse, address: string): Promise<void>;
  /** Waits for accepted requests and ends. */
  stop(): Promise<void>;
}

/** Options for `createGraphqlHttp`. */
export interface GraphqlHttpOptions {
  /** Any of those that operations are admitted for: Apollo Server executes nothing itself. */
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  readonly persisted: PersistedOperations;
  readonly sse: GraphqlSse;
  readonly unsent: UnsentBytes;
  readonly turns: Turns;
  readonly executor: Executor;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly maxBodyBytes: number;
  /** Between checks of a slow reader's progress. */
  readonly heartbeatMs: number;
}

/** Starts Apollo Server behind plain `node:http`. It gets only operations that the gate has admitted. */
export async function createGraphqlHttp(options: GraphqlHttpOptions): Promise<GraphqlHttp> {
  const { schema, executor, operations, persisted, sse, unsent, turns, logger } = options;
  const { introspection, maxBodyBytes, heartbeatMs } = options;
  /** Admitted documents by hash, while they are executed: Apollo Server takes them from here instead of parsing them again. */
  const documents = new Map<string, DocumentNode>();
  const hashes = new WeakMap<DocumentNode, string>();
  const apollo = new ApolloServer<HttpContext>({
    schema,
    introspection,
    logger,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    documentStore: {
      // The key ends with the SHA-256 of the text.
      get: async (key) => documents.get(key.slice(-64)),
      set: async () => {},
      delete: async () => false,
    },
    // Apollo Server appends a line break, which would copy the text.
    stringifyResult: (result) => JSON.stringify(result),
    persistedQueries: persisted.automatic ? { cache: persisted } : false,
    // Per-field hooks of the default plugins would cost more than the fields themselves.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      execution(executor, logger),
    ],
  });
  await apollo.start();

  /** Has Apollo Server execute an admitted operation. */
  async function run(exchange: Exchange, { params, text, admission, type }: AdmittedRequest): Promise<void> {
    const { request, response } = exchange;
    const { operationName, extensions, query } = params;
    const operation = operations.open(admission);
    const onClose = () => {
      if (!response.writableEnded) operation.cancel();
    };
    response.once("close", onClose);
    const { document } = admission;
    const hash = hashes.get(document) ?? createHash("sha256").update(text).digest("hex");
    hashes.set(document, hash);
    try {
      if (operation.ready !== undefined) await operation.ready;
      documents.set(hash, document);
      // A text found by its hash is registered already.
      const body = {
        query: text,
        operationName: operationName ?? null,
        variables: admission.variables,
        extensions: (query === undefined ? undefined : extensions) ?? null,
      };
      const result = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: "POST",
          headers: CHECKED_HEADERS,
          search: "",
          body,
        },
        context: async () => Object.assign(operation.context, { cost: requestedCost(request), operation }),
      });
      const limits = { unsent, client: admission.caller.client, intervalMs: heartbeatMs };
      await send(exchange, { result, type, write: (body) => writeBody(response, body, limits) });
    } finally {
      operation.end();
      documents.delete(hash);
      response.off("close", onClose);
    }
  }

  return {
    async serve(request, response, address) {
      const requestId = requestIdOf(request.headers["x-request-id"]);
      response.setHeader("x-request-id", requestId);
      const accepted = acceptedTypes(request.headers.accept);
      try {
        if (accepted.json === undefined && !accepted.stream) {
          throw badRequest(
            `Accept must allow JSON or text/event-stream, got ${quote(request.headers.accept ?? "")}.`,
            406,
          );
        }
        const { authorization, "accept-language": acceptLanguage } = request.headers;
        const traceparent = String(request.headers.traceparent ?? "");
        const caller = () => operations.caller(authorization, address);
        const params = await readParams(request, maxBodyBytes, {
          mayHold: (bytes) => unsent.record(request, caller().client, bytes),
          onRead: (characters) => turns.take(() => operations.ownerOf(caller(), address), admissionMs(characters)),
        }).finally(() => unsent.forget(request));
        assertMayAskCost(request);
        const transport = accepted.json === undefined ? "sse" : "http";
        const { operationName, variables } = params;
        const found = persisted.textOf(params);
        const query = typeof found === "string" ? found : await found;
        const readsOnly = request.method === "GET";
        const isGone = () => response.destroyed;
        const admission = await operations.admit(
          { transport, authorization, acceptLanguage, requestId, address, traceparent, readsOnly, isGone },
          { query, operationName, variables },
        );
        const isSubscription = admission.operation.operation === "subscription";
        if (accepted.stream && (isSubscription || accepted.json === undefined)) {
          return await sse.serve(response, admission);
        }
        if (isSubscription) {
          throw badRequest("Send a subscription with accept: text/event-stream, or over a WebSocket.");
        }
        const type = accepted.json ?? JSON_TYPE;
        await run({ request, response }, { params, text: query, admission, type });
      } catch (error) {
        const isWellFormed = error instanceof Refusal && error.http.status === undefined;
        if (isWellFormed && accepted.json === undefined && accepted.stream)
          return sse.refuse(response, error, requestId);
        await sendRefusal({ request, response }, error, {
          requestId,
          logger,
          onRefused: (errors) => operations.recordRefusal(errors, requestId),
        });
      }
    },
    stop: () => apollo.stop(),
  };
}

interface AdmittedRequest {
  readonly params: RequestParams;
  /** Text of the operation, also if `params` names it only by hash. */
  readonly text: string;
  readonly admission: Admission;
  /** Media type of the response. */
  readonly type: string;
}

interface ExecutedRequest {
  readonly result: HTTPGraphQLResponse;
  /** Media type of the response. */
  readonly type: string;
  readonly write: (body: Buffer) => Promise<void>;
}

async function send(exchange: Exchange, { result, type, write }: ExecutedRequest): Promise<void> {
  const { response } = exchange;
  const { status = 200, headers, body } = result;
  // With the older media type a well-formed request gets status 200, whatever its result.
  response.statusCode = status === 400 && type === JSON_TYPE ? 200 : status;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader("content-type", `${type}; charset=utf-8`);
  if (body.kind === "complete" && status >= 500 && !body.string.includes('"requestId"')) {
    throw new Error("Apollo Server failed outside of the operation; its own log line has the reason");
  }
  if (body.kind !== "complete") throw new Error("incremental delivery is not supported");
  await sendJson(exchange, body.string, write);
}

/** Executes operations instead of Apollo Server, formats errors with the request id, and adds the cost on request. */
function execution({ execute, explain }: Executor, logger: Logger): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operationName, request, contextValue }) {
          const variableValues = request.variables;
          const { schema } = contextValue.operation.admission;
          const result = await execute({ schema, document, operationName, variableValues, contextValue });
          const singleResult = clientResult(result, { requestId: contextValue.session.requestId, logger });
          // Without data the request failed before execution, for example because of its variables.
          const status = result.data === undefined ? 400 : undefined;
          return { http: { status, headers: new HeaderMap() }, body: { kind: "single", singleResult } };
        },
        async willSendResponse({ response: { body }, request, document, operationName, contextValue, errors }) {
          if (body.kind !== "single") return;
          const { singleResult: result } = body;
          const { session, operation, cost } = contextValue;
          // Errors of Apollo Server itself; errors of the execution are formatted already.
          if (errors !== undefined) {
            result.errors = result.errors?.map((formatted, index) =>
              clientError(formatted, errors[index] ?? formatted, { requestId: session.requestId, logger }),
            );
          }
          operation.recordErrors(result);
          if (cost !== undefined) {
            const { cost: estimated } = operation.admission;
            const spent = session.budget.spent;
            result.extensions = { ...result.extensions, upstream: session.stats, cost: { estimated, spent } };
          }
          if (cost === "plan" && document !== undefined && session.credentialAccepted) {
            const plan = explain({
              schema: operation.admission.schema,
              document,
              operationName,
              variableValues: request.variables,
            });
            result.extensions = { ...result.extensions, plan };
          }
        },
      };
    },
  };
}
