import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What a network does to the connections through it. */
export type NetworkFault =
  | "none"
  /** New connections are refused, and those that are open are closed. */
  | "down"
  /** What the gateway sends is swallowed, and nobody is told: a half-open connection. */
  | "silent"
  /** The connection is closed when the gateway begins to respond. */
  | "cut";

/** A network between a client and the gateway behind it at the moment. */
export interface UnreliableNetwork {
  readonly url: string;
  /** Port of the gateway for new connections. */
  target: number;
  /** Number of connections whose response was swallowed or cut off. */
  readonly broken: number;
  fail(fault: NetworkFault): Promise<void>;
}

/** Starts one for a test. */
export async function startNetwork(target: number): Promise<UnreliableNetwork> {
  let [fault, broken]: [NetworkFault, number] = ["none", 0];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const gateway = connect(network.target, "127.0.0.1");
    let counted = false;
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(socket);
      socket
        .on("error", () => {})
        .once("close", () => {
          sockets.delete(socket);
          if (fault !== "silent") other.destroy();
        });
    }
    client.pipe(gateway);
    gateway.on("data", (bytes) => {
      if (fault === "none") client.write(bytes);
      else if (!counted) [counted, broken] = [true, broken + 1];
      if (fault === "cut") client.destroy();
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    return closed;
  };
  await listen(0);
  const { port } = server.address() as { port: number };
  onTestFinished(() => (server.listening ? close() : undefined));
  const network = {
    url: `http://127.0.0.1:${port}/graphql`,
    target,
    get broken() {
      return broken;
    },
    async fail(next: NetworkFault) {
      if (next === "down") await close();
      else if (fault === "down") await listen(port);
      fault = next;
    },
  };
  return network;
}
