import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A TCP proxy before a simulator, which can go away and come back. */
export interface Proxy {
  readonly url: string;
  /** Closes all idle connections and refuses new ones until the returned function is called. */
  goAway(): Promise<() => Promise<void>>;
}

/** Starts a proxy before a port of loopback, for one test. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket)).on("error", () => {});
    }
    client.pipe(upstream).pipe(client);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as { port: number };
  onTestFinished(() => (server.listening ? close() : undefined));
  return {
    url: `http://127.0.0.1:${port}`,
    async goAway() {
      await close();
      return () => listen(port);
    },
  };
}
