import { describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Cost {
  readonly calls: number;
  readonly rounds: number;
}

const CHAIN = "disks { id type volume { id name sizeBytes lun { id name storageVolume { zbsId } } } }";

/** Sends an operation and returns its cost upstream, with the endpoints that were called. */
async function costOf(gateway: TestGateway, query: string, variables: Record<string, unknown> = {}) {
  gateway.simulator.calls.clear();
  const { data, errors, extensions } = await gateway.query<Record<string, unknown>>(query, variables, {
    "x-towerql-cost": "1",
  });
  expect(errors).toBeUndefined();
  const { calls, rounds } = (extensions as { upstream: Cost }).upstream;
  const endpoints = gateway.simulator.calls.all.map((call) => call.endpoint).sort();
  // `calls` includes calls that joined an identical read in flight.
  expect(endpoints.length).toBeLessThanOrEqual(calls);
  return { data, calls, rounds, endpoints };
}

async function someVm(gateway: TestGateway): Promise<string> {
  const { vms } = await gateway.data<{ vms: { nodes: { id: string }[] } }>("{ vms(first: 1) { nodes { id } } }");
  return vms.nodes[0]?.id ?? "";
}

describe("calls and rounds", () => {
  test("a list of VMs down to ZBS ids takes three rounds, with one call per endpoint", async () => {
    const gateway = await startGateway();
    const cost = await costOf(gateway, `{ vms(first: 40) { nodes { name ${CHAIN} } } }`);
    expect(cost).toMatchObject({ calls: 4, rounds: 3 });
  });

  test("a list of 1,000 VMs down to ZBS ids takes three rounds; only lists of more than 500 ids are split", async () => {
    const gateway = await startGateway({ simulator: { vms: 1000, onExchange: () => {} } });
    const cost = await costOf(gateway, `{ vms(first: 1000) { nodes { name ${CHAIN} } } }`);
    const lunCalls = gateway.simulator.calls.count("get-iscsi-luns");
    expect(gateway.simulator.calls.counts).toEqual({
      "get-vms": 1,
      "get-vm-disks": 2,
      "get-vm-volumes": 2,
      "get-iscsi-luns": lunCalls,
    });
    for (const { body } of gateway.simulator.calls.of("get-iscsi-luns")) {
      expect((body as { where: { id_in: string[] } }).where.id_in.length).toBeLessThanOrEqual(500);
    }
    expect(cost.rounds).toBe(3);
  });

  test.each([
    ["vm(id)", `query ($id: ID!) { vm(id: $id) { name ${CHAIN} } }`],
    ["node", `query ($id: ID!) { node(id: $id) { id ... on Vm { name ${CHAIN} } } }`],
    ["nodes", `query ($id: ID!) { nodes(ids: [$id]) { id ... on Vm { name ${CHAIN} } } }`],
  ])("one VM by id down to ZBS ids takes two rounds: %s", async (_name, query) => {
    const gateway = await startGateway();
    const cost = await costOf(gateway, query, { id: await someVm(gateway) });
    expect(cost).toMatchObject({ calls: 4, rounds: 2 });
  });

  test("the ZBS volumes of a page of snapshots take at most three rounds, with one call for the snapshots", async () => {
    const gateway = await startGateway();
    const cost = await costOf(
      gateway,
      "{ vmSnapshots { nodes { name vm { id name } disks { lunSnapshot { name storageVolume { zbsId } } } } } }",
    );
    expect(cost.rounds).toBeLessThanOrEqual(3);
    expect(cost.endpoints.filter((endpoint) => endpoint === "get-vm-snapshots")).toHaveLength(1);
  });

  test("the total is read in parallel with the page", async () => {
    const gateway = await startGateway();
    const cost = await costOf(gateway, "{ vms(first: 2) { totalCount nodes { name } } }");
    expect(cost).toMatchObject({ endpoints: ["get-vms", "get-vms-connection"], rounds: 1 });
  });
});

describe("only what is needed is loaded", () => {
  test("ids and names of related objects come from the row that refers to them", async () => {
    const gateway = await startGateway();
    const cost = await costOf(
      gateway,
      "{ vms(first: 5) { nodes { cluster { id name __typename } host { cloudTowerId name } disks { vm { name } volume { id name } } } } }",
    );
    expect(cost.endpoints).toEqual(["get-vm-disks", "get-vms"]);
  });

  test("fields excluded by @skip and @include are not loaded, including those in fragments", async () => {
    const gateway = await startGateway();
    const cost = await costOf(
      gateway,
      `query ($no: Boolean!) { vms(first: 5) { totalCount @include(if: $no) nodes { name disks @skip(if: true) { id } ...More @include(if: $no) ... @include(if: $no) { disks { id } } } } }
       fragment More on Vm { disks { volume { sizeBytes } } }`,
      { no: false },
    );
    expect(cost.endpoints).toEqual(["get-vms"]);
  });

  test("aliases of a relation share its call, and what only one of them needs is loaded once", async () => {
    const gateway = await startGateway();
    const cost = await costOf(
      gateway,
      "{ vms(first: 5) { nodes { all: disks { type v: volume { id } } data: disks(type: DISK) { type v: volume { x: sizeBytes } w: volume { x: name } } } } }",
    );
    expect(cost.endpoints).toEqual(["get-vm-disks", "get-vm-volumes", "get-vms"]);
    const { nodes } = (
      cost.data as { vms: { nodes: { all: { type: string }[]; data: { type: string; v: object }[] }[] } }
    ).vms;
    for (const vm of nodes) {
      expect(vm.data).toHaveLength(vm.all.filter(({ type }) => type === "DISK").length);
      for (const disk of vm.data) expect(disk.v).toMatchObject({ x: expect.any(Number) });
    }
  });

  test("aliases of a list with different arguments get separate pages", async () => {
    const gateway = await startGateway();
    const { data } = await costOf(
      gateway,
      "{ vms(first: 40) { nodes { one: snapshots(first: 1) { totalCount nodes { name } } back: snapshots(last: 1) { totalCount nodes { name } } many: snapshots { nodes { name } } } } }",
    );
    type List = { totalCount: number; nodes: { name: string }[] };
    const { nodes } = (data as { vms: { nodes: { one: List; back: List; many: List }[] } }).vms;
    expect(nodes.some(({ many }) => many.nodes.length > 1)).toBe(true);
    for (const { one, back, many } of nodes) {
      expect(one.nodes).toEqual(many.nodes.slice(0, 1));
      expect(back.nodes).toEqual(many.nodes.slice(-1));
      expect([one.totalCount, back.totalCount]).toEqual([many.nodes.length, many.nodes.length]);
    }
  });

  test("an inverse relation back to the parent costs no call", async () => {
    const gateway = await startGateway();
    const cost = await costOf(
      gateway,
      "{ vms(first: 5) { nodes { disks { vm { status memoryBytes disks { boot } } } } } }",
    );
    expect(cost.endpoints).toEqual(["get-vm-disks", "get-vms"]);
  });
});
