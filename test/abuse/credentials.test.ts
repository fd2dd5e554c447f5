import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { codeOf } from "../support/transports.js";

const NAMES = "{ vms(first: 1000) { totalCount nodes { name } } }";

type Names = { vms: { totalCount: number; nodes: { name: string }[] } };

test.each([
  ["no credential", {}],
  ["an empty credential", { authorization: "" }],
  ["Bearer without a token", { authorization: "Bearer " }],
  ["a wrong token", { authorization: "wrong" }],
])("%s is UNAUTHENTICATED and not echoed", async (_, headers: Record<string, string>) => {
  const gateway = await startGateway();
  const result = await gateway.query(NAMES, undefined, { authorization: "", ...headers });

  expect(codeOf(result)).toBe("UNAUTHENTICATED");
  expect(JSON.stringify(result)).not.toContain("wrong");
});

test("a credential in the URL is ignored", async () => {
  const gateway = await startGateway();
  const { token } = gateway;
  const params = new URLSearchParams({ query: NAMES, token, authorization: token, access_token: token });
  const response = await fetch(`${gateway.url}/graphql?${params}`, { headers: { "apollo-require-preflight": "1" } });

  expect(codeOf((await response.json()) as never)).toBe("UNAUTHENTICATED");
});

test("the schema can be read without a credential, unless introspection is off", async () => {
  const anonymous = { authorization: "" };
  const query = "{ __schema { queryType { name } } }";
  const readable = await startGateway();
  const hidden = await startGateway({ env: { INTROSPECTION: "false" } });

  expect((await readable.query(query, undefined, anonymous)).data).toEqual({
    __schema: { queryType: { name: "Query" } },
  });
  expect(codeOf(await hidden.query(query))).toBe("GRAPHQL_VALIDATION_FAILED");
  expect((await hidden.query("{ vmz }")).errors?.[0]?.message).not.toContain("Did you mean");
});

test("600 interleaved requests of three users never mix", async () => {
  const gateway = await startGateway({ simulator: { vms: 40 } });
  const users = gateway.simulator.users.slice(0, 3);
  const alone = new Map<string, string>();
  for (const { token } of users) {
    const { data } = await gateway.query<Names>(NAMES, undefined, { authorization: token });
    alone.set(token, JSON.stringify(data));
  }
  expect(new Set(alone.values()).size).toBeGreaterThan(1);

  const matches = await Promise.all(
    Array.from({ length: 600 }, async (_, index) => {
      const { token } = users[index % users.length] as { token: string };
      const { data } = await gateway.query<Names>(NAMES, undefined, { authorization: token });
      return JSON.stringify(data) === alone.get(token);
    }),
  );
  expect(matches.filter((isSame) => !isSame)).toHaveLength(0);
});

test("a client's token or API key goes on as it is, without the Bearer that it may come with", async () => {
  const gateway = await startGateway();
  const { calls, url } = gateway.simulator;
  const create = { query: 'mutation {createApiKey(data: {name: "backup"}) {key}}' };
  const headers = { authorization: gateway.token, "content-type": "application/json" };
  const response = await fetch(new URL("/api", url), { method: "POST", headers, body: JSON.stringify(create) });
  const { key } = ((await response.json()) as { data: { createApiKey: { key: string } } }).data.createApiKey;

  for (const token of [gateway.token, key]) {
    for (const authorization of [token, `Bearer ${token}`, `bearer  ${token}`]) {
      calls.clear();
      expect(codeOf(await gateway.query("{ vms { totalCount } }", undefined, { authorization }))).toBeUndefined();
      expect(new Set(calls.all.map((call) => call.token))).toEqual(new Set([token]));
    }
  }
});

test("service mode requires a key, accepts each, and forwards none", async () => {
  const gateway = await startGateway({
    env: {
      AUTH_MODE: "service",
      API_KEYS: "first-key,second-key",
      CLOUDTOWER_USERNAME: "admin",
      CLOUDTOWER_PASSWORD: "admin-pass",
    },
  });
  const as = async (authorization: string) =>
    codeOf(await gateway.query("{ vms { totalCount } }", undefined, { authorization }));

  expect(await as("first-key")).toBeUndefined();
  expect(await as("Bearer second-key")).toBeUndefined();
  for (const wrong of ["", "first", "first-key2", "third-key"]) expect(await as(wrong)).toBe("UNAUTHENTICATED");
});

test("service mode serves anonymous clients only with ALLOW_ANONYMOUS", async () => {
  const service = { AUTH_MODE: "service", CLOUDTOWER_USERNAME: "admin", CLOUDTOWER_PASSWORD: "admin-pass" };
  const gateway = await startGateway({ env: { ...service, ALLOW_ANONYMOUS: "true" } });

  expect((await gateway.query("{ vms { totalCount } }", undefined, { authorization: "" })).errors).toBeUndefined();
  await expect(startGateway({ env: service })).rejects.toThrow(/^API_KEYS must .*ALLOW_ANONYMOUS/);
});

test("pages of other sites are refused if anonymous clients are served", async () => {
  const gateway = await startGateway({
    env: {
      AUTH_MODE: "service",
      ALLOW_ANONYMOUS: "true",
      CLOUDTOWER_USERNAME: "admin",
      CLOUDTOWER_PASSWORD: "admin-pass",
    },
  });
  const from = async (origin: string) =>
    (await gateway.query("{ __typename }", undefined, { authorization: "", origin })).errors?.[0]?.extensions?.code;

  expect(await from("https://evil.example")).toBe("FORBIDDEN");
  expect(await from(gateway.url)).toBeUndefined();
});
