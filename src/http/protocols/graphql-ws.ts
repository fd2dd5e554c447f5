import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import type { Execute } from "../../graph/plan/execute.js";
import type { Subscribe } from "../../graph/plan/subscribe.js";
import { ErrorCode } from "../../kernel/errors.js";
import type { Turns } from "../../kernel/turns/turns.js";
import type { Caller } from "../admission/callers.js";
import type { OpenOperation, Operations } from "../admission/operations.js";
import { clientError, clientResult, refusedErrors } from "../messages/client-errors.js";
import { badRequest, refusal } from "../messages/refusal.js";
import { requestIdOf } from "../messages/request-id.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import type { PersistedOperations } from "./persisted-operations.js";
import { type Connection, type RunningOperation, serveSocket } from "./websocket.js";

/** GraphQL over WebSocket: the graphql-transport-ws protocol. */
export interface GraphqlWs {
  /** Takes over the connection of an upgrade request. */
  upgrade(upgrade: UpgradeRequest): void;
  /** Number of open connections. */
  readonly connections: number;
  /** Refuses new operations, waits for running queries and mutations, and closes every socket with 1001. */
  stop(graceMs: number): Promise<void>;
}

/** An HTTP request to become a WebSocket. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Address of the client. */
  readonly address: string;
}

/** Limit for the message of a subscription, which is kept as long as the subscription. */
const MAX_SUBSCRIPTION_BYTES = 64 * 1024;
const MAX_ID_CHARACTERS = 256;
/** How long peers may take to respond to the closing of the server. */
const MAX_CLOSE_ON_STOP_MS = 2_000;

/** Options for `createGraphqlWs`. */
export interface GraphqlWsOptions {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  readonly operations: Operations;
  readonly persisted: PersistedOperations;
  readonly unsent: UnsentBytes;
  readonly turns: Turns;
  readonly logger: Logger;
  readonly maxMessageBytes: number;
  /** Maximum number of concurrent operations on one connection. */
  readonly maxOperations: number;
  /** How long a connection may take to send `connection_init`. */
  readonly initTimeoutMs: number;
  /** Between pings. */
  readonly heartbeatMs: number;
  /** Checks the host name that a connection without a credential was addressed to. @throws Refusal */
  readonly checkHost: (request: IncomingMessage, authorization: string | undefined) => void;
}

