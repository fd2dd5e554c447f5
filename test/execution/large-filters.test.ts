import { Kind, type OperationDefinitionNode, parse } from "graphql";
import { expect, test } from "vitest";
import { planOperation, type RootPlan } from "../../src/graph/plan/operation-plan.js";
import type { ListPlan } from "../../src/graph/plan/selection-plan.js";
import { Fingerprints } from "../../src/kernel/fingerprints.js";
import { runAll } from "../../src/kernel/turns/time-slicer.js";
import { vmList } from "../../src/resources/vm/vm.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { ColumnGuard } from "../../src/upstream/columns.js";
import { startGateway } from "../support/gateway.js";

const { schema, relations } = fullSchema();

/** A list that counts how often an item is read. */
function countingList(length: number): { readonly list: string[]; reads: number } {
  const counter = { list: [] as string[], reads: 0 };
  const values = Array.from({ length }, (_, index) => `name-${index}`);
  counter.list = new Proxy(values, {
    get(target, key) {
      if (/^\d+$/.test(String(key))) counter.reads += 1;
      return Reflect.get(target, key) as unknown;
    },
  });
  return counter;
}

/** A document with a connection under each alias, whose filter is the variable, or contains it. */
function manyConnections(filter: string, count: number): string {
  const lists = Array.from(
    { length: count },
    (_, n) => `a${n}: vms(first: ${n + 1}, filter: ${filter}) { nodes { id } }`,
  );
  return `query ($filter: VmFilter) { clusters { nodes { ${lists.join(" ")} } } }`;
}

test.each(["$filter", '{and: [$filter, {name: {not: "x"}}]}'])(
  "planning walks a filter once, however many connections use it: %s",
  (filter) => {
    const counter = countingList(500);
    const document = parse(manyConnections(filter, 200));
    const node = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode;
    const variableValues = { filter: { name: { in: counter.list } } };

    const plan = runAll(planOperation({ schema, fragments: {}, variableValues }, node, relations, new ColumnGuard()));

    const [root] = plan.roots as [RootPlan];
    const { connections } = (root.list as ListPlan).objects;
    expect(connections).toHaveLength(200);
    for (const { key } of connections) expect(key.length).toBeLessThan(300);
    expect(counter.reads).toBeLessThanOrEqual(500);
  },
);

test("a filter is translated once, however many lists use it", () => {
  const counter = countingList(500);
  const filter = { name: { in: counter.list } };

  const wheres = Array.from({ length: 50 }, () => vmList.filter.toWhere(filter));
  const nested = Array.from({ length: 50 }, () => vmList.filter.toWhere({ or: [filter] }));

  expect(new Set(wheres).size).toBe(1);
  expect(nested[0]).toEqual({ AND: [{ OR: [{ name_in: [...counter.list] }] }] });
  expect(counter.reads).toBeLessThanOrEqual(1_000);
});

test("fingerprints are equal for equal values alone, and short", () => {
  const fingerprints = new Fingerprints();
  const long = "x".repeat(10_000);
  const values = [
    null,
    true,
    1,
    "1",
    [],
    {},
    [[]],
    ["1"],
    [1],
    { a: 1 },
    { b: 1 },
    { a: "1" },
    long,
    [long],
    { a: long },
    `${long}y`,
  ];
  const texts = values.map((value) => fingerprints.of(value));

  expect(new Set(texts).size).toBe(values.length);
  for (const text of texts) expect(text.length).toBeLessThan(260);
  expect(values.map((value) => new Fingerprints().of(JSON.parse(JSON.stringify(value))))).toEqual(texts);
  expect(fingerprints.of({ a: 1, b: undefined })).toBe(fingerprints.of({ a: 1 }));
});

test("lists with long filters that differ in one value are different lists", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 } });
  const names = Array.from({ length: 400 }, (_, n) => `unknown-${n}`);
  const [one, two] = gateway.simulator.control.rows("Vm").map(({ name }) => name as string);
  const query = `query ($a: VmFilter, $b: VmFilter) { clusters { nodes {
    a: vms(filter: $a) { nodes { name } } b: vms(filter: $b) { nodes { name } }
  } } }`;
  type Vms = { nodes: { name: string }[] };
  type Data = { clusters: { nodes: { a: Vms; b: Vms }[] } };

  const { clusters } = await gateway.data<Data>(query, {
    a: { name: { in: [...names, one] } },
    b: { name: { in: [...names, two] } },
  });

  const found = (list: "a" | "b") => clusters.nodes.flatMap((cluster) => cluster[list].nodes.map(({ name }) => name));
  expect(found("a")).toEqual([one]);
  expect(found("b")).toEqual([two]);
});
