import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A TCP connection to a gateway, without any protocol. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: () => string;
  /** Resolves with everything received, when the gateway has closed the connection. */
  readonly closed: Promise<string>;
}

/** Connects to the port of a URL; the connection is destroyed when the test is finished. */
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

/** Head of a POST to `/graphql`, including the empty line. */
export function postHead(headers: Record<string, string | number>): string {
  const all = { host: "localhost", "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /graphql HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}
