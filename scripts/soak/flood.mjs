import { connect } from "node:net";

/** A connection that sends nothing more while this much of its data is not taken. */
const MAX_UNTAKEN_BYTES = 256 * 1024;

/**
 * Keeps requests under way on many connections, and opens another for each that is closed.
 *
 * @param url of the gateway.
 * @param connections number of connections.
 * @param depth requests under way on each.
 * @param opening bytes that begin a connection.
 * @param next returns the bytes of request n.
 * @param answer matches a response in the bytes received; its first group is what is counted.
 * @param reads whether responses are read.
 * @returns `counts` of responses by kind and of closed connections; `stop` ends the flood.
 */
export function flood(url, { connections = 300, depth = 1, opening = "", next, answer = HTTP_STATUS, reads = true }) {
  const counts = {};
  const sockets = new Set();
  let sent = 0;
  let isStopped = false;
  const count = (kind) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };

  const open = () => {
    if (isStopped) return;
    const socket = connect(Number(url.port), url.hostname);
    sockets.add(socket);
    const send = (requests) => {
      if (socket.writableLength > MAX_UNTAKEN_BYTES) return;
      const texts = Array.from({ length: requests }, (_, n) => next(sent + n));
      sent += requests;
      socket.write(texts.join(""), "latin1");
    };
    socket.once("connect", () => {
      socket.write(opening, "latin1");
      send(depth);
    });
    const timer = reads ? undefined : setInterval(send, 100, depth);
    if (reads) {
      socket.on("data", (chunk) => {
        const kinds = [...chunk.toString("latin1").matchAll(answer)];
        for (const [, kind] of kinds) count(kind);
        if (kinds.length > 0) send(kinds.length);
      });
    } else {
      socket.pause();
    }
    socket.on("error", () => {});
    socket.once("close", () => {
      clearInterval(timer);
      count("closed");
      sockets.delete(socket);
      setTimeout(open, 10);
    });
  };

  for (let n = 0; n < connections; n += 1) open();
  return {
    counts,
    stop() {
      isStopped = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

const HTTP_STATUS = /HTTP\/1\.1 (\d{3})/g;
