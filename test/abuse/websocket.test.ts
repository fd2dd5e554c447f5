import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { seeded } from "./support/seeded.js";

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: { readonly data?: object; readonly errors?: object[] } & readonly {
    extensions: { code: string };
  }[];
}

/** A bare WebSocket, without a protocol client. */
class Peer {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  readonly closed: Promise<number>;
  private wake: () => void = () => {};

  constructor(
    gateway: TestGateway,
    protocols: string[] = ["graphql-transport-ws"],
    options: WebSocket.ClientOptions = {},
  ) {
    this.socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, protocols, options);
    this.socket.on("message", (data) => {
      this.messages.push(JSON.parse(String(data)));
      this.wake();
    });
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.on("error", () => {});
    onTestFinished(() => this.socket.terminate());
  }

  async open(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string): void {
    this.send({ type: "subscribe", id, payload: { query } });
  }

  /** The first message that matches, received or still to come. */
  async next(matches: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

async function initialized(gateway: TestGateway, token = gateway.token): Promise<Peer> {
  const peer = await new Peer(gateway).open();
  peer.send({ type: "connection_init", payload: { Authorization: token } });
  await peer.next(({ type }) => type === "connection_ack");
  return peer;
}

const LONG_ID = "i".repeat(5_000);

function twice(act: () => void): void {
  act();
  act();
}

test.each<[string, (peer: Peer) => void, number]>([
  ["text that is not JSON", (peer) => peer.send("{"), 4400],
  ["an unknown type", (peer) => peer.send({ type: "start" }), 4400],
  ["a type that only servers send", (peer) => peer.send({ type: "connection_ack" }), 4400],
  ["an operation without a query", (peer) => peer.send({ type: "subscribe", id: "1", payload: {} }), 4400],
  [
    "variables that are a list",
    (peer) => peer.send({ type: "subscribe", id: "1", payload: { query: "{a}", variables: [] } }),
    4400,
  ],
  ["an operation before connection_init", (peer) => peer.subscribe("1", "{ __typename }"), 4401],
  [
    "a connection_init of 50,000 bytes",
    (peer) => peer.send({ type: "connection_init", payload: { a: "x".repeat(50_000) } }),
    4400,
  ],
  ["two connection_init", (peer) => twice(() => peer.send({ type: "connection_init" })), 4429],
  ["a message above 1 MiB", (peer) => peer.send("x".repeat(1_100_000)), 1009],
])("closes a connection that sends %s with the code of the protocol", async (_, misbehave, code) => {
  const gateway = await startGateway();
  const peer = await new Peer(gateway).open();
  misbehave(peer);

  expect(await peer.closed).toBe(code);
});

test("closes a connection that uses an id for two concurrent operations with 4409, even if the id is long", async () => {
  const gateway = await startGateway();
  const peer = await initialized(gateway);
  const id = "i".repeat(200);
  for (let i = 0; i < 2; i += 1) peer.subscribe(id, 'subscription { taskProgress(taskId: "a") { progress } }');

  expect(await peer.closed).toBe(4409);
});

test("closes a connection with another protocol with 4406", async () => {
  const gateway = await startGateway();
  expect(await new Peer(gateway, []).closed).toBe(4406);
});

test.each([
  ["a syntax error", "{ vms {", "GRAPHQL_PARSE_FAILED"],
  ["an unknown field", "{ nothing }", "GRAPHQL_VALIDATION_FAILED"],
  ["an unknown operation name", "query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"],
  ["an operation that is too expensive", `{${" a".repeat(9_000)} }`, "QUERY_TOO_EXPENSIVE"],
  ["a document without operation", "fragment A on Vm { name }", "GRAPHQL_VALIDATION_FAILED"],
])("%s fails alone: other operations of the connection go on", async (_, query, code) => {
  const gateway = await startGateway();
  const peer = await initialized(gateway);
  peer.subscribe("bad", query);
  const error = await peer.next(({ id }) => id === "bad");
  peer.subscribe("good", "{ vms(first: 1) { nodes { name } } }");

  expect(error).toMatchObject({ type: "error", payload: [{ extensions: { code, requestId: expect.any(String) } }] });
  expect(await peer.next(({ id }) => id === "good")).toMatchObject({
    type: "next",
    payload: { data: expect.any(Object) },
  });
});

test("an id that is too long fails only its operation", async () => {
  const gateway = await startGateway();
  const peer = await initialized(gateway);
  peer.subscribe(LONG_ID, "{ __typename }");

  expect(await peer.next(({ id }) => id === LONG_ID)).toMatchObject({
    payload: [{ extensions: { code: "BAD_USER_INPUT" } }],
  });
  expect(peer.socket.readyState).toBe(WebSocket.OPEN);
});

test("without a credential the schema can be read, and all else is UNAUTHENTICATED without closing", async () => {
  const gateway = await startGateway();
  const peer = await new Peer(gateway).open();
  peer.send({ type: "connection_init" });
  await peer.next(({ type }) => type === "connection_ack");
  peer.subscribe("1", "{ vms { totalCount } }");
  peer.subscribe("2", "{ __schema { queryType { name } } }");

  expect(await peer.next(({ id }) => id === "1")).toMatchObject({
    payload: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
  expect(await peer.next(({ id }) => id === "2")).toMatchObject({ payload: { data: expect.any(Object) } });
});

test("reports a revoked credential, and then closes the connection with 4401", async () => {
  const gateway = await startGateway();
  const peer = await initialized(gateway, "revoked");
  peer.subscribe("1", "{ vms(first: 1) { nodes { name } } }");

  expect(await peer.next(({ id }) => id === "1")).toMatchObject({
    payload: { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] },
  });
  expect(await peer.closed).toBe(4401);
});

test("refuses single operations above the limits of the connection and of the client", async () => {
  const env = { MAX_OPERATIONS_PER_WEBSOCKET: "3", MAX_SUBSCRIPTIONS_PER_CLIENT: "4" };
  const gateway = await startGateway({ env });
  const watch = 'subscription { taskProgress(taskId: "a") { progress } }';
  const refused = (message: string) => ({
    type: "error",
    payload: [{ message, extensions: { code: "RATE_LIMITED" } }],
  });
  const [first, second] = [await initialized(gateway), await initialized(gateway)];
  for (let i = 1; i <= 4; i += 1) first.subscribe(`a${i}`, watch);
  expect(await first.next(({ id }) => id === "a4")).toMatchObject(
    refused("Too many operations on this connection: at most 3. Complete one first."),
  );
  for (let i = 1; i <= 2; i += 1) second.subscribe(`b${i}`, watch);
  expect(await second.next(({ id }) => id === "b2")).toMatchObject(
    refused("Too many subscriptions: at most 4 per client. Close one first."),
  );

  first.send({ type: "complete", id: "a1" });
  first.subscribe("c", "{ __typename }");
  await first.next(({ id, type }) => id === "c" && type === "next");
  second.subscribe("b3", "{ __typename }");
  await second.next(({ id, type }) => id === "b3" && type === "next");
});

test("300 connections that send nonsense cause no 4500 and do not affect another connection", async () => {
  const gateway = await startGateway();
  const good = await initialized(gateway);
  const random = seeded(5);
  const values = [
    null,
    1,
    "",
    "x",
    [],
    {},
    { query: "{ __typename }" },
    { query: 1 },
    { query: "{", variables: { a: 1 } },
    "__proto__",
  ];
  const types = [
    "connection_init",
    "subscribe",
    "complete",
    "ping",
    "pong",
    "next",
    "error",
    "connection_ack",
    "",
    7,
    null,
  ];
  const codes = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const peer = await new Peer(gateway).open();
      if (random.below(2) === 0) peer.send({ type: "connection_init" });
      for (let count = 5; count > 0; count -= 1) {
        const message = { type: random.pick(types), id: random.pick(values), payload: random.pick(values) };
        peer.send(random.below(8) === 0 ? JSON.stringify(message).slice(0, -random.below(9)) : message);
      }
      peer.send("{");
      return peer.closed;
    }),
  );
  expect([...new Set(codes)].sort()).toEqual([4400, 4401, 4409, 4429].filter((code) => codes.includes(code)));
  good.subscribe("1", "{ vms(first: 1) { nodes { name } } }");
  expect(await good.next(({ id }) => id === "1")).toMatchObject({ type: "next" });
});

