import type { ServerResponse } from "node:http";
import type { ExecutionResult, FormattedExecutionResult } from "graphql";
import type { Logger } from "pino";
import type { Execute } from "../../graph/plan/execute.js";
import type { Subscribe } from "../../graph/plan/subscribe.js";
import { once } from "../../kernel/once.js";
import type { Admission, Operations } from "../admission/operations.js";
import { clientResult, refusedErrors } from "../messages/client-errors.js";
import { dropStalledReader } from "../slow-readers/stalled-reader.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";

/** GraphQL over server-sent events: the protocol of graphql-sse in its distinct connections mode. */
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

/** Creates the server side of the protocol. */
export function createGraphqlSse(options: GraphqlSseOptions): GraphqlSse {
  const { execute, subscribe, operations, logger, unsent, heartbeatMs } = options;
  const streams = new Set<() => void>();

  return {
    async serve(response, admission) {
      const operation = operations.open(admission);
      const { document, context, request } = operation;
      const args = {
        schema: operation.schema,
        document,
        operationName: operation.operation.name?.value,
        variableValues: admission.variables,
        contextValue: context,
      };
      const errorContext = { requestId: request.requestId, logger };
      const stream = openStream(response, heartbeatMs);
      let complete = false;
      let events: AsyncGenerator<ExecutionResult> | undefined;
      const end = once(() => {
        streams.delete(end);
        if (!complete) operation.cancel();
        operation.end();
        void events?.return(undefined);
        response.end();
      });
      streams.add(end);
      response.once("close", end);
      dropStalledReader(response, { unsent, client: operation.caller.client, intervalMs: heartbeatMs });
      const send = async (result: ExecutionResult) => {
        const formatted = clientResult(result, errorContext);
        operation.recordErrors(formatted);
        await stream.next(formatted);
      };
      try {
        if (operation.ready !== undefined) await operation.ready;
        const result = await (operation.operation.operation === "subscription" ? subscribe(args) : execute(args));
        if (Symbol.asyncIterator in result) {
          events = result;
          for await (const event of result) await send(event);
        } else {
          await send(result);
        }
      } catch (error) {
        stream.errors(refusedErrors(error, errorContext));
      }
      // A stream that the gateway itself ended is not complete: its client subscribes again.
      complete = streams.has(end);
      if (complete) stream.complete();
      end();
    },

    refuse(response, thrown, requestId) {
      const stream = openStream(response, heartbeatMs);
      const errors = refusedErrors(thrown, { requestId, logger });
      operations.recordRefusal(errors, requestId);
      stream.errors(errors);
      stream.complete();
      response.end();
    },

    stop() {
      for (const end of [...streams]) end();
    },
  };
}

function openStream(response: ServerResponse, heartbeatMs: number) {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
  // Sends the head immediately: clients count as connected from then on.
  response.write(":\n\n");
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain && !response.writableEnded) response.write(":\n\n");
  }, heartbeatMs);
  response.once("close", () => clearInterval(heartbeat));
  const write = (text: string) => response.writableEnded || response.destroyed || response.write(text);
  return {
    /** Resolves when the client has room for more, or is gone. */
    next(result: FormattedExecutionResult): Promise<void> | void {
      if (write(`event: next\ndata: ${JSON.stringify(result)}\n\n`)) return;
      return new Promise((resolve) => {
        const go = () => {
          response.off("drain", go).off("close", go);
          resolve();
        };
        response.on("drain", go).on("close", go);
      });
    },
    errors(errors: FormattedExecutionResult["errors"]): void {
      write(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`);
    },
    complete(): void {
      write("event: complete\ndata:\n\n");
    },
  };
}
