import { expect, test } from "vitest";
import { Client } from "./support/client.js";

/** Sends a request to the GraphQL API, by default without a credential. */
async function graphql({ simulator }: Client, query: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(new URL("/api", simulator.url), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("lists the directories without a login, and their id is that of logins", async () => {
  const client = await Client.open({ vms: 1 });

  const { status, body } = await graphql(client, "{authnStrategies{id type}}");

  expect([status, body]).toEqual([
    200,
    { data: { authnStrategies: [{ id: "clrdirectory00000822simulat", type: "LDAP" }] } },
  ]);
  const login = { username: "auditor", password: "auditor-pass", source: "AUTHN" };
  const auth_config_id = "clrdirectory00000822simulat";
  expect((await client.send("login", { ...login, auth_config_id }, { authorization: "" })).status).toBe(200);
});

test("an API key is used like a token, has the caller's permissions, and is revoked with the caller's tokens", async () => {
  const client = await Client.open({ vms: 1 });
  const create = 'mutation {createApiKey(data: {name: "backup"}) {id key roles}}';

  const { body } = await graphql(client, create, { authorization: `Bearer ${client.token("viewer")}` });

  const { key } = (body.data as { createApiKey: { key: string } }).createApiKey;
  const write = { where: { id: "none" } };
  expect((await client.send("get-vms", {}, { authorization: key })).status).toBe(200);
  expect((await client.send("poweroff-vm", write, { authorization: `Bearer ${key}` })).status).toBe(403);
  client.simulator.control.revokeTokens("viewer");
  expect((await client.send("get-vms", {}, { authorization: key })).status).toBe(401);
});

test("an API key needs a caller", async () => {
  const client = await Client.open({ vms: 1 });

  const { status, body } = await graphql(client, 'mutation {createApiKey(data: {name: "backup"}) {key}}');

  expect(status).toBe(200);
  expect(body).toMatchObject({ data: null, errors: [{ message: expect.stringContaining("Unauthorized") }] });
});

test.each([[undefined], ["{"], ["{nothing}"]])("responds 400 with errors to the query %j", async (query) => {
  const client = await Client.open({ vms: 1 });

  const { status, body } = await graphql(client, query);

  expect([status, body]).toEqual([400, { errors: [expect.objectContaining({ message: expect.any(String) })] }]);
});

test("versions before 3.0 have no directories", async () => {
  const client = await Client.open({ vms: 1, apiVersion: "2.7.0" });

  expect((await graphql(client, "{authnStrategies{id type}}")).status).toBe(401);
});
