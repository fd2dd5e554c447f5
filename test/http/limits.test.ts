import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { buildClientSchema, buildSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { expect, onTestFinished, test } from "vitest";
import { examples } from "../../src/graphiql/examples.js";
import { Cluster } from "../../src/resources/cluster/cluster.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";
import { codeOf } from "../support/transports.js";

const CHAIN = "disks { volume { lun { storageVolume { zbsId } } } }";

test("the limits admit the whole chain of 1,000 VMs, and of 10,000 in one page if that is allowed", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 }, env: { MAX_PAGE_SIZE: "10000" } });

  for (const first of [1_000, 10_000]) {
    const result = await gateway.query(`{ vms(first: ${first}) { totalCount nodes { id name ${CHAIN} } } }`);
    expect(result.errors).toBeUndefined();
  }
});

test("the limits admit a page of 1,000 VMs with connections below them, and 10 clusters with all their lists", async () => {
  const gateway = await startGateway({ simulator: { vms: 40 } });
  const page = "(first: 10) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id name } } }";
  const relations = fullSchema().relations.relations.filter(
    ({ from, kind }) => from === Cluster && kind === "connection",
  );
  const lists = relations.map(({ field }) => `${field}${page.replace(" name", "")}`);

  for (const query of [
    `{ vms(first: 1000) { totalCount nodes { id name host { name } snapshots${page} ${CHAIN} } } }`,
    "{ vms(first: 1000) { nodes { snapshots(first: 50) { nodes { name } } tasks(first: 50) { nodes { status } } } } }",
    `{ clusters(first: 10) { nodes { name ${lists.join(" ")} } } }`,
  ]) {
    expect((await gateway.query(query)).errors).toBeUndefined();
  }
});

test.each([
  ["the defaults of graphql-js", {}],
  ["GraphiQL's options", { inputValueDeprecation: true, schemaDescription: true }],
  [
    "every option",
    {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    },
  ],
  ["few levels of types", { typeDepth: 3 }],
  ["many levels of types", { typeDepth: 13, inputValueDeprecation: true }],
])("the limits admit introspection with %s", async (_, options) => {
  const gateway = await startGateway({ simulator: { vms: 1 } });

  const { data, errors } = await gateway.query<IntrospectionQuery>(getIntrospectionQuery(options));

  expect(errors).toBeUndefined();
  expect(buildClientSchema(data as IntrospectionQuery).getType("Vm")).toBeDefined();
});

test("GraphQL Code Generator reads the schema from the gateway", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  const folder = mkdtempSync(join(tmpdir(), "towerql-codegen-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "codegen.json");
  const schema = [{ [`${gateway.url}/graphql`]: { headers: { authorization: gateway.token } } }];
  const output = join(folder, "schema.graphql");
  writeFileSync(config, JSON.stringify({ schema, generates: { [output]: { plugins: ["schema-ast"] } } }));

  const cli = resolve("node_modules/.bin/graphql-codegen");
  await promisify(execFile)(process.execPath, [cli, "--config", config]);

  expect(buildSchema(readFileSync(output, "utf8")).getType("StorageVolume")).toBeDefined();
}, 60_000);

test("the limits admit the examples of GraphiQL's page", async () => {
  const gateway = await startGateway();

  for (const { query, variables } of examples) {
    const result = await gateway.query(query.replace(/^subscription/m, "query"), variables);
    expect(codeOf(result)).not.toBe("QUERY_TOO_EXPENSIVE");
  }
});

test("an argument that its variable leaves without a value is BAD_USER_INPUT", async () => {
  const gateway = await startGateway();
  const query = 'query ($id: ID = "Vm:a") { vm(id: $id) { name } }';
  const { errors } = await gateway.query(query, { id: null });

  expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(/^Argument "id"/), path: ["vm"] });
  expect(errors?.[0]?.extensions?.code).toBe("BAD_USER_INPUT");
});
