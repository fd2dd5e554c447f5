import { describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { rawConnection } from "../support/raw-connection.js";

const BODY = '{"query":"{ __typename }"}';
const DATA = '{"data":{"__typename":"Query"}}';

/** The whole response to a request with exactly this first line. `target` is sent byte by byte. */
async function request(gateway: TestGateway, method: string, target: string, headers: Record<string, string> = {}) {
  const { socket, closed } = rawConnection(gateway.url);
  const body = method === "POST" ? BODY : "";
  const all = { host: "localhost", "content-type": "application/json", connection: "close", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const length = method === "POST" ? [`content-length: ${body.length}`] : [];
  const head = [`${method} ${target} HTTP/1.1`, ...lines, ...length].join("\r\n");
  socket.write(`${head}\r\n\r\n${body}`, "latin1");
  return await closed;
}

describe("a request target", () => {
  test.each(["http://localhost/graphql", "http://gateway.example:8080/graphql", "HTTPS://gateway.example/graphql?x=1"])(
    "may be the URL %s",
    async (target) => {
      expect(await request(await startGateway(), "POST", target)).toContain(DATA);
    },
  );

  test("may be a URL within the base path", async () => {
    const gateway = await startGateway({ env: { BASE_PATH: "/towerql" } });

    expect(await request(gateway, "POST", "http://gateway.example/towerql/graphql")).toContain(DATA);
    expect(await request(gateway, "GET", "http://gateway.example/towerql/healthz")).toMatch(/^HTTP\/1.1 200 /);
    expect(await request(gateway, "POST", "http://gateway.example/graphql")).toMatch(/^HTTP\/1.1 404 /);
    expect(await request(gateway, "GET", "http://gateway.example")).toMatch(/^HTTP\/1.1 404 /);
  });

  test("may be the URL of a WebSocket", async () => {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "graphql-transport-ws",
    };
    const gateway = await startGateway();
    const { socket, received } = rawConnection(gateway.url);
    const lines = Object.entries({ host: "localhost", ...upgrade }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET http://gateway.example/graphql HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);

    await expect.poll(received).toMatch(/^HTTP\/1.1 101 /);
    expect(await request(gateway, "GET", "*", upgrade)).toMatch(/^HTTP\/1.1 400 /);
  });

  test("with a URL replaces the Host header, also for the check of a page's origin", async () => {
    const gateway = await startGateway({
      env: { AUTH_MODE: "service", ALLOW_ANONYMOUS: "true", CLOUDTOWER_TOKEN: "any" },
    });
    const origin = "http://evil.example";

    expect(await request(gateway, "POST", "http://localhost/graphql", { origin, host: "evil.example" })).toMatch(
      /^HTTP\/1.1 403 /,
    );
  });

  test.each([
    ["OPTIONS", "*", 'The request target \\"*\\" is not supported'],
    ["GET", "*", 'The request target \\"*\\" is not supported'],
    ["CONNECT", "localhost:80", "CONNECT is not supported"],
    ["GET", "localhost:80", "Malformed request target"],
    ["GET", "graphql", "Malformed request target"],
    ["POST", "ftp://localhost/graphql", "The request target must be a path"],
    ["GET", "/graphql?query=\xe8", "Malformed request target"],
    ["POST", "http:///", "The request target must be a path"],
    ["POST", "http://[/graphql", "The request target must be a path"],
    ["POST", "http://user:hidden@localhost/graphql", "must not contain a credential"],
    ["GET", "/graphql?query={a}#b", 'must not contain \\"#\\"'],
  ])("is refused with a clear message: %s %s", async (method, target, message) => {
    const response = await request(await startGateway(), method, target);

    expect(response).toMatch(/^HTTP\/1.1 400 /);
    expect(response).toContain('"code":"BAD_REQUEST"');
    expect(response).toContain(message);
    expect(response).not.toContain("hidden");
  });

  test.each([
    ["//graphql", 404],
    ["//evil.example/graphql", 404],
    ["/graph%71l", 404],
    ["/x/../graphql", 200],
    ["/./graphql", 200],
  ])("has the path that the URL standard gives %s", async (target, status) => {
    expect(await request(await startGateway(), "POST", target)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

describe("a query string", () => {
  test.each([["Vm:a?b"], ["Vm:a&b=c"], ["Vm:a+b c"], ["Vm:100%"], ["Vm:虚拟机"]])(
    "may contain %s in its operation",
    async (id) => {
      const gateway = await startGateway();
      const encoded = `/graphql?query=${encodeURIComponent(`{ node(id: "${id}") { id } }`)}`;
      // Without the encoding that a query does not need.
      const bare = encoded.replaceAll("%20", "+").replaceAll("%3F", "?").replaceAll("%3A", ":");
      for (const target of [encoded, bare]) {
        const response = await request(gateway, "GET", target, { authorization: gateway.token });
        expect(latin1ToText(response)).toContain(`such as \\"Vm:cl2k9x0a0\\": \\"${id}\\"`);
      }
    },
  );

  test("is not cut at a second question mark", async () => {
    const gateway = await startGateway();
    const target = "/graphql?query=%7B__typename%7D&operationName=a?b";

    expect(await request(gateway, "GET", target)).toContain("a?b");
  });
});

function latin1ToText(response: string): string {
  return Buffer.from(response, "latin1").toString();
}
