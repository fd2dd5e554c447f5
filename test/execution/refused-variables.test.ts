import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

// Validation lets a nullable variable with a default stand where null may not: only the field that uses it can say so.
const BELOW = "query($yes: Boolean = true) { vms(first: 1) { nodes { name @include(if: $yes) } } }";
const AT_ROOT = "query($yes: Boolean = true) { vms(first: 1) @include(if: $yes) { nodes { name } } }";
const ORDER =
  "query($by: VmSnapshotOrderField = NAME) { vms(first: 1) { nodes { name snapshots(orderBy: {field: $by}) { nodes { name } } } } }";

test.each([
  ["@include below a root field", BELOW, { yes: null }],
  ["@include at the root", AT_ROOT, { yes: null }],
  ["the order of a connection", ORDER, { by: null }],
])("null for a variable with a default is an error of its field: %s", async (_, query, variables) => {
  const gateway = await startGateway({ spoilsAnswers: true });

  const response = await gateway.post({ query, variables });

  const { data, errors } = (await response.json()) as { data?: unknown; errors: unknown[] };
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(data).toBeDefined();
  expect(response.status).toBe(200);
});

test("... and of that field alone", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const { vms } = await gateway.data<{ vms: { nodes: [{ id: string }] } }>("{ vms(first: 1) { nodes { id } } }");
  const { id } = vms.nodes[0];

  const below = "snapshots(orderBy: {field: $by}) { nodes { name } }";
  const query = `query($by: VmSnapshotOrderField = NAME) { node(id: "${id}") { id ... on Vm { ${below} } } }`;
  const { data, errors } = await gateway.query(query, { by: null });

  expect(data).toEqual({ node: { id, snapshots: null } });
  expect(errors).toMatchObject([{ path: ["node", "snapshots"] }]);
});

test("... over a WebSocket, which is not closed for it", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const client = gateway.socket();
  const codes: unknown[] = [];
  client.on("closed", (event) => codes.push((event as { code: number }).code));

  const results = [];
  for (const variables of [{ yes: null }, { yes: true }]) {
    for await (const result of client.iterate({ query: BELOW, variables })) results.push(result);
  }

  expect(results).toMatchObject([
    { errors: [{ extensions: { code: "BAD_USER_INPUT" } }] },
    { data: { vms: { nodes: [{ name: expect.any(String) }] } } },
  ]);
  // The client itself closes a connection that it does not need.
  expect(codes.filter((code) => code !== 1000)).toEqual([]);
});
