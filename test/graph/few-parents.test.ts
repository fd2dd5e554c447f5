import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Spent {
  readonly calls: number;
  readonly rows: number;
}

/** Sends a query and returns what it spent, and the sizes of the pages that were requested of an endpoint. */
async function spentFor(gateway: TestGateway, query: string, variables?: Record<string, unknown>) {
  gateway.simulator.calls.clear();
  const { data, errors, extensions } = await gateway.query(query, variables, { "x-towerql-cost": "1" });
  expect(errors).toBeUndefined();
  const { cost } = extensions as { cost: { spent: Spent; estimated: { calls: number } } };
  expect(cost.estimated.calls).toBeGreaterThanOrEqual(cost.spent.calls);
  return { data: data as never, ...cost.spent };
}

/**
 * Clusters of which three have 600, 250 and 3 snapshots more than they had. Many have the same size, and the same time or none.
 */
async function startWithSnapshots(env: Record<string, string> = {}): Promise<TestGateway> {
  const gateway = await startGateway({ simulator: { vms: 3 }, env });
  const { control } = gateway.simulator;
  const clusters = control.rows("Cluster").map(({ id }) => id as string);
  for (const [index, count] of [600, 250, 3].entries()) {
    for (let n = 0; n < count; n += 1) {
      control.insert("VmSnapshot", {
        ...{ name: `s${n % 7}`, cluster: clusters[index], size: (n % 5) * 2 ** 32 },
        local_created_at: n % 4 === 0 ? null : `2026-01-0${1 + (n % 6)}T00:00:00.000Z`,
      });
    }
  }
  return gateway;
}

test("a short page below few parents with many objects reads little more than the pages", async () => {
  const gateway = await startGateway({ simulator: { vms: 600 } });
  const clusters = gateway.simulator.control.rows("Cluster").length;
  expect(clusters).toBeGreaterThan(1);

  const { calls, rows } = await spentFor(
    gateway,
    `{ clusters(first: 10) { nodes { vms(first: 1) { nodes { id } } } } }`,
  );

  // The clusters' rows tell how many VMs they have. One row more than the page tells whether there are others.
  expect(calls).toBe(1 + clusters);
  expect(rows).toBeLessThanOrEqual(clusters + 2 * clusters);
});

test("... also if the parents' rows do not tell how many there are", async () => {
  const gateway = await startWithSnapshots();
  const clusters = gateway.simulator.control.rows("Cluster").length;

  const { calls, rows } = await spentFor(
    gateway,
    "{ clusters { nodes { vmSnapshots(first: 1) { totalCount nodes { id } } } } }",
  );

  // The clusters, one call that finds out, and a page and a total for each cluster.
  expect(calls).toBe(1 + 1 + clusters * 2);
  const foundOut = clusters * 2 + clusters * 2 * 100 + 1;
  expect(rows).toBeLessThanOrEqual(clusters + foundOut + clusters * 2);
});

test("few objects below few parents, and large pages, take one call", async () => {
  const gateway = await startWithSnapshots();
  const small = "{ hosts { nodes { vms(first: 1) { totalCount nodes { id } } } } }";
  const large = "{ clusters { nodes { vmSnapshots(first: 500) { totalCount nodes { id } } } } }";

  expect((await spentFor(gateway, small)).calls).toBe(2);
  expect((await spentFor(gateway, large)).calls).toBe(2);
});

test("many parents take one call for all their rows", async () => {
  const gateway = await startGateway({ simulator: { vms: 40 } });
  const { control } = gateway.simulator;
  const { id, cluster } = control.rows("Vm")[0] as { id: string; cluster: { id: string } };
  for (let n = 0; n < 500; n += 1) control.insert("VmSnapshot", { name: `s${n}`, vm: id, cluster: cluster.id });

  const { calls } = await spentFor(gateway, "{ vms(first: 40) { nodes { snapshots(first: 1) { nodes { id } } } } }");

  expect(calls).toBe(2);
});

test("a page that fails is an error of its own parent alone", async () => {
  const gateway = await startGateway({ simulator: { vms: 600 }, spoilsAnswers: true });
  gateway.simulator.faults.add({ operation: "get-vms", times: 1, effect: { kind: "status", status: 500 } });

  const { data, errors } = await gateway.query<{ clusters: { nodes: { vms: object | null }[] } }>(
    "{ clusters { nodes { name vms(first: 1) { nodes { name } } } } }",
  );

  expect(errors).toHaveLength(1);
  expect(errors?.[0]?.extensions?.code).toBe("UPSTREAM_ERROR");
  expect(data?.clusters.nodes.filter(({ vms }) => vms === null)).toHaveLength(1);
});

const ORDERS = ["ID", "NAME", "SIZE_BYTES", "CREATED_AT"].flatMap((field) =>
  ["ASC", "DESC"].map((direction) => [`${field} ${direction}`, { field, direction }] as const),
);

test.each(ORDERS)("by %s, pages below few parents are those of each parent alone", async (_, orderBy) => {
  const gateway = await startWithSnapshots();
  const list = `vmSnapshots(first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy, filter: $filter) {
    totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }`;
  const variables =
    "$first: Int, $last: Int, $after: String, $before: String, $orderBy: [VmSnapshotOrder!], $filter: VmSnapshotFilter";
  const together = `query (${variables}) { clusters { nodes { id ${list} } } }`;
  const alone = `query ($id: ID!, ${variables}) { cluster(id: $id) { id ${list} } }`;
  type List = { edges: { cursor: string }[] };
  type Together = { clusters: { nodes: { id: string; vmSnapshots: List }[] } };
  const sample = await gateway.data<Together>(together, { first: 4, orderBy });
  const [after, before] = [sample, sample].map(
    ({ clusters }, n) => clusters.nodes[0]?.vmSnapshots.edges[n * 3]?.cursor,
  );

  for (const args of [
    { first: 2 },
    { last: 3 },
    { first: 2, after },
    { last: 2, after },
    { last: 2, before },
    { first: 1, after, before },
    { first: 500 },
  ]) {
    const { clusters } = await gateway.data<Together>(together, { ...args, orderBy });
    for (const cluster of clusters.nodes) {
      const { cluster: expected } = await gateway.data<Record<string, object>>(alone, {
        id: cluster.id,
        ...args,
        orderBy,
      });
      expect(cluster, JSON.stringify(args)).toEqual(expected);
    }
  }
  const filter = { name: { in: ["s1", "s2"] } };
  const { clusters } = await gateway.data<Together>(together, { first: 2, orderBy, filter });
  for (const cluster of clusters.nodes) {
    const { cluster: expected } = await gateway.data<Record<string, object>>(alone, {
      ...{ id: cluster.id, first: 2, orderBy, filter },
    });
    expect(cluster).toEqual(expected);
  }
});