/** Creates the protocol server. It does not listen: the HTTP server hands it upgrade requests. */
export function createGraphqlWs(options: GraphqlWsOptions): GraphqlWs {
  const { execute, subscribe, operations, persisted, unsent, logger, maxMessageBytes, maxOperations } = options;
  const { initTimeoutMs, heartbeatMs, checkHost, turns } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols,
    // Checked with a reason when the message is decoded.
    skipUTF8Validation: true,
    // Messages that arrive in one chunk are handled in separate event-loop turns.
    allowSynchronousEvents: false,
  });
  let stopping = false;
  /** Number of running queries and mutations, on all connections. */
  let running = 0;
  let idle: (() => void) | undefined;

  /** The context that graphql-ws passes to its hooks. */
  type Running = OpenOperation["context"] & { readonly operation: OpenOperation };

  async function begin({ connection, params, id, payload, requestId }: SubscribeRequest) {
    if (stopping) throw refusal(ErrorCode.UpstreamUnavailable, "The gateway is shutting down. Connect again.");
    if (id.length > MAX_ID_CHARACTERS) {
      throw refusal(ErrorCode.BadUserInput, `Operation id too long: at most ${MAX_ID_CHARACTERS} characters.`);
    }
    if (connection.operations.size >= maxOperations) {
      const message = `Too many operations on this connection: at most ${maxOperations}. Complete one first.`;
      throw refusal(ErrorCode.RateLimited, message);
    }
    const { messageBytes } = connection;
    let operation: OpenOperation | undefined;
    let isCounted = true;
    const uncount = () => {
      if (isCounted) count(connection, -1);
      isCounted = false;
    };
    const begun: RunningOperation = {
      id,
      end(isCancelled) {
        if (!connection.operations.delete(begun)) return;
        if (isCancelled) operation?.cancel();
        operation?.end();
        uncount();
      },
    };
    // From now on the message ends it, its `complete` and the end of the connection cancel it.
    connection.operations.add(begun);
    connection.begun = begun;
    count(connection, 1);
    const isGone = () => !connection.operations.has(begun);
    const admission = await admit({ connection, params, payload, requestId }, isGone);
    if (isGone()) throw badRequest("The client has left.");
    if (admission.operation.operation === "subscription") {
      if (messageBytes > MAX_SUBSCRIPTION_BYTES) {
        const message = `Subscription too large: at most ${MAX_SUBSCRIPTION_BYTES} bytes.`;
        throw refusal(ErrorCode.PayloadTooLarge, message);
      }
      // Nothing waits for a subscription to end.
      uncount();
    }
    operation = operations.open(admission);
    const contextValue: Running = Object.assign(operation.context, { operation });
    return {
      schema: admission.schema,
      document: admission.document,
      // Not the client's text: "" is no name for the gate, and one for graphql-ws.
      operationName: admission.operation.name?.value,
      variableValues: admission.variables,
      contextValue,
    };
  }

  async function admit(
    { connection, params, payload, requestId }: Omit<SubscribeRequest, "id">,
    isGone: () => boolean,
  ) {
    const { headers } = connection.request;
    const { address } = connection;
    const authorization = authorizationOf(params) ?? headers.authorization;
    checkHost(connection.request, authorization);
    const { operationName, variables, extensions } = payload;
    const found = persisted.textOf({
      query: payload.query,
      extensions: extensions ?? undefined,
      documentId: undefined,
    });
    const query = typeof found === "string" ? found : await found;
    const acceptLanguage = headers["accept-language"];
    // A connection carries the operations of many traces: each message names its own.
    const traceparent = String(extensions?.traceparent ?? "");
    return operations.admit(
      { transport: "websocket", authorization, acceptLanguage, requestId, address, traceparent, isGone },
      { query, operationName, variables },
    );
  }

  function count(connection: Connection, change: 1 | -1): void {
    running += change;
    connection.running += change;
    if (change < 0) connection.ended();
    if (running === 0) idle?.();
  }

  /** Closes a connection whose credential is refused, after the message that reports it. */
  function closeIfUnauthenticated(
    connection: Connection,
    params: Params | undefined,
    { errors = [] }: FormattedExecutionResult,
  ) {
    if (!errors.some(({ extensions }) => extensions?.code === ErrorCode.Unauthenticated)) return;
    const authorization = authorizationOf(params) ?? connection.request.headers.authorization;
    const { hasCredential, forwarded, refused } = operations.caller(authorization, connection.address);
    if (hasCredential && (forwarded || refused !== undefined)) {
      setImmediate(() => connection.close(CloseCode.Unauthorized, "Unauthorized"));
    }
  }

  async function whenReady<T>({ operation }: Running, run: () => T | Promise<T>) {
    try {
      if (operation.ready !== undefined) await operation.ready;
    } catch (error) {
      const { requestId } = operation.admission.request;
      return { errors: refusedErrors(error, { requestId, logger }).map(passedOn) };
    }
    return run();
  }

  /** Formatted errors by the errors that graphql-ws passes from `onSubscribe` to `onError`. */
  const formattedErrors = new WeakMap<object, GraphQLFormattedError>();

  const protocol = makeServer<Params, Connection>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect({ extra, connectionParams }) {
      const authorization = authorizationOf(connectionParams) ?? extra.request.headers.authorization;
      extra.caller = operations.caller(authorization, extra.address);
    },
    async onSubscribe({ extra, connectionParams }, id, payload) {
      const requestId = requestIdOf(undefined);
      try {
        return await begin({ connection: extra, params: connectionParams, id, payload, requestId });
      } catch (error) {
        const refused = refusedErrors(error, { requestId, logger });
        operations.recordRefusal(refused, requestId);
        return refused.map((formatted) => {
          const error = passedOn(formatted);
          formattedErrors.set(error, formatted);
          return error;
        });
      }
    },
    execute: (args) => whenReady(args.contextValue as Running, () => execute(args as never)),
    subscribe: (args) => whenReady(args.contextValue as Running, () => subscribe(args as never)) as never,
    onNext({ extra, connectionParams }, _id, _payload, args, result) {
      const { operation } = args.contextValue as Running;
      const formatted = clientResult(result as never, { requestId: operation.admission.request.requestId, logger });
      operation.recordErrors(formatted);
      closeIfUnauthenticated(extra, connectionParams, formatted);
      return formatted as never;
    },
    onError({ extra, connectionParams }, _id, _payload, errors) {
      const requestId = requestIdOf(undefined);
      const formatted = errors.map(
        (error) =>
          formattedErrors.get(error) ??
          clientError({ message: "" }, (error as GraphQLError).originalError, { requestId, logger }),
      );
      closeIfUnauthenticated(extra, connectionParams, { errors: formatted });
      return formatted;
    },
  });

  sockets.on("connection", (socket, request: IncomingMessage & { address?: string }) => {
    const address = request.address ?? "";
    const caller = operations.caller(request.headers.authorization, address);
    const ownerOf = (given: Caller) => operations.ownerOf(given, address);
    serveSocket(socket, { request, address, caller, turns, ownerOf, protocol, heartbeatMs, unsent, logger });
  });

  return {
    get connections() {
      return sockets.clients.size;
    },
    upgrade({ request, socket, head, address }) {
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
        setTimeout(() => socket.terminate(), MAX_CLOSE_ON_STOP_MS).unref();
      }
      sockets.close();
    },
  };
}

function passedOn({ message, extensions }: GraphQLFormattedError): GraphQLError {
  return new GraphQLError(message, { extensions });
}

type Params = Record<string, unknown>;

interface SubscribeRequest {
  readonly connection: Connection;
  readonly params: Params | undefined;
  readonly id: string;
  readonly payload: Payload;
  readonly requestId: string;
}

interface Payload {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: Readonly<Record<string, unknown>> | null;
}

/** The credential in the payload of `connection_init`, under either name. */
function authorizationOf(payload: Params | undefined): string | undefined {
  const given = payload?.Authorization ?? payload?.authorization;
  return typeof given === "string" ? given : undefined;
}
