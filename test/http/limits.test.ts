import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { examples } from "../../src/graphiql/examples.js";
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

test("the limits admit what GraphiQL sends, and the examples of its page", async () => {
  const gateway = await startGateway();
  const introspection = getIntrospectionQuery({
    inputValueDeprecation: true,
    specifiedByUrl: true,
    schemaDescription: true,
  });

  expect((await gateway.query(introspection)).errors).toBeUndefined();
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
