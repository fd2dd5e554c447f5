import type { Duplex } from "node:stream";

/** How long a connection stays open after a refusal, so that the client can read it. */
const MAX_LINGER_MS = 2_000;

/** Destroys a connection unless its client closes it in time. */
export function destroyAfterLinger(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), MAX_LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
}
