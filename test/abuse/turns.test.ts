import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { hold } from "../support/hold.js";
import { postHead, type RawConnection, rawConnection } from "../support/raw-connection.js";

/** A request for one operation, as bytes. */
function requestText(query: string, authorization?: string): string {
  const body = JSON.stringify({ query });
  return `${postHead({ "content-length": Buffer.byteLength(body), ...(authorization && { authorization }) })}${body}`;
}

const responses = ({ received }: RawConnection) => received().split("HTTP/1.1 ").length - 1;

async function connected(gateway: TestGateway): Promise<RawConnection> {
  const connection = rawConnection(gateway.url);
  await once(connection.socket, "connect");
  return connection;
}

/** Resolves with the response to another client's request, which is sent now. */
async function askAsOther(connection: RawConnection, gateway: TestGateway): Promise<void> {
  const before = responses(connection);
  connection.socket.write(requestText("{ __typename }", gateway.token));
  while (responses(connection) === before) await once(connection.socket, "data");
}

/** A large document that is new, so that it is parsed and validated. */
const largeQuery = (n: number) => `{ vms(first: 1) { a${n}: totalCount nodes { ${"id name ".repeat(100)} } } }`;
const INVENTED = "invented-token";

test.each<[string, (n: number) => string]>([
  ["valid operations", () => requestText("{ __typename }", INVENTED)],
  ["large documents", (n) => requestText(largeQuery(n), INVENTED)],
  ["invalid documents", (n) => requestText(`{ nothing${n} }`, INVENTED)],
  ["operations without a credential", () => requestText("{ vms { totalCount } }")],
  ["introspection without a credential", (n) => requestText(`# ${n}\n{ __schema { types { name } } }`)],
  ["operations with a new token each", (n) => requestText("{ __typename }", `${INVENTED}-${n}`)],
  ["malformed JSON", () => `${postHead({ "content-length": 1, authorization: INVENTED })}{`],
  ["requests for nothing", () => "GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n"],
  ["requests for metrics", () => "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n"],
  [
    "operations for an event stream",
    () => requestText("{ __typename }", INVENTED).replace("\r\n", "\r\naccept: text/event-stream\r\n"),
  ],
])("300 %s do not make another client wait, pipelined or not", async (_, make) => {
  const gateway = await startGateway({ spoilsAnswers: true });
  // From then on the other client is known to be one.
  await gateway.query("{ vms(first: 1) { totalCount } }");
  const other = await connected(gateway);
  const one = await connected(gateway);
  const many = await Promise.all(Array.from({ length: 150 }, () => connected(gateway)));

  one.socket.write(Array.from({ length: 150 }, (_, n) => make(n)).join(""));
  for (const [n, { socket }] of many.entries()) socket.write(make(1000 + n));
  await askAsOther(other, gateway);
  const served = responses(one) + many.reduce((sum, connection) => sum + responses(connection), 0);

  expect(served).toBeLessThan(100);
});

/** Takes long to validate: thousands of fields. */
const hugeQuery = (n: number) =>
  `{ ${Array.from({ length: 30 }, (_, i) => `a${n}_${i}: vms(first: 1) @skip(if: true) { nodes { ${"id name status memoryBytes ".repeat(20)} } }`).join(" ")} }`;

test.each<[string, (n: number) => string]>([
  ["huge documents", (n) => requestText(`{ __typename ${hugeQuery(n).slice(1)}`, INVENTED)],
  ["invalid huge documents", (n) => requestText(hugeQuery(n).replaceAll("memoryBytes", "nothing"), INVENTED)],
  [
    "kinds of introspection",
    (n) => requestText(`# ${n}\n{ __schema { types { name fields { name type { name } args { name } } } } }`, INVENTED),
  ],
  ["requests for metrics", () => "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n"],
])("while 300 %s are served, another client's page waits for few of them", async (_, make) => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const page = "{ vms(first: 20) { nodes { id name status disks { volume { name } } } } }";
  await gateway.query(page);
  const other = await connected(gateway);
  const flood = await Promise.all(Array.from({ length: 300 }, () => connected(gateway)));
  const served = () => flood.reduce((sum, connection) => sum + responses(connection), 0);

  for (const [n, { socket }] of flood.entries()) socket.write(make(n));
  while (served() < 3) await Promise.race(flood.map(({ socket }) => once(socket, "data")));
  const before = served();
  other.socket.write(requestText(page, gateway.token));
  await once(other.socket, "data");

  expect(other.received()).toContain('"nodes"');
  expect(served() - before).toBeLessThan(10);
});

