import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { UnsentBytes } from "./unsent-bytes.js";

/** A reader must take this much in each interval while something waits for it. */
const LEAST_BYTES = 16 * 1024;
/** Intervals without enough progress after which it is cut off. */
const PATIENCE = 2;
/** Long bodies are written in pieces: what was taken of a single one, Node does not tell. */
const PIECE_BYTES = 64 * 1024;

/** What clients that do not read are measured by. */
export interface ReaderLimits {
  readonly unsent: UnsentBytes;
  /** How often a reader that takes its time is looked at. */
  readonly intervalMs: number;
}

/** Writes a whole body as fast as its client reads, and cuts off one that does not. Resolves when all is handed to the system. */
export async function writeBody(response: ServerResponse, body: Buffer, limits: ReaderLimits): Promise<void> {
  const { socket } = response.req;
  if (body.length <= PIECE_BYTES) {
    response.end(body);
    // Mostly the system has taken all of it by now.
    if (heldBy(socket, response) > 0) cutStalledReader(response, limits);
    return;
  }
  let written = 0;
  cutStalledReader(response, limits, () => body.length - written);
  while (written < body.length && !response.destroyed && !socket.destroyed) {
    const piece = body.subarray(written, written + PIECE_BYTES);
    written += piece.length;
    if (!response.write(piece)) await drained(socket, response);
  }
  response.end();
}

/**
 * Cuts off the client of a response that is written and not read. Stops watching by itself when the response is closed.
 *
 * @param unwritten bytes of the response that are still to be written.
 */
export function cutStalledReader(
  response: ServerResponse,
  { unsent, intervalMs }: ReaderLimits,
  unwritten: () => number = () => 0,
): void {
  const { socket } = response.req;
  const note = () => {
    const held = unwritten() + heldBy(socket, response);
    if (!unsent.note(response, held)) socket.destroy();
    return held;
  };
  let taken = takenBy(socket);
  let stalled = 0;
  const timer = setInterval(() => {
    const progress = takenBy(socket) - taken;
    taken += progress;
    // While an earlier answer on the connection is not sent, this one has no socket: that is not the client's doing.
    const waits = note() > 0 && response.socket !== null;
    stalled = waits && progress < LEAST_BYTES ? stalled + 1 : 0;
    if (stalled >= PATIENCE) socket.destroy();
  }, intervalMs);
  const end = () => {
    clearInterval(timer);
    unsent.forget(response);
    response.off("close", end);
    socket.off("close", end);
  };
  response.once("close", end);
  // Each answer that waits on the connection listens: that is no leak to warn of.
  socket.setMaxListeners(0);
  socket.once("close", end);
  note();
}

/** Resolves when there is room for more, or nobody to write for. */
function drained(socket: Socket, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ["drain", "close"]) response.off(event, go);
      socket.off("close", go);
      resolve();
    };
    for (const event of ["drain", "close"]) response.once(event, go);
    socket.once("close", go);
  });
}

function heldBy(socket: Socket, response: ServerResponse): number {
  return response.socket === null ? response.writableLength : Math.max(socket.writableLength, response.writableLength);
}

/** What the system took of what was written. */
function takenBy(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
