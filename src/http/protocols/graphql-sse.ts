import type { IncomingMessage, ServerResponse } from "node:http";
import type { ExecutionResult, FormattedExecutionResult } from "graphql";
import type { Logger } from "pino";
import type { Execute } from "../../graph/plan/execute.js";
import type { Subscribe } from "../../graph/plan/subscribe.js";
import { ErrorCode } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import type { Admission, Operations } from "../admission/operations.js";
import { clientResult, refusedErrors } from "../messages/client-errors.js";
import { acceptedTypes, JSON_TYPE } from "../messages/negotiation.js";
import { badRequest } from "../messages/refusal.js";
import { sendJson } from "../messages/write-response.js";
import { dropStalledReader } from "../slow-readers/stalled-reader.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import { COMPLETE_ID, cursorOf, type EventStream, openEventStream } from "./event-stream.js";

/**
 * GraphQL over server-sent events: the protocol of graphql-sse in its distinct connections mode. Results with a cursor have it as the
 * event's id, so that a browser's `EventSource` resumes after it.
 */
export interface GraphqlSse {
  /** Executes an admitted operation and streams its results. @throws Refusal before anything is sent. */
  serve(response: ServerResponse, admission: Admission): Promise<void>;
  /** Sends a refusal as an event, to a client that accepts only events. */
  refuse(response: ServerResponse, thrown: unknown, requestId: string): void;
  /** Ends all streams without completing them, so that their clients reconnect. Safe to call twice. */
  stop(): void;
}

/** Options for `createGraphqlSse`. */
export interface GraphqlSseOptions {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  readonly operations: Operations;
  readonly logger: Logger;
  readonly unsent: UnsentBytes;
  /** Between comments, which keep proxies from closing a silent stream and reveal clients that are gone. */
  readonly heartbeatMs: number;
}

/** Cursors are shorter. */
const MAX_ID_CHARACTERS = 4096;

/** A subscription that cannot begin because of what its client sent, such as a cursor, gets status 400 instead of a stream. */
const INPUT_CODES: ReadonlySet<unknown> = new Set([ErrorCode.BadUserInput, ErrorCode.CursorExpired]);

/** A stream that ended for such a reason may go on when its client reconnects. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  ErrorCode.UpstreamTimeout,
  ErrorCode.UpstreamUnavailable,
  ErrorCode.UpstreamError,
  ErrorCode.RateLimited,
  ErrorCode.InternalServerError,
]);

/** Creates the server side of the protocol. */
export function createGraphqlSse(options: GraphqlSseOptions): GraphqlSse {
  const { execute, subscribe, operations, logger, unsent, heartbeatMs } = options;
  const streams = new Set<() => void>();

  return {
    async serve(response, admission) {
      const lastEventId = lastEventIdOf(response.req);
      if (lastEventId === COMPLETE_ID) return endReconnect(response);
      const operation = operations.open(admission);
      const { schema, document, request, caller } = admission;
      const { context } = operation;
      if (lastEventId !== undefined) context.lastEventId = lastEventId;
      const args = {
        schema,
        document,
        operationName: admission.operation.name?.value,
        variableValues: admission.variables,
        contextValue: context,
      };
      const errorContext = { requestId: request.requestId, logger };
      const isSubscription = admission.operation.operation === "subscription";
      let stream: EventStream | undefined;
      let complete = false;
      let last: FormattedExecutionResult = {};
      let events: AsyncGenerator<ExecutionResult> | undefined;
      const end = once(() => {
        streams.delete(end);
        if (!complete) operation.cancel();
        operation.end();
        void events?.return(undefined);
        if (response.headersSent) response.end();
        else response.destroy();
      });
      streams.add(end);
      response.once("close", end);
      dropStalledReader(response, { unsent, client: caller.client, intervalMs: heartbeatMs });
      const hasEnded = () => !streams.has(end);
      const open = () => {
        stream ??= openEventStream(response, heartbeatMs);
        return stream;
      };
      const send = async (result: FormattedExecutionResult) => {
        operation.recordErrors(result);
        if (hasEnded()) return;
        last = result;
        await open().next(result);
      };
      try {
        // The head of a subscription waits until it has begun, so that a refusal of its input can be one of HTTP.
        if (!isSubscription) open();
        if (operation.ready !== undefined) await operation.ready;
        const result = await (isSubscription ? subscribe(args) : execute(args));
        if (Symbol.asyncIterator in result) {
          events = result;
          if (hasEnded()) void events.return(undefined);
          else open();
          for await (const event of events) await send(clientResult(event, errorContext));
        } else {
          const only = clientResult(result, errorContext);
          if (isSubscription && hasCode(only, INPUT_CODES) && !hasEnded()) {
            operation.recordErrors(only);
            await sendBadInput(response, only);
          } else {
            await send(only);
          }
        }
      } catch (error) {
        await send({ errors: refusedErrors(error, errorContext) });
      }
      // A stream that the gateway itself ended is not complete: its client subscribes again.
      complete = !hasEnded();
      if (complete) stream?.complete(cursorOf(last) === undefined && !hasCode(last, PASSING_CODES));
      end();
    },

    refuse(response, thrown, requestId) {
      if (response.req.headers["last-event-id"] === COMPLETE_ID) return endReconnect(response);
      const stream = openEventStream(response, heartbeatMs);
      const errors = refusedErrors(thrown, { requestId, logger });
      operations.recordRefusal(errors, requestId);
      void stream.next({ errors });
      stream.complete(true);
      response.end();
    },

    stop() {
      for (const end of [...streams]) end();
    },
  };
}

/** Answers a reconnect to a stream that has completed: an `EventSource` stops then. */
function endReconnect(response: ServerResponse): void {
  response.writeHead(204).end();
}

/** `Last-Event-ID` of a request; undefined if it has none. @throws Refusal if it is too long for a cursor. */
function lastEventIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers["last-event-id"];
  if (typeof id !== "string" || id === "") return undefined;
  if (id.length <= MAX_ID_CHARACTERS) return id;
  throw badRequest(`Last-Event-ID must have at most ${MAX_ID_CHARACTERS} characters, got ${id.length}.`);
}

function hasCode({ errors }: FormattedExecutionResult, codes: ReadonlySet<unknown>): boolean {
  return errors?.some(({ extensions }) => codes.has(extensions?.code)) ?? false;
}

async function sendBadInput(response: ServerResponse, result: FormattedExecutionResult): Promise<void> {
  const { req: request } = response;
  const type = acceptedTypes(request.headers.accept).json ?? JSON_TYPE;
  response.statusCode = 400;
  response.setHeader("content-type", `${type}; charset=utf-8`);
  await sendJson({ request, response }, JSON.stringify(result));
}
