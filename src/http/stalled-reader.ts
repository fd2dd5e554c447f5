import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { UnsentBytes } from "./unsent-bytes.js";

/** A reader must take this much in each interval while something waits for it. */
const LEAST_BYTES = 16 * 1024;
/** Intervals without enough progress after which it is cut off. */
const PATIENCE = 2;

/**
 * Cuts off the client of a response that is written and not read. Stops watching by itself when the response is closed; where the
 * system took all of it at once, there is nothing to watch.
 */
export function cutStalledReader(response: ServerResponse, unsent: UnsentBytes, intervalMs: number): void {
  const { socket } = response;
  if (socket === null) return;
  const first = heldBy(socket, response);
  if (!unsent.note(socket, first)) socket.destroy();
  if (first === 0) return;
  let taken = takenBy(socket);
  let stalled = 0;
  const timer = setInterval(() => {
    const held = heldBy(socket, response);
    const progress = takenBy(socket) - taken;
    taken += progress;
    stalled = held > 0 && progress < LEAST_BYTES ? stalled + 1 : 0;
    if (!unsent.note(socket, held) || stalled >= PATIENCE) socket.destroy();
  }, intervalMs);
  response.once("close", () => {
    clearInterval(timer);
    unsent.forget(socket);
  });
}

function heldBy(socket: Socket, response: ServerResponse): number {
  return Math.max(socket.writableLength, response.writableLength);
}

/** What the system took of what was written. */
function takenBy(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
