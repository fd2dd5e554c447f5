import { serverAudits } from "graphql-http";
import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

test("meets every MUST and every SHOULD of GraphQL over HTTP", async () => {
  const gateway = await startGateway();
  const audits = serverAudits({ url: `${gateway.url}/graphql` });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results.filter((result) => result.status !== "ok").map(({ name }) => name);

  expect(audits.length).toBeGreaterThan(60);
  // Requests that a page of another site could send without a preflight are refused, which MAY allows.
  expect(failed.filter((name) => !name.startsWith("MAY"))).toEqual([]);
});

test("GET never mutates", async () => {
  const gateway = await startGateway();
  const query = 'mutation { createVmSnapshot(input: { vmId: "a" }) { created } }';
  const response = await get(gateway.url, { query });

  expect(response.status).toBe(405);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
  expect(gateway.simulator.calls.all).toHaveLength(0);
});

test("a GET that a page of another site could send is refused, one with a preflighted header is served", async () => {
  const gateway = await startGateway();
  const query = "{ __typename }";

  expect((await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`)).status).toBe(400);
  expect(await (await get(gateway.url, { query })).json()).toEqual({ data: { __typename: "Query" } });
});

test("a batch is refused", async () => {
  const gateway = await startGateway();
  const response = await gateway.post([{ query: "{ __typename }" }, { query: "{ __typename }" }]);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.stringMatching(/^Batches are not supported/) }],
  });
});

test("a subscription over plain POST is refused, and the message names the alternatives", async () => {
  const gateway = await startGateway();
  const response = await gateway.query('subscription { taskProgress(taskId: "Task:a") { progress } }');

  expect(response.data).toBeUndefined();
  expect(response.errors?.[0]?.message).toContain("text/event-stream");
});

test("pages of configured origins may read responses, without the browser's credentials; others may not", async () => {
  const gateway = await startGateway({ env: { CORS_ORIGINS: "https://ops.example" } });
  const preflight = async (origin: string) =>
    fetch(`${gateway.url}/graphql`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
    });
  const allowed = await preflight("https://ops.example");
  const other = await preflight("https://evil.example");

  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://ops.example");
  expect(allowed.headers.get("vary")).toContain("origin");
  expect(other.headers.get("access-control-allow-origin")).toBeNull();
  for (const { headers } of [allowed, other]) expect(headers.get("access-control-allow-credentials")).toBeNull();
});

test("pages of configured origins may send the headers of GraphQL clients, and those of CORS_HEADERS", async () => {
  const always = [
    "content-type",
    "authorization",
    "apollo-require-preflight",
    "x-apollo-operation-name",
    "apollographql-client-name",
    "apollographql-client-version",
  ];
  for (const further of [[], ["X-Tenant", "traceparent", "Authorization"]]) {
    const env = { CORS_ORIGINS: "https://ops.example/", CORS_HEADERS: further.join(", ") };
    const { url } = await startGateway({ env });
    const allowed = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await fetch(`${url}/graphql`, { method: "OPTIONS", headers });
      return response.headers.get("access-control-allow-headers")?.split(", ");
    };

    const names = await allowed("https://ops.example");
    expect(names).toEqual(expect.arrayContaining([...always, ...further.map((name) => name.toLowerCase())]));
    expect(new Set(names).size).toBe(names?.length);
    expect(await allowed("https://evil.example")).toBeUndefined();
  }
});

test("a large response is compressed only for clients that accept it", async () => {
  const gateway = await startGateway();
  const query = "{ __schema { types { name description fields { name description } } } }";
  const encodingFor = async (accepted: string) => {
    const response = await gateway.post({ query }, { "accept-encoding": accepted });
    expect(await response.json()).toMatchObject({ data: { __schema: { types: expect.any(Array) } } });
    return response.headers.get("content-encoding");
  };

  expect(await encodingFor("gzip")).toBe("gzip");
  expect(await encodingFor("br, gzip")).toBe("br");
  expect(await encodingFor("identity")).toBeNull();
  expect(await encodingFor("gzip;q=0, br;q=0")).toBeNull();
});

function get(url: string, params: Record<string, string>): Promise<Response> {
  return fetch(`${url}/graphql?${new URLSearchParams(params)}`, { headers: { "apollo-require-preflight": "1" } });
}
