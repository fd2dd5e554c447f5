import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

/** The ids of the VMs that match a filter, in order, and the total. */
async function vms(gateway: TestGateway, filter: object): Promise<{ ids: string[]; totalCount: number }> {
  const query =
    "query ($filter: VmFilter) { vms(first: 1000, filter: $filter, includeRecycleBin: true) { totalCount nodes { cloudTowerId } } }";
  const { vms: found } = await gateway.data<{ vms: { totalCount: number; nodes: { cloudTowerId: string }[] } }>(query, {
    filter,
  });
  return { ids: found.nodes.map(({ cloudTowerId }) => cloudTowerId), totalCount: found.totalCount };
}

/** Filters of the gateway, each with a predicate for the rows that it should match. */
const FILTERS: [string, (some: Some) => object, (vm: Vm, some: Some) => boolean][] = [
  ["eq", ({ vm }) => ({ name: { eq: vm.name } }), (row, { vm }) => row.name === vm.name],
  ["in", ({ vm }) => ({ name: { in: [vm.name, "none"] } }), (row, { vm }) => row.name === vm.name],
  ["startsWith", () => ({ name: { startsWith: "web" } }), ({ name }) => name.startsWith("web")],
  ["contains and endsWith", () => ({ name: { contains: "-", endsWith: "1" } }), ({ name }) => /-.*1$/.test(name)],
  ["notContains", () => ({ name: { notContains: "-" } }), ({ name }) => !name.includes("-")],
  ["an enum", () => ({ status: { in: ["STOPPED", "SUSPENDED"] } }), ({ status }) => /^S(TOPP|USP)/.test(status)],
  [
    "a range of big integers",
    () => ({ memoryBytes: { gt: 2 ** 33, lte: 2 ** 35 } }),
    ({ memory }) => memory > 2 ** 33 && memory <= 2 ** 35,
  ],
  ["an id, global or bare", ({ vm }) => ({ id: { in: [`Vm:${vm.id}`] } }), (row, { vm }) => row.id === vm.id],
  ["isNull", () => ({ hostname: { isNull: true } }), ({ hostname }) => hostname === null],
  ["not isNull", () => ({ hostname: { isNull: false } }), ({ hostname }) => hostname !== null],
  [
    "a cluster",
    ({ vm }) => ({ cluster: { id: { eq: vm.cluster.id } } }),
    (row, { vm }) => row.cluster?.id === vm.cluster.id,
  ],
  [
    "a host by its name",
    ({ vm }) => ({ host: { name: { eq: vm.host?.name } } }),
    (row, { vm }) => row.host?.name === vm.host?.name,
  ],
  [
    "a label",
    () => ({ labels: { some: { key: { eq: "env" }, value: { eq: "prod" } } } }),
    ({ labels }) => labels.some(({ key, value }) => key === "env" && value === "prod"),
  ],
  ["no related object", () => ({ host: { isNull: true } }), ({ host }) => host === null],
  ["a related object", () => ({ host: { isNull: false } }), ({ host }) => host !== null],
  ["no label at all", () => ({ labels: { isEmpty: true } }), ({ labels }) => labels.length === 0],
  ["any label", () => ({ labels: { isEmpty: false } }), ({ labels }) => labels.length > 0],
  ["snapshots", () => ({ snapshots: { isEmpty: false } }), ({ snapshots }) => snapshots.length > 0],
  [
    "a list that is not empty, and none of its objects",
    () => ({ labels: { isEmpty: false, none: { key: { eq: "env" } } } }),
    ({ labels }) => labels.length > 0 && labels.every(({ key }) => key !== "env"),
  ],
  [
    "an attached volume",
    ({ volumeId }) => ({ disks: { some: { volume: { id: { eq: volumeId } } } } }),
    ({ vm_disks }, { diskIds }) => (vm_disks ?? []).some(({ id }) => diskIds.has(id)),
  ],
  [
    "or",
    ({ vm }) => ({ or: [{ name: { eq: vm.name } }, { memoryBytes: { gt: 2 ** 35 } }] }),
    (row, { vm }) => row.name === vm.name || row.memory > 2 ** 35,
  ],
  [
    "and, with the same field twice",
    () => ({ and: [{ memoryBytes: { gt: 2 ** 32 } }, { memoryBytes: { lt: 2 ** 35 } }] }),
    ({ memory }) => memory > 2 ** 32 && memory < 2 ** 35,
  ],
  [
    "not, with several items",
    () => ({ not: [{ status: { eq: "RUNNING" } }, { name: { startsWith: "web" } }] }),
    ({ status, name }) => status !== "RUNNING" && !name.startsWith("web"),
  ],
  [
    "a combination of all",
    ({ vm }) => ({
      status: { eq: "RUNNING" },
      or: [{ cluster: { id: { eq: vm.cluster.id } } }, { not: [{ name: { contains: "-" } }] }],
    }),
    (row, { vm }) => row.status === "RUNNING" && (row.cluster?.id === vm.cluster.id || !row.name.includes("-")),
  ],
];

