import { expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

type Criterion = { readonly field: string; readonly direction: "ASC" | "DESC" };
type Order = Criterion | readonly Criterion[];

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: [VmOrder!]) {
  vms(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

async function page(gateway: TestGateway, variables: Record<string, unknown>): Promise<Page> {
  return (await gateway.data<{ vms: Page }>(PAGE, variables)).vms;
}

/** The ids of the whole list, read page by page from either end. */
async function walk(
  gateway: TestGateway,
  orderBy: Order | null,
  size: number,
  from: "start" | "end",
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const forward = { first: size, after: cursor, orderBy };
    const { nodes, pageInfo } = await page(
      gateway,
      from === "start" ? forward : { last: size, before: cursor, orderBy },
    );
    if (from === "start") ids.push(...nodes.map(({ id }) => id));
    else ids.unshift(...nodes.map(({ id }) => id));
    if (from === "start" ? !pageInfo.hasNextPage : !pageInfo.hasPreviousPage) return ids;
    cursor = from === "start" ? pageInfo.endCursor : pageInfo.startCursor;
  }
}

/** Two thirds of the VMs get one of a few values, so that there are ties; the others get none. Some have a status of a later version. */
async function startWithTiesAndNulls(): Promise<TestGateway> {
  const gateway = await startGateway({ simulator: { vms: 31 }, spoilsAnswers: true });
  const { control } = gateway.simulator;
  for (const [index, { id }] of control.rows("Vm").entries()) {
    const some = index % 3 !== 0;
    control.patch("Vm", id as string, {
      hostname: some ? `guest-${index % 4}` : null,
      guest_used_size: some ? (index % 5) * 2 ** 33 : null,
      last_shutdown_time: some ? `2026-05-0${1 + (index % 4)}T00:00:00.000Z` : null,
      status: ["RUNNING", "STOPPED", "IN_A_LATER_VERSION", "RUNNING", "ALSO_LATER"][index % 5],
      ha_priority: some ? ["LEVEL_3_HIGH", "LEVEL_1_LOW"][index % 2] : null,
      in_recycle_bin: false,
      cloud_init_supported: some ? index % 2 === 0 : null,
    });
  }
  return gateway;
}

const FIELDS = ["HOSTNAME", "GUEST_USED_SIZE_BYTES", "LAST_SHUTDOWN_AT", "NAME", "MEMORY_BYTES", "ID"];
const FIELDS_WITH_FEW_VALUES = ["STATUS", "HA_PRIORITY", "CLOUD_INIT_SUPPORTED"];
const SEVERAL = [
  "STATUS -HOSTNAME",
  "-HA_PRIORITY CLOUD_INIT_SUPPORTED",
  "CLOUD_INIT_SUPPORTED -STATUS MEMORY_BYTES",
  "-STATUS ID",
];

/** `-NAME` is by name, descending. */
function orderOf(text: string): Criterion[] {
  return text
    .split(" ")
    .map((one) => ({ field: one.replace("-", ""), direction: one.startsWith("-") ? "DESC" : "ASC" }));
}

for (const text of [...[...FIELDS, ...FIELDS_WITH_FEW_VALUES].flatMap((field) => [field, `-${field}`]), ...SEVERAL]) {
  test(`by ${text}, pages of any size contain each object once, including ties and missing values`, async () => {
    const gateway = await startWithTiesAndNulls();
    const orderBy = orderOf(text);
    const whole = (await page(gateway, { first: 1000, orderBy })).nodes.map(({ id }) => id);

    expect(new Set(whole).size).toBe(gateway.simulator.control.rows("Vm").length);
    for (const size of FIELDS.includes(orderBy[0]?.field ?? "") ? [1, 2, 5, 10, whole.length] : [1, 7]) {
      expect(await walk(gateway, orderBy, size, "start"), `forward by ${size}`).toEqual(whole);
      expect(await walk(gateway, orderBy, size, "end"), `backward by ${size}`).toEqual(whole);
    }
  });
}

test("several criteria sort by the first one, then by the next one, and a single object is a list of one", async () => {
  const gateway = await startWithTiesAndNulls();
  const query = `query ($orderBy: [VmOrder!]) { vms(first: 1000, orderBy: $orderBy) { nodes { id status hostname } } }`;
  const sorted = async (orderBy: unknown) => {
    type Found = { id: string; status: string; hostname: string | null };
    return (await gateway.data<{ vms: { nodes: Found[] } }>(query, { orderBy })).vms.nodes;
  };

  const found = await sorted(orderOf("STATUS -HOSTNAME"));

  const statuses = found.map(({ status }) => status);
  expect(statuses).toEqual(statuses.toSorted());
  expect(new Set(statuses)).toEqual(new Set(["RUNNING", "STOPPED", "UNKNOWN"]));
  for (const status of ["RUNNING", "STOPPED", "UNKNOWN"]) {
    const names = found.filter((vm) => vm.status === status).map(({ hostname }) => hostname);
    const given = names.filter((name) => name !== null);
    expect(names.slice(0, names.length - given.length).every((name) => name === null)).toBe(true);
    expect(given).toEqual(given.toSorted().reverse());
  }
  expect(await sorted({ field: "STATUS", direction: "ASC" })).toEqual(await sorted(orderOf("STATUS")));
  expect((await sorted([])).map(({ id }) => id)).toEqual((await sorted(null)).map(({ id }) => id));
});

test("a page by an enum takes one call if the list fits on it, else one for each value that it reaches", async () => {
  const gateway = await startWithTiesAndNulls();
  const calls = async (size: number) => {
    gateway.simulator.calls.clear();
    await page(gateway, { first: size, orderBy: orderOf("STATUS") });
    return gateway.simulator.calls.counts;
  };

  expect(await calls(1000)).toEqual({ "get-vms": 1 });
  // One that tries, one with DELETED, one with RUNNING.
  expect(await calls(5)).toEqual({ "get-vms": 3 });
});

test.each([
  [
    "NAME MEMORY_BYTES",
    "orderBy cannot sort by MEMORY_BYTES after NAME: CloudTower sorts by one column. Only fields with few values can precede others: ",
  ],
  ["STATUS NAME -ID", "orderBy cannot sort by ID after NAME"],
  ["ID NAME", "orderBy cannot sort by NAME after ID"],
  ["STATUS NAME STATUS", "orderBy must name a field once, got STATUS twice."],
])("an order by %s is refused, at the root and below objects, without a call", async (text, message) => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  gateway.simulator.calls.clear();
  const below = `query ($orderBy: [VmOrder!]) { clusters { nodes { vms(orderBy: $orderBy) { nodes { id } } } } }`;

  for (const query of [PAGE, below]) {
    const { errors } = await gateway.query(query, { orderBy: orderOf(text) });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: "BAD_USER_INPUT" },
    });
  }
  expect(gateway.simulator.calls.counts).toEqual({});
});

