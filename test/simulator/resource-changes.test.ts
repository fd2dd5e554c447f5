import { expect, test } from "vitest";
import { Client } from "./support/client.js";

interface Changes {
  readonly currentRevision: string;
  readonly compactRevision: string;
  readonly ec: string;
  readonly data: readonly { readonly [field: string]: string }[];
}

/** Asks for changes, by default as the administrator. */
async function changes({ simulator }: Client, query = "", user = "admin:admin-pass") {
  const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
  const response = await fetch(`${simulator.url}/resource-changes${query}`, { headers: { authorization } });
  return { status: response.status, body: (await response.json()) as Changes };
}

test("lists what changed after a revision: made, changed and deleted rows with their values", async () => {
  const client = await Client.open({ vms: 3 });
  const { control } = client.simulator;
  const vm = control.rows("Vm")[0]?.id as string;
  const start = (await changes(client)).body.currentRevision;
  const label = control.insert("Label", { key: "a", value: "b" });
  control.patch("Vm", vm, { memory: 5 });
  control.remove("Label", label);

  const { body } = await changes(client, `?start_revision=${start}`);

  expect(body).toMatchObject({ ec: "EOK", currentRevision: String(Number(start) + 3) });
  expect(body.data).toMatchObject([
    { action: "CREATE", resource_type: "Label", resource_id: label, prev_revision: start },
    { action: "UPDATE", resource_type: "Vm", resource_id: vm, new_value: '{"memory":5}' },
    { action: "DELETE", resource_type: "Label", old_value: expect.stringContaining('"key":"a"') },
  ]);
  const filtered = await changes(client, `?start_revision=${start}&resource_type=Label&action=DELETE&limit=1`);
  expect(filtered.body.data).toHaveLength(1);
});

test("keeps a bounded number of changes, and says what is forgotten", async () => {
  const client = await Client.open({ vms: 1 });
  const { control } = client.simulator;
  const vm = control.rows("Vm")[0]?.id as string;
  for (let memory = 0; memory < 5_000; memory += 1) control.patch("Vm", vm, { memory });

  const { body } = await changes(client, "?start_revision=1");

  expect(body).toMatchObject({ ec: "REVISION_COMPACTED", data: [] });
  const kept = await changes(client, `?start_revision=${body.compactRevision}`);
  expect(kept.body).toMatchObject({ ec: "EOK", data: { length: 1000 } });
});

test.each([
  ["a token", "?limit=1", "", 401],
  ["a wrong password", "", "admin:no", 401],
  ["a limit above 1000", "?limit=1001", "admin:admin-pass", 400],
  ["an unknown parameter", "?since=1", "admin:admin-pass", 400],
])("refuses %s", async (_, query, user, status) => {
  const client = await Client.open({ vms: 1 });

  expect((await changes(client, query, user)).status).toBe(status);
});

test("versions before 4.6 have no such endpoint", async () => {
  const client = await Client.open({ vms: 1, apiVersion: "4.5.0" });
  const headers = { authorization: client.token() };

  expect((await fetch(`${client.simulator.url}/resource-changes`, { headers })).status).toBe(404);
});
