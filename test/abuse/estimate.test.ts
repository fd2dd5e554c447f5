import { type GraphQLSchema, getNamedType, getNullableType, isListType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { clientSchema } from "../../src/schema/reduced-schemas.js";
import { fullSchema } from "../../src/schema/schema.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { OperationGenerator } from "../support/generate-operations.js";

interface Amounts {
  readonly calls: number;
  readonly objects: number;
}

/** What an operation was estimated to cost, and what it cost. Fails if it was refused. */
async function costOf(gateway: TestGateway, query: string, variables?: Record<string, unknown>) {
  const { errors, extensions } = await gateway.query(query, variables, { "x-towerql-cost": "1" });
  const { cost } = (extensions ?? {}) as { cost?: { estimated: Amounts; spent: Amounts } };
  if (cost === undefined) throw new Error(`${errors?.[0]?.message} ${query}`);
  return cost;
}

/** Global ids of two objects of each type. */
function someIds({ simulator }: TestGateway): string[] {
  const entities: Entity[] = [
    "Vm",
    "VmVolume",
    "IscsiLun",
    "VmSnapshot",
    "Task",
    "Cluster",
    "Host",
    "IscsiLunSnapshot",
  ];
  return entities.flatMap((entity) =>
    simulator.control
      .rows(entity)
      .slice(0, 2)
      .map(({ id }) => `${entity}:${id}`),
  );
}

/** A cursor of the tasks of one VM. */
async function taskCursor(gateway: TestGateway): Promise<string | undefined> {
  type Data = { vms: { nodes: { tasks: { pageInfo: { endCursor: string | null } } }[] } };
  const { vms } = await gateway.data<Data>(
    "{ vms(first: 40) { nodes { tasks(first: 1) { pageInfo { endCursor } } } } }",
  );
  return vms.nodes.flatMap(({ tasks }) => tasks.pageInfo.endCursor ?? [])[0];
}

/** Selects a list without a page size: how many objects it has, an estimate cannot know. */
function unpagedLists(schema: GraphQLSchema): RegExp {
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    !isObjectType(type) || type.name.endsWith("Connection")
      ? []
      : Object.values(type.getFields())
          .filter((field) => isListType(getNullableType(field.type)) && isObjectType(getNamedType(field.type)))
          .map(({ name }) => name),
  );
  return new RegExp(`: (${[...new Set(names)].join("|")})\\b`);
}

test("a generated operation takes no more calls and has no more objects than estimated", async () => {
  const gateway = await startGateway({ simulator: { vms: 12 }, env: { MAX_OPERATION_CALLS: "100000" } });
  const schema = clientSchema(fullSchema().schema);
  const generator = new OperationGenerator({ schema, ids: someIds(gateway), depth: 5, orders: true }, 20_261_128);
  const unpaged = unpagedLists(schema);
  let [spentCalls, compared] = [0, 0];
  for (let count = 0; count < 300; count += 1) {
    const { query, variables } = generator.next();
    const { estimated, spent } = await costOf(gateway, query, variables);
    spentCalls += spent.calls;
    expect(spent.calls, query).toBeLessThanOrEqual(estimated.calls);
    if (!unpaged.test(query)) {
      expect(spent.objects, query).toBeLessThanOrEqual(estimated.objects);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(20);
  expect(spentCalls).toBeGreaterThan(500);
}, 120_000);

/** Lists whose pages take a call for each parent, and totals that take another. */
const MANY_PAGES = Array.from(
  { length: 30 },
  (_, n) => `a${n}: vms(first: 1, orderBy: {field: NAME}, filter: {name: {not: "${n}"}}) { totalCount }`,
).join(" ");

test.each([
  [
    "totals after a cursor, below many parents",
    "{ vms(first: 40) { nodes { tasks(first: 1, after: $after) { totalCount } } } }",
  ],
  ["versions of CloudTower", "{ gateway { a: upstreamVersion b: upstreamVersion c: upstreamVersion } }"],
  ["tasks that lock VMs", "{ vms(first: 40) { nodes { snapshotReadiness { blockingTask { id } } } } }"],
  ["manifests", "{ vmSnapshots(first: 9) { nodes { backupManifest { currentVm disks { previous { name } } } } } }"],
  ["many pages below few parents", `{ clusters { nodes { ${MANY_PAGES} } } }`],
  ["many pages below one parent", `{ clusters(filter: {name: {contains: "1"}}) { nodes { ${MANY_PAGES} } } }`],
  [
    "ZBS volumes that do not exist",
    '{ nodes(ids: ["StorageVolume:a", "Vm:b", "Host:c"]) { id } storageVolume(zbsId: "d") { id } }',
  ],
  ["ties and missing values", "{ vms(first: 5, orderBy: {field: LAST_SHUTDOWN_AT}) { nodes { id } } }"],
])("%s cost no more calls than estimated", async (_, selection) => {
  const gateway = await startGateway({ simulator: { vms: 500 } });
  const { control } = gateway.simulator;
  for (const { id } of control.rows("Vm").slice(0, 30))
    control.patch("Vm", id as string, { entityAsyncStatus: "UPDATING" });
  const after = await taskCursor(gateway);
  gateway.simulator.calls.clear();

  const query = selection.includes("$after") ? `query ($after: String) ${selection}` : selection;
  const { estimated, spent } = await costOf(gateway, query, { after });

  expect(spent.calls).toBeGreaterThan(1);
  expect(spent.calls).toBeLessThanOrEqual(estimated.calls);
});

test("totals after a cursor below a thousand parents are refused before anything is read", async () => {
  const gateway = await startGateway();
  const after = await taskCursor(gateway);
  gateway.simulator.calls.clear();
  const below = (page: string) => `{ vms(first: 1000) { nodes { tasks(first: 1, after: "${after}") { ${page} } } } }`;

  const { errors } = await gateway.query(below("totalCount"));

  expect(errors?.[0]?.message).toContain("Too many calls to CloudTower: at most 500");
  expect(gateway.simulator.calls.counts).toEqual({});
  await gateway.data(below("nodes { id }"));
});

test("a total that the parents' rows tell is estimated to cost nothing", async () => {
  const gateway = await startGateway();

  const { estimated } = await costOf(gateway, "{ vms(first: 40) { nodes { snapshots(first: 1) { totalCount } } } }");
  const { estimated: without } = await costOf(
    gateway,
    "{ vms(first: 40) { nodes { snapshots(first: 1) { __typename } } } }",
  );

  expect(estimated).toEqual(without);
});