test("150 operations that waited for the same response do not all go on before another client is served", async () => {
  const gateway = await startGateway({ simulator: { vms: 100 } });
  const other = await connected(gateway);
  await askAsOther(other, gateway);
  const held = hold();
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
  const many = await Promise.all(Array.from({ length: 150 }, () => connected(gateway)));
  const served = () => many.reduce((sum, connection) => sum + responses(connection), 0);
  const page = "{ vms(first: 100) { nodes { id name status memoryBytes } } }";
  const viewer = gateway.simulator.users.find(({ username }) => username === "viewer");
  for (const { socket } of many) socket.write(requestText(page, viewer?.token));
  await expect.poll(() => gateway.simulator.calls.count("get-vms")).toBe(1);
  // By then the others have come as well.
  for (let n = 0; n < 200; n += 1) await askAsOther(other, gateway);
  held.release();
  while (served() < 1) await Promise.race(many.map(({ socket }) => once(socket, "data")));
  await askAsOther(other, gateway);

  expect(served()).toBeLessThan(20);
  expect(gateway.simulator.calls.count("get-vms")).toBe(1);
});

test("operations with a new token each do not take the connections to CloudTower from a known client", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  await gateway.query("{ vms(first: 1) { totalCount } }");
  const held = hold();
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hold", until: held.released } });
  const invented = Array.from({ length: 100 }, (_, n) =>
    gateway.query("{ vms(first: 5) { nodes { name } } }", {}, { authorization: `${INVENTED}-${n}` }),
  );
  await expect.poll(() => gateway.simulator.calls.count("get-vms")).toBeGreaterThanOrEqual(28);

  expect((await gateway.query("{ hosts(first: 1) { nodes { name } } }")).errors).toBeUndefined();
  held.release();
  await Promise.all(invented);
});

test("pipelined requests are served one after the other, in order, and all of them", async () => {
  const gateway = await startGateway();
  const { socket, received } = await connected(gateway);
  socket.write(Array.from({ length: 300 }, (_, n) => requestText(`{ a${n}: __typename }`, gateway.token)).join(""));
  while (!received().includes('"a299"')) await once(socket, "data");

  const names = [...received().matchAll(/"(a\d+)":"Query"/g)].map(([, name]) => name);
  expect(names).toEqual(Array.from({ length: 300 }, (_, n) => `a${n}`));
});

test("pipelined operations do not call CloudTower at the same time", async () => {
  const gateway = await startGateway();
  let running = 0;
  let most = 0;
  const { socket, received } = await connected(gateway);
  const bodies = Array.from({ length: 20 }, (_, n) =>
    requestText(`{ vms(first: ${n + 1}) { totalCount } }`, gateway.token),
  );
  const count = () => {
    running = gateway.simulator.calls.count("get-vms-connection") - (received().split("totalCount").length - 1);
    most = Math.max(most, running);
  };
  socket.write(bodies.join(""));
  while (responses({ received } as RawConnection) < 20) {
    await once(socket, "data");
    count();
  }

  expect(most).toBeLessThanOrEqual(2);
});

const TINY = "GET /healthz HTTP/1.1\r\nhost:a\r\n\r\n";

test("connections that pipeline more than the gateway holds are dropped, and others are served", async () => {
  const gateway = await startGateway();
  const connections = await Promise.all(Array.from({ length: 20 }, () => connected(gateway)));
  for (const { socket } of connections) socket.write(TINY.repeat(1_700));
  await Promise.any(connections.map(({ closed }) => closed));

  expect((await gateway.query("{ __typename }")).errors).toBeUndefined();
});

test("what comes after the last request of a connection is refused after its response", async () => {
  const gateway = await startGateway();
  const { socket, closed } = await connected(gateway);
  socket.write(`${requestText("{ vms(first: 1) { totalCount } }", gateway.token)}nonsense\r\n\r\n`);

  expect(await closed).toMatch(/^HTTP\/1.1 200 .*"totalCount".*HTTP\/1.1 400 /s);
});

test("300 messages of one WebSocket do not make another wait", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  await gateway.query("{ vms(first: 1) { totalCount } }");
  const [attacker, other] = [await webSocket(gateway, INVENTED), await webSocket(gateway, gateway.token)];
  let served = 0;
  attacker.on("message", () => {
    served += 1;
  });
  for (let n = 0; n < 300; n += 1) subscribe(attacker, String(n), largeQuery(n));
  subscribe(other, "other", "{ __typename }");
  await once(other, "message");

  expect(served).toBeLessThan(100);
});

test("a WebSocket's operations can be completed while 64 of them run", async () => {
  const gateway = await startGateway();
  gateway.simulator.faults.add({ operation: "get-vms", effect: { kind: "hang" } });
  const socket = await webSocket(gateway, gateway.token);
  for (let n = 1; n <= 64; n += 1) subscribe(socket, String(n), `{ vms(first: ${n}) { nodes { name } } }`);
  subscribe(socket, "last", "{ __typename }");
  socket.send('{"type":"complete","id":"1"}');
  // The cancelled operation may still get its result, which crosses with the message that completes it.
  const messages: { id?: string; type: string }[] = [];
  socket.on("message", (message) => messages.push(JSON.parse(String(message))));

  await expect.poll(() => messages.find(({ id }) => id === "last")?.type).toBe("next");
});

async function webSocket(gateway: TestGateway, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload: { Authorization: token } }));
  await once(socket, "message");
  return socket;
}

function subscribe(socket: WebSocket, id: string, query: string): void {
  socket.send(JSON.stringify({ type: "subscribe", id, payload: { query } }));
}
