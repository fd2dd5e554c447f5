import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  subscribe,
} from "graphql";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { Execute } from "../../graph/plan/execute.js";
import { ErrorCode } from "../../kernel/errors.js";
import type { OpenOperation, Operations } from "../admission/operations.js";
import { clientError, clientResult, refusedErrors } from "../messages/client-errors.js";
import { refusal } from "../messages/refusal.js";
import { requestIdOf } from "../messages/request-id.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import type { PersistedOperations } from "./persisted-operations.js";
import { type Connection, serveSocket } from "./websocket.js";

/** GraphQL over WebSocket: the graphql-transport-ws protocol. */
export interface GraphqlWs {
  /** Takes over a connection that asks to be upgraded. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: string): void;
  /** How many connections there are. */
  readonly connections: number;
  /** Refuses new operations, waits for queries and mutations that run, and closes every socket with 1001. */
  stop(graceMs: number): Promise<void>;
}

/** How large the message of a subscription may be: it is kept as long as the subscription. */
const MAX_SUBSCRIPTION_BYTES = 64 * 1024;
const MAX_ID_CHARACTERS = 256;

/** Starts the protocol server; it listens to nothing by itself. */
export function createGraphqlWs(options: {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly operations: Operations;
  readonly persisted: PersistedOperations;
  readonly unsent: UnsentBytes;
  readonly logger: Logger;
  readonly maxMessageBytes: number;
  /** Operations at once on one connection. */
  readonly maxOperations: number;
  /** How long a connection may take to greet. */
  readonly greetingMs: number;
  /** Between pings. */
  readonly heartbeatMs: number;
}): GraphqlWs {
  const {
    schema,
    execute,
    operations,
    persisted,
    unsent,
    logger,
    maxMessageBytes,
    maxOperations,
    greetingMs,
    heartbeatMs,
  } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols,
    // Others have their turn between the messages that came in one piece.
    allowSynchronousEvents: false,
  });
  let stopping = false;
  /** Queries and mutations under way. */
  let running = 0;
  let idle: (() => void) | undefined;

  /** What graphql-ws hands back of an operation's context. */
  type Running = OpenOperation["context"] & { readonly operation: OpenOperation };

  function begin(connection: Connection, params: Params | undefined, id: string, payload: Payload, requestId: string) {
    if (stopping) throw refusal(ErrorCode.UpstreamUnavailable, "the gateway is shutting down; connect again");
    if (id.length > MAX_ID_CHARACTERS) {
      throw refusal(ErrorCode.BadUserInput, `expected an id of at most ${MAX_ID_CHARACTERS} characters, got more`);
    }
    if (connection.endings.size >= maxOperations) {
      throw refusal(ErrorCode.RateLimited, `expected at most ${maxOperations} operations at once, got one more`);
    }
    const { headers } = connection.request;
    const authorization = authorizationOf(params) ?? headers.authorization;
    const { operationName, variables, extensions } = payload;
    const query = persisted.textOf({
      query: payload.query,
      extensions: extensions ?? undefined,
      documentId: undefined,
    });
    const admission = operations.admit(
      {
        transport: "websocket",
        authorization,
        acceptLanguage: headers["accept-language"],
        requestId,
        address: connection.address,
      },
      { query, operationName, variables },
    );
    const isStream = admission.operation.operation === "subscription";
    if (isStream && connection.messageBytes > MAX_SUBSCRIPTION_BYTES) {
      const message = `expected a subscription of at most ${MAX_SUBSCRIPTION_BYTES} bytes, got more`;
      throw refusal(ErrorCode.PayloadTooLarge, message);
    }
    const operation = operations.open(admission);
    if (!isStream) count(connection, 1);
    let over = false;
    const end = (left: boolean) => {
      if (over) return;
      over = true;
      if (left) operation.leave();
      operation.end();
      if (!isStream) count(connection, -1);
    };
    connection.endings.set(payload, { id, end });
    const contextValue: Running = Object.assign(operation.context, { operation });
    const { document } = admission;
    return { schema, document, operationName, variableValues: admission.variables, contextValue };
  }

  function count(connection: Connection, change: 1 | -1): void {
    running += change;
    connection.running += change;
    connection.measure();
    if (running === 0) idle?.();
  }

  /** Closes a connection whose credential is refused, behind the message that says so. */
  function closeIfDead(connection: Connection, params: Params | undefined, { errors = [] }: FormattedExecutionResult) {
    if (!errors.some(({ extensions }) => extensions?.code === ErrorCode.Unauthenticated)) return;
    const authorization = authorizationOf(params) ?? connection.request.headers.authorization;
    const { named, forwarded, refused } = operations.caller(authorization, connection.address);
    if (named && (forwarded || refused !== undefined)) {
      setImmediate(() => connection.close(CloseCode.Unauthorized, "Unauthorized"));
    }
  }

  /** What clients are told of the errors that graphql-ws passes on. */
  const told = new WeakMap<object, GraphQLFormattedError>();

  const protocol = makeServer<Params, Connection>({
    connectionInitWaitTimeout: greetingMs,
    onSubscribe({ extra, connectionParams }, id, payload) {
      const requestId = requestIdOf(undefined);
      try {
        return begin(extra, connectionParams, id, payload, requestId);
      } catch (error) {
        const refused = refusedErrors(error, requestId, logger);
        operations.refused(refused, requestId);
        return refused.map((formatted) => {
          const passedOn = new GraphQLError(formatted.message);
          told.set(passedOn, formatted);
          return passedOn;
        });
      }
    },
    execute: execute as never,
    subscribe,
    onNext({ extra, connectionParams }, _id, _payload, args, result) {
      const { operation } = args.contextValue as Running;
      const answer = clientResult(result as never, operation.request.requestId, logger);
      operation.note(answer);
      closeIfDead(extra, connectionParams, answer);
      return answer as never;
    },
    onError({ extra, connectionParams }, _id, _payload, errors) {
      const requestId = requestIdOf(undefined);
      const formatted = errors.map(
        (error) =>
          told.get(error) ?? clientError({ message: "" }, (error as GraphQLError).originalError, requestId, logger),
      );
      closeIfDead(extra, connectionParams, { errors: formatted });
      return formatted;
    },
    onComplete({ extra }, _id, payload) {
      extra.endings.get(payload)?.end(false);
      extra.endings.delete(payload);
    },
  });

  sockets.on("connection", (socket, request: IncomingMessage & { address?: string }) => {
    serveSocket(socket, request, request.address ?? "", protocol, { pingMs: heartbeatMs, unsent, logger });
  });

  return {
    get connections() {
      return sockets.clients.size;
    },
    upgrade(request, socket, head, address) {
      sockets.handleUpgrade(request, socket, head, (client) => {
        sockets.emit("connection", client, Object.assign(request, { address }));
      });
    },
    async stop(graceMs) {
      stopping = true;
      if (running > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve;
          setTimeout(resolve, graceMs).unref();
        });
      }
      for (const socket of sockets.clients) {
        socket.close(1001, "Going away");
        setTimeout(() => socket.terminate(), 2_000).unref();
      }
      sockets.close();
    },
  };
}

type Params = Record<string, unknown>;
interface Payload {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** The names under which clients send their credential in `connection_init`. */
function authorizationOf(payload: Params | undefined): string | undefined {
  const given = payload?.Authorization ?? payload?.authorization;
  return typeof given === "string" ? given : undefined;
}