const WATCH = 'subscription { taskProgress(taskId: "a") { progress } }';
/** A subscription that is new and so long that it is validated in slices. */
const longWatch = (n: unknown) =>
  `# ${n}\nsubscription { taskProgress(taskId: "a") { ${"progress status ".repeat(150)} } }`;

test.each<[string, (peer: Peer, id: string) => void]>([
  ["an empty operation name", (peer, id) => request(peer, id, { query: "{ __typename }", operationName: "" })],
  ["a wrong operation name", (peer, id) => request(peer, id, { query: "query A { __typename }", operationName: "B" })],
  [
    "variables that cannot be coerced",
    (peer, id) => request(peer, id, { query: "query($n: Int!) { vms(first: $n) { totalCount } }" }),
  ],
  [
    "an argument that is refused while the operation runs",
    (peer, id) => request(peer, id, { query: "{ vms(first: -1) { totalCount } }" }),
  ],
  [
    "a subscription that fails at once",
    (peer, id) => request(peer, id, { query: 'subscription { taskProgress(taskId: "") { progress } }' }),
  ],
  [
    "a directive that omits the only field",
    (peer, id) =>
      request(peer, id, { query: 'subscription { taskProgress(taskId: "a") @skip(if: true) { progress } }' }),
  ],
  [
    "a subscription completed at once",
    (peer, id) => {
      request(peer, id, { query: WATCH });
      peer.send({ type: "complete", id });
    },
  ],
  [
    "a subscription completed twice, with escapes",
    (peer, id) => {
      request(peer, id, { query: WATCH });
      for (let i = 0; i < 2; i += 1) peer.send(`{"type":"c\\u006fmplete","id":"${id}"}`);
    },
  ],
  [
    "a subscription completed while it is validated",
    (peer, id) => {
      request(peer, id, { query: longWatch(id) });
      peer.send({ type: "complete", id });
    },
  ],
  ["a completed operation that nobody began", (peer) => peer.send({ type: "complete", id: "none" })],
])("nothing runs on after %s", async (_, deviate) => {
  const env = { MAX_OPERATIONS_PER_WEBSOCKET: "3", MAX_SUBSCRIPTIONS_PER_CLIENT: "3" };
  const gateway = await startGateway({ env, spoilsAnswers: true });
  const peer = await initialized(gateway);

  for (let count = 1; count <= 10; count += 1) {
    deviate(peer, `deviation ${count}`);
    // A query of the same connection comes after all that the deviation has led to.
    request(peer, `query ${count}`, { query: "{ vms(first: 1) { totalCount } }" });
    expect(await peer.next(({ id }) => id === `query ${count}`)).toMatchObject({ type: "next" });
    await peer.next(({ id, type }) => id === `query ${count}` && type === "complete");
  }
  request(peer, "watch", { query: WATCH });
  request(peer, "last", { query: "{ __typename }" });
  expect(await peer.next(({ id }) => id === "last")).toMatchObject({ type: "next" });
  expect(JSON.stringify(peer.messages.filter(({ id }) => id === "watch"))).not.toContain("RATE_LIMITED");
});

