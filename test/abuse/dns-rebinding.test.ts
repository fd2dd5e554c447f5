import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { networkInterfaces } from "node:os";
import { createClient } from "graphql-ws";
import { describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { rawConnection } from "../support/raw-connection.js";

const QUERY = "{ vms { totalCount } }";
const ANONYMOUS = {
  AUTH_MODE: "service",
  ALLOW_ANONYMOUS: "true",
  API_KEYS: "a-key",
  CLOUDTOWER_USERNAME: "admin",
  CLOUDTOWER_PASSWORD: "admin-pass",
};
const EMBEDDED = { CLOUDTOWER_URL: "", SIMULATOR_VMS: "1" };
const EVIL = "evil.example:4000";

/** Status line and body of a POST to this host. */
async function post(gateway: TestGateway, headers: Record<string, string>, target = "/graphql"): Promise<string> {
  const body = JSON.stringify({ query: QUERY });
  const { socket, closed } = rawConnection(gateway.url);
  const all = { "content-type": "application/json", "content-length": body.length, connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
  return await closed;
}

async function get(gateway: TestGateway, path: string, headers: Record<string, string>) {
  const [response] = (await once(httpGet(`${gateway.url}${path}`, { headers }), "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, text };
}

const served = /^HTTP\/1.1 200 .*"totalCount":\d/s;
const refused = /^HTTP\/1.1 403 .*ALLOWED_HOSTS.*"FORBIDDEN"/s;

describe.each([
  ["the embedded simulator", EMBEDDED],
  ["ALLOW_ANONYMOUS", ANONYMOUS],
])("with %s", (_, env) => {
  test.each(["localhost", "localhost:8080", "LOCALHOST:1", "localhost.", "127.0.0.1:4000", "[::1]:4000"])(
    "a client without a credential is served at %s",
    async (host) => {
      expect(await post(await startGateway({ env }), { host })).toMatch(served);
    },
  );

  test.each([
    EVIL,
    "evil.example",
    "localhost.evil.example",
    "localhostt",
    "127.0.0.1.evil.example",
    "192.0.2.1",
    "[::2]",
    "",
    "a@localhost",
  ])('a client without a credential is refused at "%s", by a message that names the setting', async (host) => {
    expect(await post(await startGateway({ env }), { host })).toMatch(refused);
  });

  test("a page whose name points at the gateway is refused on every path to the data", async () => {
    const gateway = await startGateway({ env });
    const page = { host: EVIL, origin: `http://${EVIL}` };

    expect(await post(gateway, page)).toMatch(refused);
    expect(await post(gateway, { ...page, accept: "text/event-stream" })).toMatch(refused);
    expect(await post(gateway, { host: "localhost" }, `http://${EVIL}/graphql`)).toMatch(refused);
    for (const accept of ["application/json", "text/html"]) {
      const path = `/graphql${accept === "text/html" ? "" : `?query=${encodeURIComponent(QUERY)}`}`;
      const response = await get(gateway, path, { ...page, accept, "apollo-require-preflight": "1" });
      expect(response).toEqual({ status: 403, text: expect.stringContaining("ALLOWED_HOSTS") });
    }
    const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
      headers: page,
    });
    onTestFinished(() => socket.terminate());
    socket.on("error", () => {});
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    expect(response.statusCode).toBe(403);
  });

  test("a WebSocket to an unknown host name needs a credential, in its header or in connection_init", async () => {
    const gateway = await startGateway({ env });
    const token = env === EMBEDDED ? (gateway.app.simulator?.users[0]?.token ?? "") : "a-key";

    expect(await overWebSocket(gateway, {}, {})).toMatch(/FORBIDDEN.*ALLOWED_HOSTS|ALLOWED_HOSTS.*FORBIDDEN/);
    expect(await overWebSocket(gateway, {}, { authorization: token })).toContain("totalCount");
    expect(await overWebSocket(gateway, { Authorization: token }, {})).toContain("totalCount");
  });

  test("a client with a credential, health checks and preflights are not affected", async () => {
    const gateway = await startGateway({ env: { ...env, CORS_ORIGINS: "https://ops.example" } });
    const token = env === EMBEDDED ? (gateway.app.simulator?.users[0]?.token ?? "") : "a-key";

    expect(await post(gateway, { host: EVIL, authorization: token })).toMatch(served);
    expect(await post(gateway, { host: EVIL, authorization: `Bearer ${token}`, origin: `http://${EVIL}` })).toMatch(
      served,
    );
    expect(await post(gateway, { host: EVIL, authorization: "Bearer" })).toMatch(refused);
    for (const path of ["/healthz", "/readyz"]) expect((await get(gateway, path, { host: EVIL })).status).toBe(200);
    const { socket, closed } = rawConnection(gateway.url);
    const preflight = ["origin: https://ops.example", "access-control-request-method: POST", "connection: close"];
    socket.write(`OPTIONS /graphql HTTP/1.1\r\nhost: ${EVIL}\r\n${preflight.join("\r\n")}\r\n\r\n`);
    expect(await closed).toMatch(/^HTTP\/1.1 204 .*access-control-allow-origin: https:\/\/ops.example/s);
  });

  test("a name in ALLOWED_HOSTS is served, with any port, and so is GraphiQL there", async () => {
    const gateway = await startGateway({ env: { ...env, ALLOWED_HOSTS: "Tower.Example, ::2" } });
    const page = { host: "tower.example:8443", origin: "http://tower.example:8443" };

    expect(await post(gateway, page)).toMatch(served);
    expect(await post(gateway, { host: "[::2]" })).toMatch(served);
    expect(await post(gateway, { host: "other.example" })).toMatch(refused);
    expect((await get(gateway, "/graphql", { host: "tower.example", accept: "text/html" })).status).toBe(200);
  });

  test("GraphiQL is served at the usual addresses", async () => {
    const gateway = await startGateway({ env });
    for (const host of ["localhost:4000", "127.0.0.1:4000", "[::1]:4000"]) {
      expect((await get(gateway, "/graphql", { host, accept: "text/html" })).status).toBe(200);
    }
  });
});

test("a gateway that listens on all addresses is served at the one that the client connected to", async () => {
  const gateway = await startGateway({ env: { ...EMBEDDED, HOST: "0.0.0.0" } });
  const addresses = Object.values(networkInterfaces()).flatMap((found = []) => found);
  for (const { address } of addresses.filter(({ family }) => family === "IPv4")) {
    const url = gateway.url.replace("127.0.0.1", address);
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query: QUERY }) });
    expect(response.status, address).toBe(200);
  }
});

test("a gateway that needs a credential serves any host name", async () => {
  const gateway = await startGateway();

  expect(await post(gateway, { host: EVIL, authorization: gateway.token })).toMatch(served);
  expect(await post(gateway, { host: EVIL })).toContain("UNAUTHENTICATED");
  expect((await get(gateway, "/graphql", { host: EVIL, accept: "text/html" })).status).toBe(200);
});

/** The first message of an operation on a WebSocket to an unknown host, by a client that is not a page. */
async function overWebSocket(
  gateway: TestGateway,
  connectionParams: Record<string, string>,
  headers: Record<string, string>,
): Promise<string> {
  class Socket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers: { host: EVIL, ...headers } });
    }
  }
  const url = `${gateway.url.replace("http", "ws")}/graphql`;
  const client = createClient({ url, webSocketImpl: Socket, connectionParams, retryAttempts: 0 });
  onTestFinished(() => void client.dispose());
  return await new Promise((resolve) => {
    client.subscribe(
      { query: QUERY },
      {
        next: (result) => resolve(JSON.stringify(result)),
        error: (error) => resolve(JSON.stringify(error)),
        complete() {},
      },
    );
  });
}
