import type { IncomingMessage } from "node:http";
import { CloseCode, type Server } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { decodeUtf8 } from "../../kernel/text/decode-utf8.js";
import { shortenUtf8 } from "../../kernel/text/shorten.js";
import type { Owner, Turns } from "../../kernel/turns/turns.js";
import type { Caller } from "../admission/callers.js";
import { admissionMs } from "../admission/operations.js";
import { SocketWatch } from "../slow-readers/socket-watch.js";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";
import { Inbox } from "./inbox.js";

/** State of a connection, shared with the hooks of graphql-ws. Lives as long as the connection. */
export interface Connection {
  readonly request: IncomingMessage;
  readonly address: string;
  /** Who sends: by the headers of the upgrade, and then by `connection_init`. */
  caller: Caller;
  /** Bytes of the message that is being handled. */
  messageBytes: number;
  /** Running operations; several may have the same id, which may be reused before its operation has ended. */
  readonly operations: Set<RunningOperation>;
  /** The operation that the message that is being handled has begun. */
  begun: RunningOperation | undefined;
  /** Number of running queries and mutations. Call `ended` when it has decreased. */
  running: number;
  ended(): void;
  close(code: number, reason: string): void;
}

/** An operation that runs on a connection. */
export interface RunningOperation {
  readonly id: string;
  /** @param isCancelled whether its client no longer wants it: upstream calls are then cancelled. Safe to call twice. */
  end(isCancelled: boolean): void;
}

/** Options for `serveSocket`. */
export interface SocketOptions {
  readonly request: IncomingMessage;
  readonly address: string;
  readonly caller: Caller;
  readonly turns: Turns;
  /** Whose turns the messages of a caller take. */
  readonly ownerOf: (caller: Caller) => Owner;
  readonly protocol: Server<Connection>;
  /** Between pings. */
  readonly heartbeatMs: number;
  readonly unsent: UnsentBytes;
  readonly logger: Logger;
}

/** Messages wait while this many queries and mutations of their connection run. */
const MAX_RUNNING = 64;
/** Limit for `connection_init`, whose credential is never longer. */
const MAX_FIRST_MESSAGE_BYTES = 32 * 1024;
/** Close code of RFC 6455 for a text that is not UTF-8. */
const NOT_UTF8 = 1007;
/** How long a peer may take to respond to a close frame. */
const MAX_CLOSE_MS = 5_000;
/** Limit of the protocol for the reason in a close frame. */
const MAX_REASON_BYTES = 123;

/**
 * Connects a WebSocket to the protocol server of graphql-ws.
 *
 * A peer that misses a heartbeat is dropped. Reading from a peer pauses while it does not read; it is dropped when it takes nothing for
 * an interval, or when too much waits for it.
 */
export function serveSocket(socket: WebSocket, options: SocketOptions): void {
  const { request, address, caller, turns, ownerOf, protocol, heartbeatMs, unsent, logger } = options;
  const connection: Connection = {
    request,
    address,
    caller,
    messageBytes: 0,
    operations: new Set(),
    begun: undefined,
    running: 0,
    ended: () => inbox.wake(),
    close(code, reason) {
      socket.close(code, shortenUtf8(reason, MAX_REASON_BYTES));
      terminateUnlessClosed(socket);
    },
  };
  const watch = new SocketWatch(socket, unsent, () => connection.caller.client);
  const measure = () => watch.measure(inbox.bytes);
  let handle: (text: string) => Promise<void> = () => Promise.resolve();
  const inbox = new Inbox({
    takeTurn: (text) => turns.take(() => ownerOf(connection.caller), admissionMs(text.length)),
    isBusy: () => connection.running >= MAX_RUNNING,
    onChange: measure,
    handle(text) {
      if (socket.readyState !== socket.OPEN) return;
      connection.messageBytes = text.length;
      // Again: the operation may have waited before this message.
      cancelCompleted(connection, text);
      handleOne(connection, () => handle(text)).catch((error: unknown) => {
        if (isUnexpectedType(error)) {
          return connection.close(CloseCode.BadRequest, "Clients may not send messages of this type.");
        }
        logger.error({ err: error }, "handling a WebSocket message failed");
        connection.close(CloseCode.InternalServerError, "Internal server error");
      });
    },
  });
  const heartbeat = setInterval(() => watch.beat(), heartbeatMs);

  const onClosed = protocol.opened(
    {
      protocol: socket.protocol,
      close: connection.close,
      send(text) {
        if (socket.readyState !== socket.OPEN) return;
        return new Promise<void>((resolve) => {
          // Resolves even if sending fails: the close event follows.
          socket.send(text, () => {
            measure();
            resolve();
          });
          measure();
        });
      },
      onMessage(handleText) {
        handle = handleText;
        let isFirst = true;
        socket.on("message", (data) => {
          if (socket.readyState !== socket.OPEN) return;
          watch.seen();
          const text = decodeUtf8(data as Buffer);
          if (text === undefined) return connection.close(NOT_UTF8, "The message is not valid UTF-8.");
          if (isFirst && text.length > MAX_FIRST_MESSAGE_BYTES) {
            const reason = `First message too large: at most ${MAX_FIRST_MESSAGE_BYTES} bytes.`;
            return connection.close(CloseCode.BadRequest, reason);
          }
          isFirst = false;
          // Immediately: what keeps the message waiting may be the very operation that it completes.
          cancelCompleted(connection, text);
          inbox.add(text);
        });
      },
    },
    connection,
  );

  socket.on("pong", () => watch.seen());
  // ws closes the connection itself with the right code, such as 1009 for a message that is too large.
  socket.on("error", () => terminateUnlessClosed(socket));
  socket.once("close", (code, reason) => {
    clearInterval(heartbeat);
    inbox.close();
    watch.end();
    for (const operation of connection.operations) operation.end(true);
    void onClosed(code, String(reason)).catch((error: unknown) => {
      logger.error({ err: error }, "closing a WebSocket failed");
    });
  });
}

/** Handles a message. The operation that it begins is over when it has been handled, whatever graphql-ws has made of it. */
async function handleOne(connection: Connection, handle: () => Promise<void>): Promise<void> {
  connection.begun = undefined;
  const handled = handle();
  const begun = connection.begun as RunningOperation | undefined;
  await handled.finally(() => begun?.end(false));
}

/** ws drops what a peer sends after a close frame; the peer must respond to it in time. */
function terminateUnlessClosed(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), MAX_CLOSE_MS);
  socket.once("close", () => clearTimeout(timer));
}

// What graphql-ws has no hook for is read from the text of its messages and errors. If a peer disguises a message with escapes, only its
// own operation runs on without cancellation.

/** Id in a `complete` message; undefined for any other. graphql-ws itself only drops the result of the operation. */
function completedId(text: string): unknown {
  // Other messages are not parsed twice.
  if (!text.includes('"complete"')) return undefined;
  try {
    const { type, id } = Object(JSON.parse(text)) as { type?: unknown; id?: unknown };
    return type === "complete" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Whether graphql-ws threw because of a message that only servers send. */
function isUnexpectedType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Unexpected message of type");
}

function cancelCompleted({ operations }: Connection, text: string): void {
  const id = completedId(text);
  if (id === undefined) return;
  for (const operation of operations) if (operation.id === id) operation.end(true);
}