test("nothing runs on after connections that end while their subscriptions are validated", async () => {
  const gateway = await startGateway({ env: { MAX_SUBSCRIPTIONS_PER_CLIENT: "3" }, spoilsAnswers: true });
  const peers = await Promise.all(Array.from({ length: 20 }, () => initialized(gateway)));
  for (const [n, peer] of peers.entries()) {
    for (let i = 0; i < 3; i += 1) request(peer, String(i), { query: longWatch(`${n} ${i}`) });
    // After what was sent.
    peer.socket.close();
  }
  await Promise.all(peers.map(({ closed }) => closed));

  const peer = await initialized(gateway);
  request(peer, "watch", { query: longWatch("last") });
  request(peer, "last", { query: `{ vms(first: 1) { totalCount nodes { ${"id name ".repeat(150)} } } }` });
  expect(await peer.next(({ id }) => id === "last")).toMatchObject({ type: "next" });
  expect(JSON.stringify(peer.messages.filter(({ id }) => id === "watch"))).not.toContain("RATE_LIMITED");
});

test("an operation that is validated in slices is executed like any other", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const peer = await initialized(gateway);
  request(peer, "valid", { query: `{ vms(first: 1) { nodes { ${"id name ".repeat(150)} } } }` });
  request(peer, "invalid", { query: `{ vms(first: 1) { nodes { ${"id name ".repeat(150)} nothing } } }` });

  expect(await peer.next(({ id }) => id === "valid")).toMatchObject({ type: "next" });
  expect(await peer.next(({ id }) => id === "invalid")).toMatchObject({ type: "error" });
});

function request(peer: Peer, id: string, payload: object): void {
  peer.send({ type: "subscribe", id, payload });
}

test("refuses connections above the limit with 503", async () => {
  const gateway = await startGateway({ env: { MAX_WEBSOCKETS: "1" } });
  await initialized(gateway);
  const second = new Peer(gateway);
  const [, response] = await once(second.socket, "unexpected-response");

  expect(response.statusCode).toBe(503);
});
