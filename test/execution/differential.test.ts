import { type ExecutionResult, execute as executeReference, parse, validate } from "graphql";
import { expect, onTestFinished, test, vi } from "vitest";
import { Context, type Services } from "../../src/context.js";
import type { LookAhead } from "../../src/graph/loading/look-ahead.js";
import { createExecutor, type Execute } from "../../src/graph/plan/execute.js";
import { fullSchema } from "../../src/schema/schema.js";
import { forwardedCredential } from "../../src/upstream/credentials/credential.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { type GeneratedOperation, OperationGenerator } from "../support/generate-operations.js";

const OPERATIONS = 300;
const { schema, relations } = fullSchema();

test("generated operations have the same result with our executor, with graphql-js and without the look-ahead", async () => {
  // Some values depend on the time.
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const gateway = await startGateway({ simulator: { vms: 12 } });
  const generator = new OperationGenerator({ schema, ids: await someIds(gateway), depth: 4 }, 20_261_122);
  let referenceExecutions = 0;
  const { execute } = createExecutor({
    registry: relations,
    onColumnMisses(columns) {
      throw new Error(`read without having been requested: ${columns}`);
    },
    referenceExecute(args) {
      referenceExecutions += 1;
      return executeReference(args);
    },
  });
  for (let count = 0; count < OPERATIONS; count += 1) {
    const operation = generator.next();

    const result = await run(execute, operation, openContext(gateway));

    const reference = await run(executeReference as Execute, operation, openContext(gateway));
    const withLoaders = await run(executeReference as Execute, operation, withoutLookAhead(openContext(gateway)));
    expect(result, operation.query).toEqual(reference);
    expect(withLoaders, operation.query).toEqual(reference);
  }
  expect(referenceExecutions).toBeLessThan(OPERATIONS / 2);
}, 120_000);

test.each([
  "{ clusters { nodes { name vms(first: 2) { nodes { name cluster { name } } } } } }",
  "{ clusters { nodes { vms(last: 2, orderBy: {field: VCPU_COUNT}) { edges { cursor node { host { name } } } } } } }",
  "{ clusters { nodes { a: vms(first: 1) { totalCount } b: vms(first: 1) { totalCount nodes { cluster { vms { totalCount } } } } } } }",
  '{ clusters { nodes { vmVolumes(first: 1, filter: {name: {contains: "-1"}}) { totalCount pageInfo { endCursor } } } } }',
])("... also a page below few parents with many objects: %s", async (query) => {
  const gateway = await startGateway({ simulator: { vms: 300 } });
  const { execute } = createExecutor({ registry: relations, onColumnMisses: (columns) => expect(columns).toEqual([]) });

  const result = await run(execute, { query, variables: {} }, openContext(gateway));

  const reference = await run(executeReference as Execute, { query, variables: {} }, openContext(gateway));
  const withLoaders = await run(
    executeReference as Execute,
    { query, variables: {} },
    withoutLookAhead(openContext(gateway)),
  );
  expect(result).not.toHaveProperty("errors");
  expect(result).toEqual(reference);
  expect(withLoaders).toEqual(reference);
});

test("a failing part is executed by graphql-js without repeating upstream calls", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-iscsi-luns", effect: { kind: "status", status: 500 } });

  const { data, errors } = await gateway.query<{ vms: { nodes: { disks: { volume: object | null }[] }[] } }>(
    "{ vms(first: 5) { nodes { name disks(type: DISK) { volume { name lun { lunNumber } } } } } }",
  );

  expect(data?.vms.nodes[0]?.disks[0]?.volume).toMatchObject({ lun: null });
  expect(errors?.[0]).toMatchObject({ extensions: { code: "UPSTREAM_ERROR" } });
  expect(gateway.simulator.calls.count("get-vms")).toBe(1);
  expect(gateway.simulator.calls.count("get-vm-disks")).toBe(1);
});

test("a failing total is an error of its own field, not an unhandled rejection", async () => {
  const gateway = await startGateway({ spoilsAnswers: true });
  const filter = 'filter: {name: {not: "none"}}';
  const page = `snapshots(first: 1, ${filter}) { pageInfo { endCursor } nodes { name } }`;
  type Vms = { vms: { nodes: { snapshots: { pageInfo: { endCursor: string | null } } }[] } };
  const { vms } = await gateway.data<Vms>(`{ vms(first: 40) { nodes { ${page} } } }`);
  const after = vms.nodes.map(({ snapshots }) => snapshots.pageInfo.endCursor).find((cursor) => cursor !== null);
  const operation = "get-vm-snapshots-connection";
  gateway.simulator.faults.add({ operation, effect: { kind: "status", status: 500 } });

  // After a cursor, the totals cannot be derived from the rows.
  const { data, errors } = await gateway.query<Vms>(
    `query ($after: String) { vms(first: 40, includeRecycleBin: true) { nodes { name snapshots(after: $after, ${filter}) { totalCount } } } }`,
    { after },
  );

  expect(data?.vms.nodes).toHaveLength(40);
  expect(errors?.[0]).toMatchObject({ extensions: { code: "UPSTREAM_ERROR" } });
});

async function run(execute: Execute, { query, variables }: GeneratedOperation, context: Context): Promise<object> {
  const document = parse(query);
  expect(validate(schema, document), query).toEqual([]);
  const result: ExecutionResult = await execute({ schema, document, variableValues: variables, contextValue: context });
  return JSON.parse(JSON.stringify(result));
}

function openContext(gateway: TestGateway): Context {
  const session = gateway.app.upstream.open({
    credential: forwardedCredential(gateway.simulator.users[0]?.token),
    language: "en-US",
    signal: new AbortController().signal,
    requestId: "differential",
  });
  const pageLimits = { defaultPageSize: 3, maxPageSize: 100 };
  const info = { version: "0", simulated: true, upstreamVersion: async () => "4.6.0" };
  return new Context(session, { relations, pageLimits, gateway: info } as unknown as Services);
}

/** Disables the look-ahead: every relation is loaded by its DataLoader. */
function withoutLookAhead(context: Context): Context {
  const noLookAhead = { load: async () => {}, startPrefetch: () => new Map() } as unknown as LookAhead;
  Object.assign(context.graph, { lookAhead: noLookAhead });
  return context;
}

async function someIds(gateway: TestGateway): Promise<string[]> {
  const lists = ["vms", "vmVolumes", "iscsiLuns", "vmSnapshots", "iscsiLunSnapshots", "tasks", "clusters", "hosts"];
  const query = `{ ${lists.map((list) => `${list}(first: 2) { nodes { id } }`).join(" ")} }`;
  const data = await gateway.data<Record<string, { nodes: { id: string }[] }>>(query);
  return Object.values(data).flatMap(({ nodes }) => nodes.map(({ id }) => id));
}
