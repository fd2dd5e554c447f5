import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway } from "../support/gateway.js";
import { postHead, rawConnection } from "./support/raw.js";

/** Short times, so that nothing has to be waited for; the proportions are those of the defaults. */
const HASTE = { REQUEST_TIMEOUT_SECONDS: "1", IDLE_TIMEOUT_SECONDS: "1", HEARTBEAT_SECONDS: "1" };

const BIG =
  "{ __schema { types { name description fields { name description type { name } args { name description } } } } }";
const LONG_NAMES = ["id", "name", "description", "status", "cpuModel", "hostname", "createdAt", "localId"]
  .map((field) => `${"x".repeat(180)}_${field}: ${field}`)
  .join(" ");

test.each([
  ["says nothing", ""],
  ["stops in its headers", "POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow"],
  ["stops in its body", `${postHead({ "content-length": 100 })}{"query":`],
])("cuts a connection that %s", async (_, text) => {
  const gateway = await startGateway({ env: HASTE });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write(text);

  expect(await closed).toMatch(/^$|^HTTP\/1.1 408 /);
});

test("cuts a connection that drips its headers without end", async () => {
  const gateway = await startGateway({ env: HASTE });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write("POST /graphql HTTP/1.1\r\n");
  const drip = setInterval(() => socket.write("x"), 50);
  await closed;
  clearInterval(drip);
});

test("closes an idle connection after its last answer", async () => {
  const gateway = await startGateway({ env: HASTE });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n");

  expect(await closed).toMatch(/^HTTP\/1.1 200 /);
});

test("closes a WebSocket that does not greet with 4408", async () => {
  const gateway = await startGateway({ env: HASTE });
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");

  expect((await once(socket, "close"))[0]).toBe(4408);
});

test("drops a WebSocket whose peer is dead", async () => {
  const gateway = await startGateway({ env: HASTE });
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    autoPong: false,
  });
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');

  expect((await once(socket, "close"))[0]).toBe(1006);
});

test("2,000 idle connections delay nobody", async () => {
  const gateway = await startGateway();
  await gateway.query("{ vms(first: 1) { nodes { name } } }");
  const port = Number(new URL(gateway.url).port);
  const sockets = Array.from({ length: 2_000 }, () => connect(port, "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const began = performance.now();

  expect((await gateway.query("{ vms(first: 1) { nodes { name } } }")).errors).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("a WebSocket that sends queries and reads no answer is dropped, with little memory held for it", async () => {
  const gateway = await startGateway({ env: { ...HASTE, MAX_UNSENT_MIB: "8", RATE_LIMIT_PER_SECOND: "0" } });
  const { socket: connection } = rawConnection(gateway.url);
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    createConnection: () => connection,
  });
  socket.on("error", () => {});
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');
  await once(socket, "message");
  connection.pause();
  const before = process.memoryUsage().rss;
  const message = (id: number) => JSON.stringify({ type: "subscribe", id: String(id), payload: { query: BIG } });
  for (let id = 0; id < 500; id += 1) socket.send(message(id));

  await cutOff(connection, () => socket.ping());
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(300);
}, 60_000);

test("an HTTP client that reads no answer is cut off", async () => {
  const gateway = await startGateway({ env: HASTE });
  const { socket } = rawConnection(gateway.url);
  socket.pause();
  const body = JSON.stringify({ query: BIG });
  const one = `${postHead({ "content-length": Buffer.byteLength(body) })}${body}`;
  for (let i = 0; i < 40; i += 1) socket.write(one);

  await cutOff(socket, () => socket.write(one));
}, 60_000);

/** An answer of more bytes than the system's buffers hold. */
const HUGE = `{ ${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `a${n}: vms(first: 1000) { nodes { ${LONG_NAMES} } }`).join(" ")} }`;

test("a client that reads slowly but steadily gets its whole answer", async () => {
  const gateway = await startGateway({ simulator: { vms: 1000 }, env: HASTE });
  const body = JSON.stringify({ query: HUGE });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    authorization: gateway.token,
  };
  const sent = request(`${gateway.url}/graphql`, { method: "POST", headers }).end(body);
  const [response] = await once(sent, "response");
  let text = "";
  let sinceRest = 0;
  for await (const chunk of response) {
    text += chunk;
    sinceRest += chunk.length;
    if (sinceRest < 250_000) continue;
    sinceRest = 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  expect(text.length).toBeGreaterThan(10_000_000);
  expect(Object.keys(JSON.parse(text).data)).toHaveLength(8);
}, 60_000);

test("an answer that waits behind another on its connection counts as held, and is cut off when nobody reads it", async () => {
  const gateway = await startGateway({ simulator: { vms: 1000 }, env: { ...HASTE, REQUEST_TIMEOUT_SECONDS: "20" } });
  const until = new Promise((resolve) => setTimeout(resolve, 3_000));
  gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "hold", until } });
  const { socket } = rawConnection(gateway.url);
  socket.pause();
  const requestText = (query: string) => {
    const body = JSON.stringify({ query });
    return `${postHead({ "content-length": Buffer.byteLength(body), authorization: gateway.token })}${body}`;
  };
  socket.write(requestText("{ hosts(first: 1) { nodes { name } } }") + requestText(HUGE));

  await cutOff(socket, () => socket.write(requestText("{ __typename }")));
}, 60_000);

/** Resolves when the other side has cut a connection that is not read: then a write fails. */
async function cutOff(socket: Socket, poke: () => void): Promise<void> {
  const poking = setInterval(poke, 100);
  await new Promise((resolve) => socket.once("error", resolve).once("close", resolve));
  clearInterval(poking);
}