test.each(FILTERS)("filtering by %s matches the same VMs on the page and in the total", async (_, filter, holds) => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  const rows = control.rows("Vm") as unknown as Vm[];
  const vm = rows.find((row) => row.host !== null && row.vm_disks !== null) as Vm;
  const disks = control.rows("VmDisk") as unknown as {
    id: string;
    vm: { id: string };
    vm_volume: { id: string } | null;
  }[];
  const volumeId = disks.find((disk) => disk.vm.id === vm.id && disk.vm_volume)?.vm_volume?.id ?? "";
  const diskIds = new Set(disks.filter((disk) => disk.vm_volume?.id === volumeId).map(({ id }) => id));
  const some = { vm, volumeId, diskIds };

  const found = await vms(gateway, filter(some));

  const expected = rows.filter((row) => holds(row, some)).map(({ id }) => id);
  expect(found).toEqual({ ids: expected, totalCount: expected.length });
});

test.each([
  ["a null value", { name: { eq: null } }, 'has null at "name.eq". Use isNull'],
  ["an item without a condition", { or: [{}] }, 'has no condition at "or.0"'],
  ["an empty list of alternatives", { or: [] }, 'has an empty list at "or"'],
  ["the id of another type", { cluster: { id: { eq: "Vm:x" } } }, "Not the id of a Cluster"],
  ["isNull combined with eq", { hostname: { eq: "a", isNull: true } }, "cannot be combined"],
  ["isNull at the top level", { isNull: true }, "the only condition on a to-one relation"],
  [
    "isNull combined with another condition",
    { host: { isNull: true, name: { eq: "a" } } },
    "the only condition on a to-one relation",
  ],
  [
    "isNull in an item of or",
    { labels: { some: { key: { eq: "a" } } }, or: [{ isNull: true }] },
    "the only condition on a to-one relation",
  ],
])("a filter with %s is refused", async (_, filter, message) => {
  const gateway = await startGateway({ simulator: { vms: 3 } });

  const { errors } = await gateway.query("query ($filter: VmFilter) { vms(filter: $filter) { nodes { id } } }", {
    filter,
  });

  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(errors?.[0]?.message).toContain(message);
});

test("UNKNOWN is accepted by filters on an enum for which CloudTower has it", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });

  const { errors } = await gateway.query("{ vms(filter: {status: {eq: UNKNOWN}}) { nodes { id } } }");

  expect(errors).toBeUndefined();
});

test("filters accept sizes beyond 2^31 as literals and as variables", async () => {
  const gateway = await startGateway();
  const literal = "{ vmVolumes(filter: {sizeBytes: {gte: 1099511627776}}) { nodes { sizeBytes } } }";
  const variable = "query ($size: BigInt!) { vmVolumes(filter: {sizeBytes: {gte: $size}}) { nodes { sizeBytes } } }";

  const results = [await gateway.data(literal), await gateway.data(variable, { size: 2 ** 40 })];

  expect(results[0]).toEqual(results[1]);
  const { nodes } = (results[0] as unknown as { vmVolumes: { nodes: { sizeBytes: number }[] } }).vmVolumes;
  expect(nodes.length).toBeGreaterThan(0);
  for (const { sizeBytes } of nodes) expect(sizeBytes).toBeGreaterThanOrEqual(2 ** 40);
});

interface Vm {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly memory: number;
  readonly hostname: string | null;
  readonly cluster: { readonly id: string };
  readonly host: { readonly name: string } | null;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly snapshots: readonly object[];
  readonly vm_disks: readonly { readonly id: string }[] | null;
}

interface Some {
  readonly vm: Vm;
  readonly volumeId: string;
  readonly diskIds: ReadonlySet<string>;
}
