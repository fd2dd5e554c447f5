import { expect, test } from "vitest";
import { clientsFile } from "../support/clients-file.js";
import { startGateway } from "../support/gateway.js";
import { overSse, overWebSocket, type Result } from "../support/transports.js";
import { hooksFolder } from "./support/hooks.js";

const ADMIN = { authorization: "Bearer admin-key" };
const CLIENTS = [
  { name: "admin-key", role: "admin" },
  { name: "client-key", role: "backup" },
];
const CLIENT = { authorization: "client-key" };
const ALL_TYPES = "{ __schema { types { name fields { name } } } }";
const WEBHOOK_FIELDS = ["enableWebhook", "replayWebhook", "testWebhook", "webhooks"];

/** A gateway in service mode, without any webhook. */
async function startService(env: Record<string, string> = {}) {
  const folder = hooksFolder();
  folder.define([]);
  const service = {
    ...clientsFile(CLIENTS).env,
    ...{ WEBHOOKS_FILE: folder.path, STATE_DIR: folder.stateDir },
  };
  return startGateway({ env: { ...service, ...env } });
}

/** Names of types and fields that are about webhooks, of those that a client sees. */
async function webhookNames(gateway: Awaited<ReturnType<typeof startService>>, headers: Record<string, string>) {
  type Types = { __schema: { types: { name: string; fields: { name: string }[] | null }[] } };
  const { __schema } = await gateway.data<Types>(ALL_TYPES, {}, headers);
  const names = __schema.types.flatMap(({ name, fields }) => [name, ...(fields ?? []).map((field) => field.name)]);
  return names.filter((name) => /webhook/i.test(name)).sort();
}

test("webhooks exist only for a client with the role admin, in introspection and execution alike", async () => {
  const gateway = await startService();
  // In both orders: results of introspection are kept.
  expect(await webhookNames(gateway, CLIENT)).toEqual([]);
  expect(await webhookNames(gateway, ADMIN)).toEqual(expect.arrayContaining([...WEBHOOK_FIELDS, "Webhook"]));
  expect(await webhookNames(gateway, CLIENT)).toEqual([]);

  const query = "{ webhooks { name } gateway { version } }";
  expect(await gateway.query(query, {}, ADMIN)).toEqual({ data: { webhooks: [], gateway: { version: "0.1.0" } } });
  const message = 'Cannot query field "webhooks" on type "Query".';
  const refused = { errors: [{ message, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }] };
  expect(await gateway.query(query, {}, CLIENT)).toMatchObject(refused);
  const asClient = { ...gateway, token: "client-key", socket: () => gateway.socket({ Authorization: "client-key" }) };
  expect(await overSse(asClient, query)).toMatchObject(refused);
  expect(await overWebSocket(asClient, query)).toMatchObject(refused);
  for (const field of ["enableWebhook", "testWebhook"]) {
    const mutation = `mutation { ${field}(name: "one") { __typename } }`;
    expect(codes(await gateway.query(mutation, {}, ADMIN))).toEqual(["NOT_FOUND"]);
    expect(codes(await gateway.query(mutation, {}, CLIENT))).toEqual(["GRAPHQL_VALIDATION_FAILED"]);
  }
  // An administrator may do what other clients may.
  expect(await gateway.query("{ vms { totalCount } }", {}, ADMIN)).toEqual({ data: { vms: { totalCount: 37 } } });
});

test("without service mode, webhooks exist for nobody", async () => {
  const gateway = await startGateway();
  expect(await webhookNames(gateway, { authorization: gateway.token })).toEqual([]);
});

test("READ_ONLY removes the mutations and leaves the query", async () => {
  const gateway = await startService({ READ_ONLY: "true" });
  expect(await webhookNames(gateway, ADMIN)).toEqual(
    expect.not.arrayContaining(WEBHOOK_FIELDS.filter((name) => name !== "webhooks")),
  );
  expect(await gateway.query("{ webhooks { name } }", {}, ADMIN)).toEqual({ data: { webhooks: [] } });
});

function codes({ errors = [] }: Result): unknown[] {
  return errors.map(({ extensions }) => extensions?.code);
}
