import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { UnsentBytes } from "./unsent-bytes.js";

/** A reader must take at least this much per interval while anything waits for it. */
const MIN_PROGRESS_BYTES = 16 * 1024;
/** A reader is dropped after this many intervals in a row without progress. */
const MAX_STALLED_INTERVALS = 2;
/** Long bodies are written in chunks, because Node does not report the progress of a single write. */
const CHUNK_BYTES = 64 * 1024;

/** Limits for clients that do not read. */
export interface ReaderLimits {
  readonly unsent: UnsentBytes;
  /** Name of the client that reads. */
  readonly client: string;
  /** Between checks of a reader's progress, in milliseconds. */
  readonly intervalMs: number;
}

/** Writes a whole body as fast as its client reads, and drops a client that stalls. Resolves when the system has all of it. */
export async function writeBody(response: ServerResponse, body: Buffer, limits: ReaderLimits): Promise<void> {
  const { socket } = response.req;
  if (body.length <= CHUNK_BYTES) {
    response.end(body);
    // Usually the system has taken all of it by now.
    if (bytesHeld(socket, response) > 0) dropStalledReader(response, limits);
    return;
  }
  let written = 0;
  dropStalledReader(response, limits, () => body.length - written);
  while (written < body.length && !response.destroyed && !socket.destroyed) {
    const chunk = body.subarray(written, written + CHUNK_BYTES);
    written += chunk.length;
    if (!response.write(chunk)) await drained(socket, response);
  }
  response.end();
}

/**
 * Drops the client of a response if it stops reading. Stops watching when the response is closed.
 *
 * @param unwritten returns the bytes of the response that are not written yet. @default none
 */
export function dropStalledReader(
  response: ServerResponse,
  { unsent, client, intervalMs }: ReaderLimits,
  unwritten: () => number = () => 0,
): void {
  const { socket } = response.req;
  const measure = () => {
    const held = unwritten() + bytesHeld(socket, response);
    if (!unsent.record(response, client, held)) socket.destroy();
    return held;
  };
  let taken = bytesTaken(socket);
  let stalled = 0;
  const timer = setInterval(() => {
    const progress = bytesTaken(socket) - taken;
    taken += progress;
    stalled = measure() > 0 && progress < MIN_PROGRESS_BYTES ? stalled + 1 : 0;
    if (stalled >= MAX_STALLED_INTERVALS) socket.destroy();
  }, intervalMs);
  const end = () => {
    clearInterval(timer);
    unsent.forget(response);
    response.off("close", end);
    socket.off("close", end);
  };
  response.once("close", end);
  socket.once("close", end);
  measure();
}

/** Resolves when there is room for more, or the client is gone. */
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

function bytesHeld(socket: Socket, response: ServerResponse): number {
  return Math.max(socket.writableLength, response.writableLength);
}

/** Bytes written that the system has taken. */
function bytesTaken(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
