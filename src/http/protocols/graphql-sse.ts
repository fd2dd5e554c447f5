import type { IncomingMessage, ServerResponse } from "node:http";
import { type ExecutionResult, type FormattedExecutionResult, type GraphQLSchema, subscribe } from "graphql";
import type { Logger } from "pino";
import type { Execute } from "../../graph/plan/execute.js";
import { once } from "../../kernel/once.js";
import type { Admission, Operations } from "../admission/operations.js";
import { clientResult, refusedErrors } from "../messages/client-errors.js";
import { cutStalledReader } from "../slow-readers/stalled-reader.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";

/** GraphQL over server-sent events: graphql-sse's protocol, a connection for each operation. */
export interface GraphqlSse {
  /** Executes an admitted operation and streams its answers. @throws Refusal before anything is sent. */
  serve(request: IncomingMessage, response: ServerResponse, admission: Admission): Promise<void>;
  /** Tells a client that accepts only events that its operation is refused. */
  refuse(response: ServerResponse, thrown: unknown, requestId: string): void;
  /** Ends all streams; their clients connect again. Safe to call twice. */
  stop(): void;
}

/** Starts the protocol's side of the server. */
export function createGraphqlSse(options: {
  readonly schema: GraphQLSchema;
  readonly execute: Execute;
  readonly operations: Operations;
  readonly logger: Logger;
  readonly unsent: UnsentBytes;
  /** Between comments that keep proxies from closing a silent stream, and that show a client that is gone. */
  readonly heartbeatMs: number;
}): GraphqlSse {
  const { schema, execute, operations, logger, unsent, heartbeatMs } = options;
  const streams = new Set<() => void>();

  return {
    async serve(_request, response, admission) {
      const operation = operations.open(admission);
      const { document, context, request } = operation;
      const args = {
        schema,
        document,
        operationName: operation.operation.name?.value,
        variableValues: admission.variables,
        contextValue: context,
      };
      const stream = openStream(response, heartbeatMs);
      let complete = false;
      let events: AsyncGenerator<ExecutionResult> | undefined;
      const end = once(() => {
        streams.delete(end);
        if (!complete) operation.leave();
        operation.end();
        void events?.return(undefined);
        response.end();
      });
      streams.add(end);
      response.once("close", end);
      cutStalledReader(response, { unsent, intervalMs: heartbeatMs });
      const send = async (result: ExecutionResult) => {
        const told = clientResult(result, request.requestId, logger);
        operation.note(told);
        await stream.next(told);
      };
      try {
        const result = await (operation.operation.operation === "subscription" ? subscribe(args) : execute(args));
        if (Symbol.asyncIterator in result) {
          events = result;
          for await (const event of result) await send(event);
        } else {
          await send(result);
        }
      } catch (error) {
        stream.failed(refusedErrors(error, request.requestId, logger));
      }
      // A stream that the gateway ends for its own sake is not complete: its client subscribes again.
      complete = streams.has(end);
      if (complete) stream.complete();
      end();
    },

    refuse(response, thrown, requestId) {
      const stream = openStream(response, heartbeatMs);
      const errors = refusedErrors(thrown, requestId, logger);
      operations.refused(errors, requestId);
      stream.failed(errors);
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
  // Sends the head at once: a client counts as connected from then on.
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
    failed(errors: FormattedExecutionResult["errors"]): void {
      write(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`);
    },
    complete(): void {
      write("event: complete\ndata:\n\n");
    },
  };
}
