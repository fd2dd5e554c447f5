import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { captureLog } from "../support/captured-log.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { everywhere } from "../support/transports.js";

test("messages that quote long text are cut between characters, on every transport and in the log", async () => {
  const log = captureLog();
  const gateway = await startGateway({ logger: log.logger });
  for (const start of ["", "a"]) {
    const query = `{ vms(first: "${start}${"😀".repeat(400)}") { totalCount } }`;
    for (const { errors } of Object.values(await everywhere(gateway, query))) {
      expect(errors?.[0]?.message).toContain("😀");
      expect(errors?.[0]?.message).not.toMatch(/\p{Surrogate}/u);
    }
  }
  expect(log.text()).toContain("😀");
  // JSON escapes a lone surrogate.
  expect(log.text()).not.toMatch(/\p{Surrogate}|\\ud[89a-f]/u);
});

const CREATE = 'mutation ($name: String!) { createVmSnapshot(input: { vmId: "Vm:a", name: $name }) { created } }';
const NAME = "NAME";

/** The body of a mutation with these bytes in a name. */
function bodyWith(bytes: Buffer): Buffer {
  const [before = "", after = ""] = JSON.stringify({ query: CREATE, variables: { name: NAME } }).split(`"${NAME}"`);
  return Buffer.concat([Buffer.from(`${before}"`), bytes, Buffer.from(`"${after}`)]);
}

const MALFORMED: [string, Buffer][] = [
  ["GBK", Buffer.from([0xd0, 0xe9, 0xc4, 0xe2])],
  ["Latin-1", Buffer.from("caf\u00e9", "latin1")],
  ["UTF-16", Buffer.from("a\ufffe", "utf16le")],
  ["an encoded surrogate", Buffer.from([0xed, 0xa0, 0x80])],
  ["an overlong encoding", Buffer.from([0xc0, 0xaf])],
  ["a character that is cut", Buffer.from("\u{1f600}").subarray(0, 3)],
];

async function post(gateway: TestGateway, body: Buffer) {
  const headers = { "content-type": "application/json", authorization: gateway.token };
  const response = await fetch(`${gateway.url}/graphql`, { method: "POST", headers, body: new Uint8Array(body) });
  return { status: response.status, text: await response.text() };
}

async function get(gateway: TestGateway, search: string) {
  const headers = { "apollo-require-preflight": "1", authorization: gateway.token };
  const response = await fetch(`${gateway.url}/graphql?${search}`, { headers });
  return { status: response.status, text: await response.text() };
}

async function openSocket(gateway: TestGateway): Promise<WebSocket> {
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

/** Close code and reason after one frame. */
async function closeAfter(gateway: TestGateway, data: Buffer, binary: boolean): Promise<string> {
  const socket = await openSocket(gateway);
  socket.send(data, { binary });
  const [code, reason] = await once(socket, "close");
  return `${code} ${reason}`;
}

test.each(MALFORMED)(
  "text in %s is refused on every transport, and nothing is sent to CloudTower",
  async (_, bytes) => {
    const gateway = await startGateway();
    const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

    const posted = await post(gateway, bodyWith(bytes));
    expect(posted).toEqual({ status: 400, text: expect.stringMatching(/The body is not valid UTF-8.*"BAD_REQUEST"/) });
    for (const name of ["query", "operationName", "variables", "other", `${encoded}other`]) {
      const got = await get(gateway, `query=%7B__typename%7D&${name}=${encoded}`);
      expect(got).toEqual({ status: 400, text: expect.stringMatching(/is not valid UTF-8.*"BAD_REQUEST"/) });
    }
    for (const binary of [false, true]) {
      expect(await closeAfter(gateway, bodyWith(bytes), binary)).toBe("1007 The message is not valid UTF-8.");
    }
    expect(gateway.simulator.calls.all).toHaveLength(0);
  },
);

test("half of a surrogate pair, which JSON can express and UTF-8 cannot, is refused on every transport", async () => {
  const gateway = await startGateway();
  for (const name of ["\ud800", "a\udc00", "\ude00\ud83d"]) {
    expect(await gateway.query(CREATE, { name })).toMatchObject({
      errors: [{ message: expect.stringContaining("surrogate"), extensions: { code: "BAD_USER_INPUT" } }],
    });
    const literal = CREATE.replace("($name: String!)", "").replace("$name", `"${name}"`);
    for (const { errors } of Object.values(await everywhere(gateway, literal))) {
      expect(errors?.[0]?.extensions?.code).toBe("GRAPHQL_PARSE_FAILED");
    }
  }
  expect(gateway.simulator.calls.all).toHaveLength(0);
});

test("a byte order mark before the JSON is accepted", async () => {
  const gateway = await startGateway();
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const body = Buffer.concat([mark, Buffer.from('{"query":"{ __typename }"}')]);

  expect(await post(gateway, body)).toEqual({ status: 200, text: expect.stringContaining('"__typename":"Query"') });
  const socket = await openSocket(gateway);
  socket.send(Buffer.concat([mark, Buffer.from('{"type":"connection_init"}')]), { binary: false });
  expect(String((await once(socket, "message"))[0])).toContain("connection_ack");
});
