import {
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isListType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
} from "graphql";
import { expect, test } from "vitest";
import { listingOf } from "../../src/graph/connections/listing.js";
import { CostSum } from "../../src/http/limits/cost-sum.js";
import { Vm } from "../../src/resources/vm/vm.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway } from "../support/gateway.js";
import { codeOf, everywhere } from "../support/transports.js";

const { schema, relations } = fullSchema();
const pricing = { defaultPageSize: 50, maxPageSize: 1000, idsPerCall: 500, rowsPerCall: 10_000 };

/** Every field with an argument for conditions, recognized by its structure: conditions can be combined. */
const FILTERED = Object.values(schema.getTypeMap())
  .filter((type): type is GraphQLObjectType => isObjectType(type))
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((argument) => {
        const input = getNamedType(argument.type);
        return isInputObjectType(input) && "and" in input.getFields()
          ? [{ name: `${type.name}.${field.name}`, type, field, argument, input }]
          : [];
      }),
    ),
  );

/** Conditions of a type that say nothing, as literals: `{}`, `{name: $absent}`, `{name: null}`, `{name: {}}`, ... */
function* vanishing(input: GraphQLInputObjectType, depth: number): Generator<string> {
  yield "{}";
  for (const { name, type } of Object.values(input.getFields())) {
    yield `{${name}: $absent}`;
    yield `{${name}: null}`;
    if (isListType(type) && name !== "in") yield `{${name}: []}`;
    const below = getNamedType(type);
    if (!isInputObjectType(below) || depth === 0) continue;
    for (const condition of vanishing(below, depth - 1)) {
      yield isListType(type) ? `{${name}: [${condition}]}` : `{${name}: ${condition}}`;
    }
  }
}

/** A condition that says something. */
function condition(input: GraphQLInputObjectType): string {
  const field = Object.values(input.getFields()).find(({ type }) => {
    const operators = getNamedType(type);
    return isInputObjectType(operators) && !("and" in operators.getFields()) && "isNull" in operators.getFields();
  });
  return `{${field?.name}: {isNull: true}}`;
}

/** Checks a selection as the gate does. @returns the code of the error, if there is one. */
function check(type: GraphQLObjectType, selection: string, variables: Record<string, unknown>): string | undefined {
  const { definitions } = parse(`query { ${selection} }`, { noLocation: true });
  const sum = new CostSum({ schema, relations, pricing, fragments: new Map(), variables });
  try {
    sum.add((definitions[0] as OperationDefinitionNode).selectionSet, { type, count: 1 });
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

test("every list of the schema takes a filter that is recognized by its name", () => {
  expect(FILTERED.length).toBeGreaterThan(30);
  for (const { argument, input } of FILTERED) {
    expect(argument.name).toBe("filter");
    expect(input.name).toMatch(/Filter$/);
  }
  const named = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).flatMap(({ args }) => args))
    .filter(({ type }) => getNamedType(type).name.endsWith("Filter"));
  expect(named).toHaveLength(FILTERED.length);
});

test.each(FILTERED)("$name refuses every condition of its filter that says nothing", ({ type, field, input }) => {
  let count = 0;
  const accepted: string[] = [];
  for (const filter of vanishing(input, 2)) {
    count += 1;
    if (check(type, `alias: ${field.name}(filter: ${filter}) { totalCount }`, {}) !== "BAD_USER_INPUT") {
      accepted.push(filter);
    }
  }
  expect(accepted).toEqual([]);
  expect(count).toBeGreaterThan(50);

  const some = condition(input);
  for (const filter of [some, `{and: [${some}]}`, `{or: ${some}}`, "null", "$absent"]) {
    expect([filter, check(type, `${field.name}(filter: ${filter}) { totalCount }`, {})]).toEqual([filter, undefined]);
  }
});

const LITERALS = [
  "{name: {eq: $absent}}",
  "{name: {eq: $toString}}",
  "{}",
  "{name: {}}",
  `{name: {eq: "web-prod-01", contains: $absent}}`,
  "{cluster: {}}",
  "{cluster: {name: {eq: $absent}}}",
  "{snapshots: {some: {}}}",
  "{snapshots: {none: {}}}",
  "{snapshots: {}}",
  "{snapshots: {isEmpty: $flag}}",
  "{or: []}",
  "{and: [{}]}",
  "{not: [{name: {eq: $absent}}]}",
  "{status: $status}",
  "{name: {in: $list}}",
  "{name: {notIn: []}}",
  "{not: {name: {in: []}}}",
  "{snapshots: {none: {name: {in: []}}}}",
];
const DECLARED = [
  "$absent: String",
  "$toString: String",
  "$flag: Boolean",
  "$status: VmStatusFilter",
  "$list: [String!]",
];

/** The declarations of the variables that a text uses; others are an error. */
function declarations(text: string): string {
  const used = DECLARED.filter((declaration) => text.includes(declaration.split(":")[0] as string));
  return used.length === 0 ? "" : `(${used.join(", ")})`;
}

test("a filter in which a condition says nothing is refused without a call, wherever it is", async () => {
  const gateway = await startGateway({ simulator: { vms: 1 } });

  for (const query of LITERALS.flatMap(operationsWith)) {
    const { data, errors } = await gateway.query(query);
    expect([query, errors?.[0]?.extensions?.code, data]).toEqual([query, "BAD_USER_INPUT", undefined]);
    expect(errors?.[0]?.message).toMatch(/^The filter of "(web|vms)" .* omit (it|the filter)/);
  }
  expect(gateway.simulator.calls.count()).toBe(0);
});

