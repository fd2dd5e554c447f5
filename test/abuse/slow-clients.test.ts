import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway } from "../support/gateway.js";
import { postHead, rawConnection } from "../support/raw-connection.js";

/** Short timeouts, in about the proportions of the defaults. */
const SHORT_TIMEOUTS = { REQUEST_TIMEOUT_SECONDS: "1", IDLE_TIMEOUT_SECONDS: "1", HEARTBEAT_SECONDS: "1" };

const BIG =
  "{ __schema { types { name description fields { name description type { name } args { name description } } } } }";
const LONG_NAMES = ["id", "name", "description", "status", "cpuModel", "hostname", "createdAt", "localId"]
  .map((field) => `${"x".repeat(180)}_${field}: ${field}`)
  .join(" ");

test.each([
  ["says nothing", ""],
  ["stops in its headers", "POST /graphql HTTP/1.1\r\nhost: a\r\nx-slow"],
  ["stops in its body", `${postHead({ "content-length": 100 })}{"query":`],
])("closes a connection that %s", async (_, text) => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write(text);

  expect(await closed).toMatch(/^$|^HTTP\/1.1 408 /);
});

test("closes a connection that drips its headers endlessly", async () => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write("POST /graphql HTTP/1.1\r\n");
  const drip = setInterval(() => socket.write("x"), 50);
  await closed;
  clearInterval(drip);
});

test("closes an idle connection after its last response", async () => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const { socket, closed } = rawConnection(gateway.url);
  socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n");

  expect(await closed).toMatch(/^HTTP\/1.1 200 /);
});

test("closes a WebSocket that sends no connection_init with 4408", async () => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");

  expect((await once(socket, "close"))[0]).toBe(4408);
});

test("drops a WebSocket whose peer is dead", async () => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
    autoPong: false,
  });
  await once(socket, "open");
  socket.send('{"type":"connection_init"}');

  expect((await once(socket, "close"))[0]).toBe(1006);
});

test("serves other clients while 2,000 connections are idle", async () => {
  const gateway = await startGateway();
  await gateway.query("{ vms(first: 1) { nodes { name } } }");
  const port = Number(new URL(gateway.url).port);
  const sockets = Array.from({ length: 2_000 }, () => connect(port, "127.0.0.1"));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));

  expect((await gateway.query("{ vms(first: 1) { nodes { name } } }")).errors).toBeUndefined();
});

test("drops a WebSocket that sends queries and reads nothing, and holds little memory for it", async () => {
  const gateway = await startGateway({ env: { ...SHORT_TIMEOUTS, MAX_UNSENT_MIB: "8", RATE_LIMIT_PER_SECOND: "0" } });
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

  await dropped(connection, () => socket.ping());
  expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(300);
}, 60_000);

test("refuses bodies that exceed what may be held for a client, and holds nothing when they are gone", async () => {
  const gateway = await startGateway({ env: { MAX_UNSENT_MIB_PER_CLIENT: "2" } });
  const head = postHead({ "content-length": 1_000_000, authorization: "another-client" });
  const connections = Array.from({ length: 10 }, () => rawConnection(gateway.url));
  for (const { socket } of connections) socket.write(head + "x".repeat(999_999));
  const refused = () => connections.filter(({ received }) => /^HTTP\/1.1 429 .*RATE_LIMITED/s.test(received()));
  await expect.poll(() => refused().length).toBeGreaterThanOrEqual(7);

  const body = JSON.stringify({ query: "{ __typename }", variables: { unused: "x".repeat(500_000) } });
  expect((await gateway.post(body)).status).toBe(200);
  for (const { socket } of connections) socket.destroy();
  await expect
    .poll(async () => (await gateway.post(body, { authorization: "another-client" })).status, { timeout: 5_000 })
    .toBe(200);
});

test("drops an HTTP client that reads nothing", async () => {
  const gateway = await startGateway({ env: SHORT_TIMEOUTS });
  const { socket } = rawConnection(gateway.url);
  socket.pause();
  const body = JSON.stringify({ query: BIG });
  const one = `${postHead({ "content-length": Buffer.byteLength(body) })}${body}`;
  for (let i = 0; i < 40; i += 1) socket.write(one);

  await dropped(socket, () => socket.write(one));
}, 60_000);

/** Its response has more bytes than the system's buffers hold. */
const HUGE = `{ ${[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `a${n}: vms(first: 1000) { nodes { ${LONG_NAMES} } }`).join(" ")} }`;

test("sends the whole response to a client that reads slowly but steadily", async () => {
  const gateway = await startGateway({ simulator: { vms: 1000 }, env: SHORT_TIMEOUTS });
  const body = JSON.stringify({ query: HUGE });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    authorization: gateway.token,
  };
  const sent = request(`${gateway.url}/graphql`, { method: "POST", headers }).end(body);
  const [response] = await once(sent, "response");
  let text = "";
  let sincePause = 0;
  for await (const chunk of response) {
    text += chunk;
    sincePause += chunk.length;
    if (sincePause < 250_000) continue;
    sincePause = 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  expect(text.length).toBeGreaterThan(10_000_000);
  expect(Object.keys(JSON.parse(text).data)).toHaveLength(8);
}, 60_000);

test("drops a client that reads neither of two pipelined responses", async () => {
  const gateway = await startGateway({
    simulator: { vms: 1000 },
    env: { ...SHORT_TIMEOUTS, REQUEST_TIMEOUT_SECONDS: "20" },
  });
  const until = new Promise((resolve) => setTimeout(resolve, 3_000));
  gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "hold", until } });
  const { socket } = rawConnection(gateway.url);
  socket.pause();
  const requestText = (query: string) => {
    const body = JSON.stringify({ query });
    return `${postHead({ "content-length": Buffer.byteLength(body), authorization: gateway.token })}${body}`;
  };
  socket.write(requestText("{ hosts(first: 1) { nodes { name } } }") + requestText(HUGE));

  await dropped(socket, () => socket.write(requestText("{ __typename }")));
}, 60_000);

/** Resolves when the gateway has dropped a connection that is not read: only a failing write reveals it. */
async function dropped(socket: Socket, write: () => void): Promise<void> {
  const writing = setInterval(write, 100);
  await new Promise((resolve) => socket.once("error", resolve).once("close", resolve));
  clearInterval(writing);
}
