import type { IncomingMessage } from "node:http";
import { CloseCode, type Server } from "graphql-ws";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import type { UnsentBytes } from "../slow-readers/unsent-bytes.js";

/** What graphql-ws is told of a connection, and what is kept of it. */
export interface Connection {
  readonly request: IncomingMessage;
  readonly address: string;
  /** Bytes of the message that is being handled. */
  messageBytes: number;
  /** How to end each operation that runs on the connection, by its message: an id may be used again before the end. */
  readonly endings: Map<object, { readonly id: string; end(left: boolean): void }>;
  /** Queries and mutations under way. */
  running: number;
  /** To be called when `running` has changed. */
  measure(): void;
  close(code: number, reason: string): void;
}

/** Reading from a connection pauses while more than this waits to be sent to it, and goes on below a quarter of it. */
const PAUSE_BYTES = 1024 * 1024;
/** Nor is read on while so many queries and mutations run. */
const PAUSE_RUNNING = 64;
/** A credential in `connection_init` is not longer. */
const MAX_FIRST_MESSAGE_BYTES = 32 * 1024;
/** How long a peer may take to answer our closing. */
const CLOSE_WAIT_MS = 5_000;
/** Longest reason that a close frame has room for. */
const MAX_REASON_BYTES = 123;

/**
 * Joins a WebSocket to graphql-ws's protocol server.
 *
 * A peer that answers no ping within an interval is dropped. One that does not read is not read from either; it is dropped when it
 * takes nothing for an interval, or when too much waits for it.
 */
export function serveSocket(
  socket: WebSocket,
  request: IncomingMessage,
  address: string,
  protocol: Server<Connection>,
  options: { readonly pingMs: number; readonly unsent: UnsentBytes; readonly logger: Logger },
): void {
  const { pingMs, unsent, logger } = options;
  const close = (code: number, reason: string) => {
    socket.close(code, limited(reason));
    // What else the peer sends is dropped by ws; it has this long to say goodbye.
    const timer = setTimeout(() => socket.terminate(), CLOSE_WAIT_MS);
    socket.once("close", () => clearTimeout(timer));
  };
  let last = 0;
  let alive = true;
  const measure = () => {
    const held = socket.bufferedAmount;
    if (!unsent.note(socket, held)) return socket.terminate();
    const busy = connection.running >= PAUSE_RUNNING;
    if ((busy || held > PAUSE_BYTES) && !socket.isPaused) {
      last = held;
      socket.pause();
    } else if (!busy && held < PAUSE_BYTES / 4 && socket.isPaused) {
      // Its pongs may have waited as long.
      alive = true;
      socket.resume();
    }
  };
  const endings: Connection["endings"] = new Map();
  const connection: Connection = { request, address, messageBytes: 0, endings, running: 0, measure, close };
  const heartbeat = setInterval(() => {
    const held = socket.bufferedAmount;
    // While reading is paused no pong can be seen: taking what waits is the sign of life then.
    if (socket.isPaused ? held > 0 && held >= last : !alive) return socket.terminate();
    last = held;
    if (socket.isPaused) return;
    alive = false;
    socket.ping();
  }, pingMs);

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      close,
      send(text) {
        if (socket.readyState !== socket.OPEN) return;
        return new Promise<void>((resolve) => {
          // A connection that breaks is told by its close; nobody needs the failed message.
          socket.send(text, () => {
            measure();
            resolve();
          });
          measure();
        });
      },
      onMessage(handle) {
        let first = true;
        socket.on("message", (data) => {
          if (socket.readyState !== socket.OPEN) return;
          const text = String(data);
          alive = true;
          if (first && text.length > MAX_FIRST_MESSAGE_BYTES) {
            return close(CloseCode.BadRequest, `expected a first message of at most ${MAX_FIRST_MESSAGE_BYTES} bytes`);
          }
          first = false;
          connection.messageBytes = text.length;
          if (text.includes('"complete"')) leave(connection, text);
          handle(text).catch((error: unknown) => {
            // A message of a type that only servers send.
            if (error instanceof Error && error.message.startsWith("Unexpected message of type")) {
              return close(CloseCode.BadRequest, "expected a message that clients send");
            }
            logger.error({ err: error }, "a WebSocket message could not be handled");
            close(CloseCode.InternalServerError, "Internal server error");
          });
        });
      },
    },
    connection,
  );

  socket.on("pong", () => {
    alive = true;
  });
  // ws closes the connection itself, with the code that fits: 1009 for a message that is too large, 1007 for bad UTF-8.
  socket.on("error", () => {
    const timer = setTimeout(() => socket.terminate(), CLOSE_WAIT_MS);
    socket.once("close", () => clearTimeout(timer));
  });
  socket.once("close", (code, reason) => {
    clearInterval(heartbeat);
    unsent.forget(socket);
    for (const { end } of connection.endings.values()) end(true);
    connection.endings.clear();
    void closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, "a closing failed"));
  });
}

/** Cancels what runs upstream for an operation that its client no longer wants; graphql-ws only drops the answer. */
function leave({ endings }: Connection, text: string): void {
  const { type, id } = parsed(text);
  if (type !== "complete") return;
  for (const [message, ending] of endings) {
    if (ending.id !== id) continue;
    ending.end(true);
    endings.delete(message);
  }
}

function parsed(text: string): { type?: unknown; id?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function limited(reason: string): string {
  const bytes = Buffer.from(reason);
  return bytes.length <= MAX_REASON_BYTES ? reason : bytes.subarray(0, MAX_REASON_BYTES).toString("utf8").slice(0, -1);
}