/** Operations with a filter of VMs at every kind of place. */
function operationsWith(filter: string): string[] {
  const given = declarations(filter);
  const vms = `vms(filter: ${filter}) { totalCount }`;
  return [
    `query ${given} { web: vms(filter: ${filter}) { nodes { id } } }`,
    `query ${given} { ...Lists } fragment Lists on Query { ${vms} }`,
    // No parent has the list: the mistake is reported all the same.
    `query ${given} { clusters(filter: {name: {eq: "none"}}) { nodes { ${vms} } } }`,
    // Left to graphql-js.
    `query ${given} { node(id: "Cluster:none") { ... on Cluster { ${vms} } } }`,
    `mutation ${given} { createVmSnapshot(input: {vmId: "Vm:x", name: "s"}) { snapshot { vm { cluster { ${vms} } } } } }`,
    `subscription ${given} { taskProgress(taskId: "Task:x") { cluster { ${vms} } } }`,
  ];
}

test.each([
  {},
  { name: {} },
  { name: null },
  { or: [] },
  { or: [{}] },
  { cluster: { name: {} } },
  { name: { notIn: [] } },
])("a variable with the filter %j is refused over every transport, and so is one with that default", async (filter) => {
  const gateway = await startGateway({ simulator: { vms: 1 } });
  const literal = JSON.stringify(filter).replaceAll('"', "");

  const results = [
    ...Object.values(
      await everywhere(gateway, "query ($f: VmFilter) { vms(filter: $f) { totalCount } }", { f: filter }),
    ),
    ...Object.values(await everywhere(gateway, `query ($f: VmFilter = ${literal}) { vms(filter: $f) { totalCount } }`)),
  ];

  expect(results.map(codeOf)).toEqual(Array(6).fill("BAD_USER_INPUT"));
  expect(gateway.simulator.calls.count()).toBe(0);
});

test("an absent filter, page size or excluded field is no mistake", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const query = `query ($f: VmFilter, $first: Int, $name: String, $no: Boolean = false) {
    all: vms(first: $first, filter: $f) { totalCount }
    none: vms(filter: null) { totalCount }
    excluded: vms(filter: {name: {eq: $name}}) @include(if: $no) { totalCount }
  }`;

  expect(await gateway.data(query)).toEqual({ all: { totalCount: 3 }, none: { totalCount: 3 } });
});

test("a variable's default is the value of a condition", async () => {
  const gateway = await startGateway();
  const query = `query ($name: String = "web-prod-01") { vms(filter: {name: {eq: $name}}) { nodes { name } } }`;

  expect(await gateway.data(query)).toEqual({ vms: { nodes: [{ name: "web-prod-01" }] } });
});

test.each([
  "{name: {in: []}}",
  "{name: {in: $list}}",
  `{name: {in: [], contains: "web"}}`,
  "{cluster: {id: {in: []}}}",
  "{snapshots: {some: {name: {in: []}}}}",
  `{and: [{name: {contains: "web"}}, {id: {in: []}}]}`,
])("vms(filter: %s) matches nothing", async (filter) => {
  const gateway = await startGateway();
  const query = `query ${declarations(filter)} { vms(filter: ${filter}) { totalCount nodes { id } } }`;

  expect(await gateway.data(query, { list: [] })).toEqual({ vms: { totalCount: 0, nodes: [] } });
});

test("an empty list among alternatives leaves the others", async () => {
  const gateway = await startGateway();
  const query = `{ vms(filter: {or: [{name: {in: []}}, {name: {eq: "web-prod-01"}}]}) { nodes { name } } }`;

  expect(await gateway.data(query)).toEqual({ vms: { nodes: [{ name: "web-prod-01" }] } });
});

test("the translation refuses what the gate would not let through", () => {
  const { filter } = listingOf(Vm);
  for (const given of [{}, { name: {} }, { name: { eq: undefined } }, { name: null }, { or: [] }, { or: [{}] }]) {
    expect(() => filter.toWhere(given)).toThrow("at least one condition");
  }
  for (const given of [{ cluster: {} }, { snapshots: {} }, { snapshots: { none: {} } }, { labels: { some: null } }]) {
    expect(() => filter.toWhere(given)).toThrow("at least one condition");
  }
  expect([filter.toWhere(undefined), filter.toWhere(null)]).toEqual([undefined, undefined]);
});

test("a list of ids never becomes a list of all", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const { calls } = gateway.simulator;
  const remove =
    "mutation ($ids: [ID!]!) { deleteVmSnapshots(input: {ids: $ids}) { errors { code } results { inputId } } }";

  const absent = await gateway.query(remove);
  const empty = await gateway.data<Record<string, unknown>>(remove, { ids: [] });
  const item = await gateway.query("mutation ($id: ID) { deleteVmSnapshots(input: {ids: [$id]}) { errors { code } } }");

  expect(codeOf(absent)).toBe("BAD_USER_INPUT");
  expect(empty).toEqual({ deleteVmSnapshots: { errors: [{ code: "INVALID_INPUT" }], results: [] } });
  expect(codeOf(item)).toBe("GRAPHQL_VALIDATION_FAILED");
  expect(calls.count()).toBe(0);
});
