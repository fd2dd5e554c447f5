import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from "graphql";
import { type Extra, useServer } from "graphql-ws/use/ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { Context } from "../context.js";
import { asError, ErrorCode, TowerError } from "../kernel/errors.js";
import { clientError } from "./client-errors.js";
import { type Operations, requestIdOf } from "./operations.js";

/** GraphQL over WebSocket: the graphql-transport-ws protocol. */
export interface GraphqlWs {
  /** Takes over a connection that asks to be upgraded. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1001. */
  stop(): Promise<void>;
}

/** What is kept of a connection: how to end each operation that runs on it. */
type Kept = { endings: Map<string, () => void> };
type SocketExtra = Extra & Partial<Kept>;

/** Starts the protocol server; it listens to nothing by itself. */
export function createGraphqlWs(options: {
  readonly schema: GraphQLSchema;
  readonly operations: Operations;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly maxMessageBytes: number;
}): GraphqlWs {
  const { schema, operations, logger, introspection, maxMessageBytes } = options;
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });

  const endingsOf = (extra: SocketExtra): Map<string, () => void> => {
    extra.endings ??= new Map();
    return extra.endings;
  };
  const end = (extra: SocketExtra, id: string) => {
    endingsOf(extra).get(id)?.();
    endingsOf(extra).delete(id);
  };
  const format = (error: GraphQLError, requestId: string): GraphQLFormattedError => {
    const code = error.originalError ? {} : { code: error.extensions.code ?? ErrorCode.BadUserInput };
    const formatted = error.toJSON();
    return clientError({ ...formatted, extensions: { ...formatted.extensions, ...code } }, error, requestId, logger);
  };

  const server = useServer<Record<string, unknown>, Kept>(
    {
      connectionInitWaitTimeout: 10_000,
      onSubscribe(ctx, id, payload) {
        const requestId = requestIdOf(undefined);
        const refused = (error: unknown, code: string) => {
          const graphqlError = error instanceof GraphQLError ? error : new GraphQLError(asError(error).message);
          const formatted = format(graphqlError, requestId);
          return new GraphQLError(formatted.message, {
            ...(graphqlError.nodes && { nodes: graphqlError.nodes }),
            extensions: { ...formatted.extensions, code },
          });
        };
        try {
          const document = parse(payload.query);
          const errors = validate(schema, document, rules);
          if (errors.length > 0) return errors.map((error) => refused(error, "GRAPHQL_VALIDATION_FAILED"));
          const operation = getOperationAST(document, payload.operationName);
          const { headers } = ctx.extra.request;
          const request = {
            authorization: authorizationOf(ctx.connectionParams) ?? headers.authorization,
            acceptLanguage: headers["accept-language"],
            requestId,
          };
          const endings = endingsOf(ctx.extra);
          let contextValue: Context;
          if (operation?.operation === "subscription") {
            const controller = new AbortController();
            contextValue = operations.openStream(request, controller.signal);
            endings.set(id, () =>
              controller.abort(new TowerError(ErrorCode.UpstreamTimeout, "the subscription ended")),
            );
          } else {
            const opened = operations.open(request);
            contextValue = opened.context;
            endings.set(id, () => {
              opened.deadline.cancel(new TowerError(ErrorCode.UpstreamTimeout, "the client left"));
              opened.deadline.dispose();
            });
          }
          const { operationName, variables: variableValues } = payload;
          return { schema, document, operationName, variableValues, contextValue } satisfies ExecutionArgs;
        } catch (error) {
          return [refused(error, "GRAPHQL_PARSE_FAILED")];
        }
      },
      execute,
      subscribe,
      onNext: (_ctx, _id, _payload, args, result) => ({
        ...result,
        ...(result.errors && {
          errors: result.errors.map((error) => format(error, (args.contextValue as Context).session.requestId)),
        }),
      }),
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => formatOnce(error, format)),
      onComplete: (ctx, id) => end(ctx.extra, id),
      onDisconnect: (ctx) => {
        for (const id of [...endingsOf(ctx.extra).keys()]) end(ctx.extra, id);
      },
    },
    sockets,
    15_000,
  );

  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
    },
    async stop() {
      await server.dispose();
    },
  };
}

/** Errors that were refused before the operation ran are formatted already: they carry a request id. */
function formatOnce(
  error: GraphQLError | GraphQLFormattedError,
  format: (error: GraphQLError, requestId: string) => GraphQLFormattedError,
): GraphQLFormattedError {
  if (error.extensions?.requestId !== undefined) return error instanceof GraphQLError ? error.toJSON() : error;
  return format(error as GraphQLError, requestIdOf(undefined));
}

/** The names under which clients send their credential in `connection_init`. */
function authorizationOf(payload: Record<string, unknown> | undefined): string | undefined {
  const given = payload?.Authorization ?? payload?.authorization;
  return typeof given === "string" ? given : undefined;
}
