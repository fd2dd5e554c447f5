import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { postHead, rawConnection } from "../support/raw-connection.js";

function typed(type: string): RequestInit {
  return { body: '{"query":"{ __typename }"}', headers: { "content-type": type } };
}

test.each([
  ["broken JSON", { body: "{query" }, 400, "The body is not valid JSON."],
  ["an empty body", { body: "" }, 400, "The body is not valid JSON."],
  ["a string", { body: '"{ __typename }"' }, 400, "The body must be a JSON object with a query."],
  ["null", { body: "null" }, 400, "The body must be a JSON object with a query."],
  ["no query", { body: "{}" }, 400, "The request has no query."],
  ["an empty query", { body: '{"query":""}' }, 400, "The request has no query."],
  ["a parsed query", { body: '{"query":{"kind":"Document"}}' }, 400, "query must be a string, got an object."],
  [
    "variables that are a string",
    { body: '{"query":"{a}","variables":"{}"}' },
    400,
    "variables must be an object, got a string.",
  ],
  [
    "variables that are a list",
    { body: '{"query":"{a}","variables":[]}' },
    400,
    "variables must be an object, got a list.",
  ],
  ["a form", typed("application/x-www-form-urlencoded"), 415, 'must be application/json, got "application/x-www-form'],
  ["plain text", typed("text/plain"), 415, 'must be application/json, got "text/plain".'],
  ["an upload", typed("multipart/form-data; boundary=x"), 415, 'must be application/json, got "multipart/form-data'],
  ["another charset", typed("application/json; charset=utf-16"), 415, 'The charset must be utf-8, got "utf-16".'],
  [
    "a compressed body",
    { body: gzipSync("{}"), headers: { "content-encoding": "gzip" } },
    415,
    'Content-Encoding "gzip"',
  ],
  ["PUT", { method: "PUT", body: "{}" }, 405, "The method must be GET or POST, got PUT."],
  ["DELETE", { method: "DELETE" }, 405, "The method must be GET or POST, got DELETE."],
  ["an image as response type", { body: '{"query":"{a}"}', headers: { accept: "image/png" } }, 406, 'got "image/png".'],
])("refuses %s with GraphQL JSON, a code and no 5xx", async (_, init: RequestInit, status, message) => {
  const gateway = await startGateway();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });

  expect(response.status).toBe(status);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
  expect(errors[0]).toEqual({
    message: expect.stringContaining(message),
    extensions: { code: "BAD_REQUEST", requestId: response.headers.get("x-request-id") },
  });
});

test.each(["/nothing", "/graphql/x", "/../etc/passwd", "/%00", "//", "/healthz/x"])(
  "responds to %s with NOT_FOUND",
  async (path) => {
    const gateway = await startGateway();
    const response = await fetch(`${gateway.url}${path}`);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: "NOT_FOUND", requestId: expect.any(String) } }],
    });
  },
);

test("refuses a body above the limit with 413 before the upload ends", async () => {
  const gateway = await startGateway();
  const { socket, closed } = rawConnection(gateway.url);
  socket.write(postHead({ "transfer-encoding": "chunked" }));
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  for (let sent = 0; sent < 20 && socket.writable; sent += 1) socket.write(chunk);

  const response = await closed;
  expect(response).toMatch(/^HTTP\/1.1 413 /);
  expect(response).toContain('"code":"PAYLOAD_TOO_LARGE"');
});

test("refuses a Content-Length above the limit without reading the body, also with Expect: 100-continue", async () => {
  const gateway = await startGateway();
  const variants: Record<string, string>[] = [{}, { expect: "100-continue" }];
  for (const headers of variants) {
    const { socket, closed } = rawConnection(gateway.url);
    socket.write(postHead({ "content-length": 5_000_000_000, ...headers }));
    expect(await closed).toMatch(/^HTTP\/1.1 413 /);
  }
});

test.each([
  ["bytes that are not HTTP", "\x16\x03\x01 hello\r\n\r\n", 400],
  ["endless headers", `GET /graphql HTTP/1.1\r\nx: ${"y".repeat(40_000)}\r\n\r\n`, 431],
  ["two lengths", "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400],
  [
    "a length in addition to chunks",
    "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  ["an unknown expectation", "GET /graphql HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\nconnection: close\r\n\r\n", 417],
])("refuses %s with a 4xx in GraphQL JSON", async (_, text, status) => {
  const gateway = await startGateway();
  const { socket, closed } = rawConnection(gateway.url);
  socket.write(text);

  const response = await closed;
  expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(response).toContain('"code":"BAD_REQUEST"');
});

test.each([
  ["nested 100,000 deep", `${'{"and":['.repeat(100_000)}1${"]}".repeat(100_000)}`],
  ["with a list of 100,000", `{"id":{"in":[${"1,".repeat(99_999)}1]}}`],
  ["with a string of 500,000 characters", `{"name":{"eq":"${"x".repeat(500_000)}"}}`],
])("refuses a variable %s with BAD_USER_INPUT", async (_, filter) => {
  const gateway = await startGateway();
  const query = "query ($f: VmFilter) { vms(filter: $f) { totalCount } }";
  const body = `{"query":${JSON.stringify(query)},"variables":{"f":${filter}}}`;
  const response = await gateway.post(body);

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_USER_INPUT" } }] });
});

test("refuses a page size out of range with BAD_USER_INPUT, and names the range", async () => {
  const gateway = await startGateway();
  for (const first of [-1, 1_001, 2_147_483_647]) {
    const { errors } = await gateway.query(`{ vms(first: ${first}) { nodes { name } } }`);
    expect(errors?.[0]).toMatchObject({
      message: `first must be between 0 and 1000, got ${first}.`,
      extensions: { code: "BAD_USER_INPUT" },
    });
  }
});

test("an object in a variable has a limited number of fields, wherever it is", async () => {
  const gateway = await startGateway();
  const wide = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, n]));
  const query = "query ($f: VmFilter) { vms(filter: $f) { totalCount } }";
  for (const filter of [wide, { and: [{ or: [wide] }] }]) {
    const { errors } = await gateway.query(query, { f: filter });
    expect(errors).toMatchObject([
      {
        message: "Object in a variable too large: at most 1000 fields, got 1001.",
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  }
});
