import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

test.each([
  ["vm", (id: string) => `{ vm(id: "${id}") { id __proto__: name } }`],
  ["node", (id: string) => `{ node(id: "${id}") { ... on Vm { id __proto__: name } } }`],
  ["nodes", (id: string) => `{ nodes(ids: ["${id}"]) { ... on Vm { id disks { __proto__: bus } } } }`],
  ["the root", (id: string) => `{ __proto__: vm(id: "${id}") { id } }`],
])("a field with the response name __proto__ is not lost below %s", async (_, query) => {
  const gateway = await startGateway();
  const { vms } = await gateway.data<{ vms: { nodes: [{ id: string }] } }>("{ vms(first: 1) { nodes { id } } }");

  const response = await gateway.post({ query: query(vms.nodes[0].id) });

  expect(await response.text()).toContain('"__proto__":');
});
