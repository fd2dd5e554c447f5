import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface SnapshotList {
  readonly totalCount: number;
  readonly nodes: readonly { readonly name: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string };
}

/** Three VMs with 5, 3 and no snapshots. Newer snapshots have smaller names and sizes. */
async function startWithSnapshots(env: Record<string, string> = {}): Promise<{ gateway: TestGateway; filter: object }> {
  const gateway = await startGateway({ simulator: { vms: 1 }, env });
  const { control } = gateway.simulator;
  const cluster = control.rows("Cluster")[0]?.id;
  const counts = { "many-1": 5, "many-2": 3, "many-3": 0 };
  for (const [name, count] of Object.entries(counts)) {
    const vm = control.insert("Vm", { name, cluster });
    for (let index = 0; index < count; index += 1) {
      control.insert("VmSnapshot", {
        ...{ name: `${name}-s${index}`, cluster, vm, size: (index + 1) * 2 ** 32 },
        local_created_at: `2026-01-0${9 - index}T00:00:00.000Z`,
      });
    }
  }
  gateway.simulator.calls.clear();
  return { gateway, filter: { name: { startsWith: "many-" } } };
}

async function snapshotsByVm(
  gateway: TestGateway,
  filter: object,
  args: string,
): Promise<Record<string, SnapshotList>> {
  const query = `query ($filter: VmFilter) { vms(filter: $filter) { nodes { name snapshots${args} {
    totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor }
  } } } }`;
  const { vms } = await gateway.data<{ vms: { nodes: { name: string; snapshots: SnapshotList }[] } }>(query, {
    filter,
  });
  return Object.fromEntries(vms.nodes.map((vm) => [vm.name, vm.snapshots]));
}

function names(lists: Record<string, SnapshotList>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([vm, { nodes }]) => [vm, nodes.map(({ name }) => name)]));
}

test("each parent gets its own page, with one call for the rows of all parents", async () => {
  const { gateway, filter } = await startWithSnapshots();

  const lists = await snapshotsByVm(gateway, filter, "(first: 2, orderBy: {field: CREATED_AT, direction: DESC})");

  expect(names(lists)).toEqual({
    "many-1": ["many-1-s0", "many-1-s1"],
    "many-2": ["many-2-s0", "many-2-s1"],
    "many-3": [],
  });
  expect(Object.values(lists).map(({ totalCount }) => totalCount)).toEqual([5, 3, 0]);
  expect(Object.values(lists).map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, true, false]);
  expect(gateway.simulator.calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1 });
});

test("a filter applies to the pages and the totals of all parents", async () => {
  const { gateway, filter } = await startWithSnapshots();

  const lists = await snapshotsByVm(gateway, filter, "(first: 1, filter: {sizeBytes: {gt: 8589934592}})");

  expect(Object.values(lists).map(({ totalCount }) => totalCount)).toEqual([3, 1, 0]);
  expect(Object.values(lists).map(({ nodes }) => nodes.length)).toEqual([1, 1, 0]);
  expect(gateway.simulator.calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1 });
});

test("the last page of each parent is in list order", async () => {
  const { gateway, filter } = await startWithSnapshots();

  const lists = await snapshotsByVm(gateway, filter, "(last: 2, orderBy: {field: SIZE_BYTES})");

  expect(names(lists)).toEqual({
    "many-1": ["many-1-s3", "many-1-s4"],
    "many-2": ["many-2-s1", "many-2-s2"],
    "many-3": [],
  });
});

test("the next page of a parent starts after its cursor", async () => {
  const { gateway, filter } = await startWithSnapshots();
  const order = "orderBy: {field: SIZE_BYTES}";
  const first = await snapshotsByVm(gateway, filter, `(first: 2, ${order})`);
  const one = { name: { eq: "many-1" } };

  const next = await snapshotsByVm(
    gateway,
    one,
    `(first: 2, after: "${first["many-1"]?.pageInfo.endCursor}", ${order})`,
  );

  expect(names(next)).toEqual({ "many-1": ["many-1-s2", "many-1-s3"] });
  expect(next["many-1"]).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: true } });
});

test("aliases with different arguments are separate lists", async () => {
  const { gateway, filter } = await startWithSnapshots();
  const query = `query ($filter: VmFilter) { vms(filter: $filter) { nodes {
    newest: snapshots(first: 1, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { name } }
    largest: snapshots(first: 1, orderBy: {field: SIZE_BYTES, direction: DESC}) { nodes { name } }
  } } }`;

  const { vms } = await gateway.data<{ vms: { nodes: object[] } }>(query, { filter });

  expect(vms.nodes).toEqual([
    { newest: { nodes: [{ name: "many-1-s0" }] }, largest: { nodes: [{ name: "many-1-s4" }] } },
    { newest: { nodes: [{ name: "many-2-s0" }] }, largest: { nodes: [{ name: "many-2-s2" }] } },
    { newest: { nodes: [] }, largest: { nodes: [] } },
  ]);
});

test("results are the same if the parents do not fit into one call and the rows do not fit into one response", async () => {
  const { gateway, filter } = await startWithSnapshots({
    UPSTREAM_IDS_PER_CALL: "2",
    UPSTREAM_ROWS_PER_CALL: "2",
    MAX_OPERATION_CALLS: "5000",
  });

  const lists = await snapshotsByVm(gateway, filter, "(orderBy: {field: CREATED_AT, direction: DESC})");

  expect(names(lists)).toEqual({
    "many-1": [0, 1, 2, 3, 4].map((index) => `many-1-s${index}`),
    "many-2": [0, 1, 2].map((index) => `many-2-s${index}`),
    "many-3": [],
  });
});

test("an object with several labels is found under each of them", async () => {
  const gateway = await startGateway({ simulator: { vms: 5 }, env: { UPSTREAM_IDS_PER_CALL: "2" } });
  const { control } = gateway.simulator;
  const labels = control.rows("Label").map(({ id }) => id as string);
  const vm = control.rows("Vm")[0]?.id as string;
  for (const row of control.rows("Vm")) control.patch("Vm", row.id as string, { labels: row.id === vm ? labels : [] });

  type Data = { labels: { nodes: { vms: { totalCount: number; nodes: { cloudTowerId: string }[] } }[] } };
  const data = await gateway.data<Data>("{ labels { nodes { vms { totalCount nodes { cloudTowerId } } } } }");

  expect(labels.length).toBeGreaterThan(2);
  expect(data.labels.nodes).toEqual(labels.map(() => ({ vms: { totalCount: 1, nodes: [{ cloudTowerId: vm }] } })));
});