test("objects without a value are last in ascending order and first in descending order", async () => {
  const gateway = await startWithTiesAndNulls();
  const query = `query ($direction: Direction!) {
    vms(first: 1000, orderBy: {field: HOSTNAME, direction: $direction}) { nodes { hostname } }
  }`;
  const hostnames = async (direction: string) =>
    (await gateway.data<{ vms: { nodes: { hostname: string | null }[] } }>(query, { direction })).vms.nodes.map(
      ({ hostname }) => hostname,
    );

  const ascending = await hostnames("ASC");

  const named = ascending.filter((name) => name !== null);
  expect(named).toEqual(named.toSorted());
  expect(ascending).toEqual([...named, ...Array(ascending.length - named.length).fill(null)]);
  expect(await hostnames("DESC")).toEqual(ascending.toReversed());
});

test("objects added between two pages neither repeat nor hide others", async () => {
  const gateway = await startWithTiesAndNulls();
  const orderBy: Order = { field: "HOSTNAME", direction: "ASC" };
  const whole = (await page(gateway, { first: 1000, orderBy })).nodes.map(({ id }) => id);
  const first = await page(gateway, { first: 10, orderBy });
  const { cluster } = gateway.simulator.control.rows("Vm")[0] as { cluster: { id: string } };
  const add = (id: string, hostname: string) =>
    gateway.simulator.control.insert("Vm", { id, hostname, cluster: cluster.id });
  add("added-before", "guest-0");
  add("zz-added-after", "guest-1");

  const rest = await page(gateway, { first: 1000, after: first.pageInfo.endCursor, orderBy });

  const ids = rest.nodes.map(({ id }) => id);
  expect(ids).toContain("Vm:zz-added-after");
  expect(ids.filter((id) => !id.includes("added"))).toEqual(whole.slice(10));
});

