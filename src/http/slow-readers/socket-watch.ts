import type { WebSocket } from "ws";
import type { UnsentBytes } from "./unsent-bytes.js";

/** Reading from a peer pauses while more than this waits to be sent to it, and resumes below a quarter of it. */
const PAUSE_BYTES = 1024 * 1024;
/** Reading also pauses while this many queries and mutations run. */
const PAUSE_OPERATIONS = 64;

/** Watches whether the peer of a WebSocket is alive and reads. Lives as long as the socket. */
export class SocketWatch {
  private alive = true;
  /** Bytes that waited at the last beat, or when reading was paused. */
  private lastHeld = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly unsent: UnsentBytes,
  ) {}

  /** Records a sign of life. */
  seen(): void {
    this.alive = true;
  }

  /** Pauses or resumes reading. Drops a peer if too much waits for it. Call after each change of what waits or runs. */
  measure(runningOperations: number): void {
    const { socket } = this;
    const held = socket.bufferedAmount;
    if (!this.unsent.record(socket, held)) {
      socket.terminate();
      return;
    }
    const isBusy = runningOperations >= PAUSE_OPERATIONS;
    if ((isBusy || held > PAUSE_BYTES) && !socket.isPaused) {
      this.lastHeld = held;
      socket.pause();
    } else if (!isBusy && held < PAUSE_BYTES / 4 && socket.isPaused) {
      // Its pongs may have waited during the pause.
      this.alive = true;
      socket.resume();
    }
  }

  /** Drops a peer that gave no sign of life since the last beat, and pings it. Call once per interval. */
  beat(): void {
    const { socket } = this;
    const held = socket.bufferedAmount;
    // No pong can be seen while reading is paused: then taking what waits is the sign of life.
    if (socket.isPaused ? held > 0 && held >= this.lastHeld : !this.alive) {
      socket.terminate();
      return;
    }
    this.lastHeld = held;
    if (socket.isPaused) return;
    this.alive = false;
    socket.ping();
  }

  /** Call when the socket is closed. */
  end(): void {
    this.unsent.forget(this.socket);
  }
}
