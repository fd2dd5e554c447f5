import type { WebSocket } from "ws";
import type { UnsentBytes } from "./unsent-bytes.js";

/** Reading from a peer pauses while more than this waits to be sent to it, and resumes below a quarter of it. */
const PAUSE_BYTES = 1024 * 1024;
/** Reading also pauses while more than this was received and waits to be handled, and resumes below a quarter of it. */
const PAUSE_RECEIVED_BYTES = 64 * 1024;

/** Watches whether the peer of a WebSocket is alive and reads. Lives as long as the socket. */
export class SocketWatch {
  private alive = true;
  /** Whether a paused peer is read from until it shows a sign of life. */
  private isProbing = false;
  /** Bytes that waited to be sent at the last beat, or when reading was paused. */
  private lastUnsent = 0;

  /** @param client names the client whose bytes the socket holds. */
  constructor(
    private readonly socket: WebSocket,
    private readonly unsent: UnsentBytes,
    private readonly client: () => string,
  ) {}

  /** Records a sign of life. */
  seen(): void {
    this.alive = true;
    this.isProbing = false;
  }

  /**
   * Pauses or resumes reading. Drops a peer if too much waits for it. Call after each change of what waits.
   *
   * @param received bytes that were received and wait to be handled.
   */
  measure(received: number): void {
    const { socket } = this;
    const unsent = socket.bufferedAmount;
    if (!this.unsent.record(socket, this.client(), unsent + received)) {
      socket.terminate();
      return;
    }
    const isFlooding = received > PAUSE_RECEIVED_BYTES && !this.isProbing;
    if ((unsent > PAUSE_BYTES || isFlooding) && !socket.isPaused) {
      this.lastUnsent = unsent;
      socket.pause();
    } else if (unsent < PAUSE_BYTES / 4 && received < PAUSE_RECEIVED_BYTES / 4 && socket.isPaused) {
      // Its pongs may have waited during the pause.
      this.alive = true;
      socket.resume();
    }
  }

  /** Drops a peer that gave no sign of life since the last beat, and pings it. Call once per interval. */
  beat(): void {
    const { socket } = this;
    const unsent = socket.bufferedAmount;
    // Taking what waits is a sign of life too.
    if (unsent < this.lastUnsent) this.alive = true;
    if (!this.alive) {
      socket.terminate();
      return;
    }
    this.alive = false;
    this.lastUnsent = unsent;
    socket.ping();
    if (!socket.isPaused || unsent > PAUSE_BYTES) return;
    this.isProbing = true;
    socket.resume();
  }

  /** Call when the socket is closed. */
  end(): void {
    this.unsent.forget(this.socket);
  }
}