test("a page continues after a deleted row, whether its value was a tie or missing", async () => {
  const gateway = await startWithTiesAndNulls();
  const orderBy: Order = { field: "HOSTNAME", direction: "ASC" };
  const whole = (await page(gateway, { first: 1000, orderBy })).nodes.map(({ id }) => id);

  for (const size of [3, 25]) {
    const first = await page(gateway, { first: size, orderBy });
    const last = first.nodes.at(-1)?.id ?? "";
    gateway.simulator.control.remove("Vm", last.replace("Vm:", ""));
    const next = await page(gateway, { first: 1000, after: first.pageInfo.endCursor, orderBy });

    const position = whole.indexOf(last);
    expect(next.nodes.map(({ id }) => id)).toEqual(whole.slice(position + 1));
    whole.splice(position, 1);
  }
});

test("after and before together select exactly the objects between the two cursors", async () => {
  const gateway = await startWithTiesAndNulls();
  for (const orderBy of [null, { field: "HOSTNAME", direction: "DESC" }, { field: "HOSTNAME", direction: "ASC" }]) {
    const whole = (await page(gateway, { first: 1000, orderBy })).nodes.map(({ id }) => id);
    for (const [start, end] of [
      [4, 12],
      [2, 28],
      [20, 22],
    ] as const) {
      const after = (await page(gateway, { first: start, orderBy })).pageInfo.endCursor;
      const before = (await page(gateway, { last: whole.length - end, orderBy })).pageInfo.startCursor;

      for (const size of [{ first: 1000 }, { last: 1000 }]) {
        const between = await page(gateway, { ...size, after, before, orderBy });
        expect(between.nodes.map(({ id }) => id)).toEqual(whole.slice(start, end));
      }
    }
  }
});

test("the total is read only if it is selected, and depends on the filter only", async () => {
  const gateway = await startGateway();
  const { simulator } = gateway;
  const { vms: first } = await gateway.data<{ vms: Page }>(
    "{ vms(first: 3, filter: {memoryBytes: {gt: 1}}, includeRecycleBin: true) { nodes { id } pageInfo { endCursor } } }",
  );
  expect(simulator.calls.counts).toEqual({ "get-vms": 1 });

  const query = `query ($after: String) {
    vms(first: 3, after: $after, filter: {memoryBytes: {gt: 1}}, includeRecycleBin: true) { totalCount nodes { id } }
  }`;
  const { vms } = await gateway.data<{ vms: { totalCount: number } }>(query, { after: first.pageInfo.endCursor });

  expect(vms.totalCount).toBe(simulator.control.rows("Vm").length);
  expect(simulator.calls.of("get-vms-connection").map(({ body }) => body)).toEqual([{ where: { memory_gt: 1 } }]);
});

test("a total that is known from the parents' rows costs no call", async () => {
  const gateway = await startGateway();
  const { vms } = await gateway.data<{ vms: { nodes: { id: string; snapshots: { totalCount: number } }[] } }>(
    "{ vms(first: 40) { nodes { id snapshots(first: 1) { totalCount } } } }",
  );

  const { control, calls } = gateway.simulator;
  for (const { id, snapshots } of vms.nodes) {
    const expected = control.rows("VmSnapshot", { vm: { id: id.replace("Vm:", "") } }).length;
    expect(snapshots.totalCount).toBe(expected);
  }
  expect(calls.counts).toEqual({ "get-vms": 1, "get-vm-snapshots": 1 });
});

test("sorting newest first takes one round, although rows may lack a time", async () => {
  const gateway = await startGateway();
  const query = "{ vms(first: 10, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { id } } }";

  const { extensions } = await gateway.query(query, undefined, { "x-towerql-cost": "1" });

  expect(extensions).toMatchObject({ upstream: { rounds: 1 } });
});

test("a page of no objects tells whether there are any, and how many", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const query =
    "{ vms(first: 0) { nodes { id disks { id } } edges { cursor } totalCount pageInfo { hasNextPage endCursor } } }";

  expect(await gateway.data(query)).toEqual({
    vms: { nodes: [], edges: [], totalCount: 3, pageInfo: { hasNextPage: true, endCursor: null } },
  });
});

test.each([
  ["first: -1", "first must be between 0 and 1000, got -1."],
  ["first: 1001", "first must be between 0 and 1000, got 1001."],
  ["last: -1", "last must be between 0 and 1000, got -1."],
  ["first: 1, last: 1", "first and last cannot be combined"],
])("vms(%s) is refused with the reason", async (args, message) => {
  const gateway = await startGateway({ simulator: { vms: 3 } });

  const { data, errors } = await gateway.query(`{ vms(${args}) { nodes { id } } }`);

  expect(data).toEqual({ vms: null });
  expect(errors).toMatchObject([{ path: ["vms"], extensions: { code: "BAD_USER_INPUT" } }]);
  expect(errors?.[0]?.message).toContain(message);
});
