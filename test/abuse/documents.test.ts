import { expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { codeOf, everywhere } from "../support/transports.js";

const CHAIN = "disks { volume { lun { storageVolume { zbsId } } } }";

// These bombs are so large that work for each of their fields or pairs would never end. So no test needs a clock.

/** Each fragment spreads the next one twice: 2^n fields in a few kilobytes. */
function fragmentBomb(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, level) =>
    level === levels - 1
      ? `fragment F${level} on Vm { name }`
      : `fragment F${level} on Vm { disks { vm { ...F${level + 1} } } b: disks { vm { ...F${level + 1} } } }`,
  );
  return `{ vms(first: 1) { nodes { ...F0 } } } ${fragments.join(" ")}`;
}

/** Fragments that spread each other without fields in between, to stall the comparison of fields for conflicts. */
function overlapBomb(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, level) =>
    level >= levels - 2
      ? `fragment F${level} on Vm { name }`
      : `fragment F${level} on Vm { ...F${level + 1} ...F${level + 2} }`,
  );
  return `{ vms(first: 1) { nodes { ...F0 } } } ${fragments.join(" ")}`;
}

const repeat = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(" ");

const BOMBS: readonly [what: string, query: string, code: string][] = [
  ["nested fragments that double at each level", fragmentBomb(60), "QUERY_TOO_EXPENSIVE"],
  ["fragments without fields in between", overlapBomb(60), "QUERY_TOO_EXPENSIVE"],
  [
    "fragments that spread themselves",
    "{ vms { nodes { ...A } } } fragment A on Vm { ...B } fragment B on Vm { ...A }",
    "GRAPHQL_VALIDATION_FAILED",
  ],
  ["brackets 10,000 deep", `{ vms(filter: { and: ${"[{and:".repeat(10_000)}`, "QUERY_TOO_EXPENSIVE"],
  ["braces 100,000 deep", "{a".repeat(100_000), "QUERY_TOO_EXPENSIVE"],
  ["list types 50,000 deep", `query ($a: ${"[".repeat(50_000)}) { __typename }`, "QUERY_TOO_EXPENSIVE"],
  ["brackets hidden between quotes", `{ a(b: "}}}}" ${'c: [{ d: "}]}]" '.repeat(60)}`, "QUERY_TOO_EXPENSIVE"],
  ["200,000 characters of white space", `{ __typename }${"\n".repeat(200_000)}`, "QUERY_TOO_EXPENSIVE"],
  ["a string of 200,000 characters", `{ vm(id: """${"\n x".repeat(70_000)}""") { id } }`, "QUERY_TOO_EXPENSIVE"],
  ["100,000 tokens", `{ ${"a ".repeat(100_000)} }`, "QUERY_TOO_EXPENSIVE"],
  ["the same field 4,000 times", `{ vms { nodes { ${"name ".repeat(4_000)} } } }`, "QUERY_TOO_EXPENSIVE"],
  ["1,000 aliases", `{ ${repeat(1_000, (i) => `a${i}: __typename`)} }`, "QUERY_TOO_EXPENSIVE"],
  ["60 fields at the root", `{ ${repeat(60, (i) => `a${i}: gateway { version }`)} }`, "QUERY_TOO_EXPENSIVE"],
  ["500 directives", `{ __typename ${"@include(if: true) ".repeat(500)} }`, "QUERY_TOO_EXPENSIVE"],
  ["400 operations", repeat(400, (i) => `query Q${i} { __typename }`), "QUERY_TOO_EXPENSIVE"],
  [
    "a cycle of relations 12 levels deep",
    `{ vms(first: 1) { nodes { ${"disks { vm { ".repeat(12)} name ${"} }".repeat(12)} } } }`,
    "QUERY_TOO_EXPENSIVE",
  ],
  [
    "1,000 snapshots of each of 1,000 VMs",
    `{ vms(first: 1000) { nodes { snapshots(first: 1000) { nodes { name } } } } }`,
    "QUERY_TOO_EXPENSIVE",
  ],
  [
    "the whole chain fifty times",
    `{ ${repeat(50, (i) => `a${i}: vms(first: 1000) { nodes { ${CHAIN} } }`)} }`,
    "QUERY_TOO_EXPENSIVE",
  ],
  [
    "introspection that multiplies by aliases",
    `{ __schema { types { ${repeat(40, (i) => `a${i}: fields { args { type { name } } b: args { type { name } } }`)} } } }`,
    "QUERY_TOO_EXPENSIVE",
  ],
  [
    "introspection in cycles",
    "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
    "GRAPHQL_VALIDATION_FAILED",
  ],
  [
    "a string of 5,000 characters",
    `{ vms(filter: { name: { contains: "${"x".repeat(5_000)}" } }) { totalCount } }`,
    "BAD_USER_INPUT",
  ],
  ["a list of 1,001 ids", `{ nodes(ids: [${repeat(1_001, () => '"Vm:a"')}]) { id } }`, "BAD_USER_INPUT"],
];

test.each(BOMBS)("refuses %s on every transport, without a call to CloudTower", async (_, query, code) => {
  const gateway = await startGateway();
  const results = await everywhere(gateway, query);

  for (const result of Object.values(results)) {
    expect(codeOf(result)).toBe(code);
    expect(result.data).toBeUndefined();
    expect(result.errors?.[0]?.extensions?.requestId).toMatch(/^[\w-]{8,}$/);
  }
  expect(gateway.simulator.calls.all).toHaveLength(0);
});

test("names the count and the limit of a result that is too large", async () => {
  const gateway = await startGateway();
  const { errors } = await gateway.query(
    "{ vms(first: 1000) { nodes { snapshots(first: 1000) { nodes { name } } } } }",
  );

  expect(errors?.[0]?.message).toMatch(/250000 objects.*1002001/);
  expect(errors?.[0]?.extensions).toMatchObject({ cost: { objects: 1_002_001 }, limit: { objects: 250_000 } });
});

test("counts page sizes given as variables", async () => {
  const gateway = await startGateway();
  const query = "query ($n: Int = 1000) { vms(first: $n) { nodes { snapshots(first: $n) { nodes { name } } } } }";

  expect(codeOf(await gateway.query(query))).toBe("QUERY_TOO_EXPENSIVE");
  expect(codeOf(await gateway.query(query, { n: 1_000 }))).toBe("QUERY_TOO_EXPENSIVE");
  expect(codeOf(await gateway.query(query, { n: 5 }))).toBeUndefined();
});

test("serves other clients while bombs arrive", async () => {
  const gateway = await startGateway();
  const bombs = Array.from({ length: 200 }, (_, i) => gateway.query(`${BOMBS[i % BOMBS.length]?.[1]} #${i}`));
  const { errors } = await gateway.query("{ vms(first: 1) { nodes { name } } }");

  expect(errors).toBeUndefined();
  const codes = (await Promise.all(bombs)).map(codeOf);
  expect(codes).not.toContain("INTERNAL_SERVER_ERROR");
  expect(codes).not.toContain(undefined);
});
