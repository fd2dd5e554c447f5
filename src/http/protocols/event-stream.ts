import type { ServerResponse } from "node:http";
import type { FormattedExecutionResult } from "graphql";

/**
 * Id of the event that completes a stream. A client that sends it as `Last-Event-ID` has everything: its reconnect is answered with 204,
 * which ends an `EventSource`. It is the same for all streams, so that every process knows it.
 */
export const COMPLETE_ID = "complete";

/** A response of server-sent events. */
export interface EventStream {
  /** Sends a result; its cursor, if it has one, is the event's id. Resolves when the client has room for more, or is gone. */
  next(result: FormattedExecutionResult): Promise<void> | void;
  /** Sends the last event. @param isFinal whether its client has nothing to reconnect for. */
  complete(isFinal: boolean): void;
}

/** Sends the head of a response, and comments as heartbeats from then on. */
export function openEventStream(response: ServerResponse, heartbeatMs: number): EventStream {
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
    next(result) {
      const cursor = cursorOf(result);
      const id = cursor === undefined ? "" : `id: ${cursor}\n`;
      if (write(`${id}event: next\ndata: ${JSON.stringify(result)}\n\n`)) return;
      return new Promise((resolve) => {
        const go = () => {
          response.off("drain", go).off("close", go);
          resolve();
        };
        response.on("drain", go).on("close", go);
      });
    },
    complete(isFinal) {
      write(`${isFinal ? `id: ${COMPLETE_ID}\n` : ""}event: complete\ndata:\n\n`);
    },
  };
}

/** The cursor after a result, as an event's id; undefined if it has none. An id is one line. */
export function cursorOf({ extensions }: FormattedExecutionResult): string | undefined {
  const cursor = extensions?.cursor;
  return typeof cursor === "string" && /^[\x21-\x7e]+$/.test(cursor) ? cursor : undefined;
}
