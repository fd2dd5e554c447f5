import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

/** A document with many literal arguments, each of which would look at the variables. */
const literals = `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: vms(first: 1) { nodes { id } }`).join(" ")} }`;

test("variables that the operation does not declare are ignored, also malformed ones", async () => {
  const gateway = await startGateway();
  const undeclared = { deep: JSON.parse(`${"[".repeat(500)}${"]".repeat(500)}`), text: "x".repeat(100_000) };

  const { errors } = await gateway.query("query ($n: Int) { vms(first: $n) { nodes { id } } }", {
    n: 1,
    ...undeclared,
  });

  expect(errors).toBeUndefined();
});

test("a client without a credential is refused before its variables are looked at", async () => {
  const gateway = await startGateway({ env: { AUTH_MODE: "service", API_KEYS: "key", CLOUDTOWER_TOKEN: "token" } });
  const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";

  const { errors } = await gateway.query(query, { ids: { malformed: true } }, { authorization: "" });

  expect(errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
});

test("variables with wrong values get a few errors, however many there are", async () => {
  const gateway = await startGateway();

  const { errors } = await gateway.query("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
    ids: Array.from({ length: 1_000 }, () => ({})),
  });

  expect(errors?.length).toBeLessThanOrEqual(6);
  for (const { extensions } of errors ?? []) expect(extensions).toMatchObject({ code: "BAD_USER_INPUT" });
});

test.each([
  ["documents that cannot be parsed", "{"],
  ["documents that are not valid", "{ unknown }"],
  ["operations without a credential", "{ vms { nodes { id } } }"],
  ["introspection", "{ __typename }"],
  ["large documents", `${literals} #`],
])("%s spend rate, also when they are refused", async (_case, query) => {
  const gateway = await startGateway({
    env: {
      ...{ AUTH_MODE: "service", API_KEYS: "key", CLOUDTOWER_TOKEN: "token" },
      ...{ RATE_LIMIT_PER_SECOND: "1", RATE_LIMIT_BURST: "3" },
    },
  });
  const codes: unknown[] = [];
  for (let count = 0; count < 6; count += 1) {
    const { errors } = await gateway.query(query, undefined, { authorization: "" });
    codes.push(errors?.[0]?.extensions?.code);
  }

  expect(codes).toContain("RATE_LIMITED");
});
