import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A bare connection: what is sent and what comes back, byte by byte. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that has come so far. */
  readonly received: () => string;
  /** Resolves with everything that came when the other side has closed. */
  readonly closed: Promise<string>;
}

/** Connects to a gateway's port without any protocol. */
export function rawConnection(url: string): RawConnection {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  return { socket, received: () => text, closed: new Promise((resolve) => socket.once("close", () => resolve(text))) };
}

/** The head of a POST to `/graphql`, up to the empty line. */
export function postHead(headers: Record<string, string | number>): string {
  const all = { host: "localhost", "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /graphql HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
