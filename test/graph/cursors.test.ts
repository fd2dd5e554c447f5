import { describe, expect, test } from "vitest";
import { startGateway, type TestGateway } from "../support/gateway.js";

interface PageInfo {
  readonly pageInfo: { readonly startCursor: string; readonly endCursor: string };
}

/** The cursor of the first page of a root list. */
async function cursorOf(gateway: TestGateway, list: string, args = ""): Promise<string> {
  const query = `{ list: ${list}(first: 2${args}) { pageInfo { endCursor } } }`;
  return (await gateway.data<{ list: PageInfo }>(query)).list.pageInfo.endCursor;
}

/** The code and message of an operation that CloudTower must not be asked for. */
async function refusalOf(gateway: TestGateway, query: string, variables?: Record<string, unknown>) {
  gateway.simulator.calls.clear();
  const { errors } = await gateway.query(query, variables);
  expect(gateway.simulator.calls.counts, query).toEqual({});
  expect(errors, query).toHaveLength(1);
  expect(errors?.[0]?.extensions?.code, query).toBe("BAD_USER_INPUT");
  return errors?.[0]?.message ?? "";
}

/** A cursor that no list has returned. */
function forged(parts: unknown): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function partsOf(cursor: string): unknown[] {
  return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
}

const NAME = ", orderBy: {field: NAME}";
const FILTER = ', filter: {name: {startsWith: "web"}}';

describe("a cursor is refused, without a call, by", () => {
  test.each([
    ["another type", "hosts", "", "this list (hosts), got one of another list"],
    ["another order", "vms", NAME, "a list ordered by NAME ASC, got one ordered by ID ASC"],
    ["another filter", "vms", FILTER, "with the same filter, got one with another filter"],
  ])("a list of %s", async (_, list, args, message) => {
    const gateway = await startGateway({ simulator: { vms: 4 } });
    const after = await cursorOf(gateway, "vms");

    for (const page of [`first: 5, after: "${after}"`, `last: 5, after: "${after}"`, `before: "${after}"`]) {
      expect(await refusalOf(gateway, `{ ${list}(${page}${args}) { nodes { id } } }`)).toContain(message);
    }
  });

  test("a list without the filter, and one in the other direction", async () => {
    const gateway = await startGateway();
    const filtered = await cursorOf(gateway, "vms", FILTER);
    const byName = await cursorOf(gateway, "vms", NAME);

    expect(await refusalOf(gateway, `{ vms(after: "${filtered}") { nodes { id } } }`)).toContain("another filter");
    const desc = `{ vms(after: "${byName}", orderBy: {field: NAME, direction: DESC}) { nodes { id } } }`;
    expect(await refusalOf(gateway, desc)).toContain("ordered by NAME DESC, got one ordered by NAME ASC");
  });

  test("a list below objects if it is from the root, by one of another relation, and the other way around", async () => {
    const gateway = await startGateway();
    const root = await cursorOf(gateway, "vms");
    type Data = { clusters: { nodes: { vms: PageInfo }[] } };
    const { clusters } = await gateway.data<Data>(
      "{ clusters { nodes { vms(first: 1) { pageInfo { endCursor } } } } }",
    );
    const below = clusters.nodes[0]?.vms.pageInfo.endCursor;

    const message = await refusalOf(gateway, `{ clusters { nodes { vms(after: "${root}") { nodes { id } } } } }`);
    expect(message).toContain("this list (Cluster.vms), got one of another list");
    expect(await refusalOf(gateway, `{ hosts { nodes { vms(after: "${below}") { nodes { id } } } } }`)).toContain(
      "this list (Host.vms), got one of another list",
    );
    expect(await refusalOf(gateway, `{ vms(after: "${below}") { nodes { id } } }`)).toContain("(vms)");
  });

  test("lists below objects of a mutation, before anything is written", async () => {
    const gateway = await startGateway();
    const vmId = gateway.simulator.control.rows("Vm")[0]?.id;
    const mutation = `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "s" }) {
      snapshot { cluster { vms(after: "x") { nodes { id } } } }
    } }`;

    expect(await refusalOf(gateway, mutation)).toContain("this list (Cluster.vms)");
  });

  test("every list if it is of an earlier version, with that reason", async () => {
    const gateway = await startGateway({ simulator: { vms: 3 } });
    const after = forged(["ID", "ASC", "a", "a"]);

    expect(await refusalOf(gateway, `{ vms(after: "${after}") { nodes { id } } }`)).toContain("an earlier version");
  });
});

test.each([
  ["ID", [["a"], [7], [null], ["a b"], ["x".repeat(200)], ["a", "a"], []]],
  [
    "NAME",
    [["a", 7], ["a", null], ["a", "\0"], ["a", "\ud800"], ["a", ["x"]], ["a", {}], ["a"], [1, "x"], ["a", "x", 1]],
  ],
  [
    "VCPU_COUNT",
    [
      ["a", "4"],
      ["a", 1.5],
      ["a", 2 ** 40],
      ["a", 2 ** 31],
      ["a", true],
    ],
  ],
  [
    "MEMORY_BYTES",
    [
      ["a", "much"],
      ["a", 0.5],
      ["a", 2 ** 70],
      ["a", 2 ** 63],
    ],
  ],
  [
    "STATUS",
    [
      ["a", "much"],
      ["a", "running"],
      ["a", "constructor"],
      ["a", ""],
      ["a", 7],
      ["a", true],
      ["a", "RUNNING", "RUNNING"],
    ],
  ],
  [
    "CREATED_AT",
    [
      ["a", "2026-01-01 (much)"],
      ["a", "2026-01-01T"],
      ["a", "much"],
      ["a", 7],
      ["a", "foo 1"],
      ["a", "2026-99-01"],
    ],
  ],
] as const)(
  "by %s, a cursor of the right list with wrong contents is refused without a call",
  async (field, contents) => {
    const gateway = await startGateway({ simulator: { vms: 3 } });
    const orderBy = `, orderBy: {field: ${field}}`;
    const prefix = partsOf(await cursorOf(gateway, "vms", orderBy)).slice(0, 3);

    for (const rest of contents) {
      const after = forged([...prefix, ...rest]);
      if (field === "ID" && rest.length === 1 && rest[0] === "a") continue;
      const message = await refusalOf(
        gateway,
        `query ($after: String) { vms(after: $after${orderBy}) { nodes { id } } }`,
        {
          after,
        },
      );
      expect(message, JSON.stringify(rest)).toContain("must be a cursor of this list (vms)");
    }
  },
);

test.each([
  "x",
  "",
  "null",
  forged(null),
  forged({}),
  forged([]),
  forged("text"),
  "😀",
  `${forged([1, 2, 3, 4])}=`,
  "__proto__",
])("%j is no cursor", async (after) => {
  const gateway = await startGateway({ simulator: { vms: 3 } });

  const message = await refusalOf(gateway, "query ($after: String) { vms(after: $after) { nodes { id } } }", { after });

  expect(message).toContain('"after" must be a cursor of this list (vms), got ');
});

test("each character of a cursor that is changed makes it another position, or none", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });
  const cursor = await cursorOf(gateway, "vms", NAME);

  for (let index = 0; index < cursor.length; index += 3) {
    const after = cursor.slice(0, index) + (cursor[index] === "A" ? "B" : "A") + cursor.slice(index + 1);
    const query = `query ($after: String) { vms(after: $after${NAME}) { nodes { id } } }`;
    const { errors } = await gateway.query(query, { after });
    if (errors !== undefined) expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
});

test("a cursor continues with another page size, other selections, and the same filter in another spelling", async () => {
  const gateway = await startGateway();
  const { control } = gateway.simulator;
  const [one, two] = control.rows("Vm").map(({ id }) => id as string);
  const cursor = await cursorOf(gateway, "vms", `, filter: {id: {in: ["${one}", "${two}"]}}`);

  const filter = { id: { in: [`Vm:${one}`, `Vm:${two}`] } };
  const query =
    "query ($after: String, $filter: VmFilter) { vms(last: 7, before: $after, filter: $filter) { nodes { id } } }";
  const { vms } = await gateway.data<{ vms: { nodes: object[] } }>(query, { after: cursor, filter });

  expect(vms.nodes).toEqual([{ id: `Vm:${one}` }]);
  const none = await cursorOf(gateway, "vms", ", filter: null, orderBy: {field: ID, direction: ASC}");
  await gateway.data(`{ vms(after: "${none}") { nodes { id } } }`);
});

test("one cursor is a position in the lists below all parents", async () => {
  const gateway = await startGateway();
  type Data = { clusters: { nodes: { vms: PageInfo & { nodes: { id: string }[] } }[] } };
  const query = (after: string) =>
    `{ clusters { nodes { vms(first: 50${after}) { nodes { id } pageInfo { endCursor } } } } }`;
  const whole = await gateway.data<Data>(query(""));
  const lists = whole.clusters.nodes.map(({ vms }) => vms.nodes.map(({ id }) => id));
  const page = await gateway.data<Data>(
    "{ clusters { nodes { vms(first: 3) { nodes { id } pageInfo { endCursor } } } } }",
  );
  const [first] = page.clusters.nodes.filter(({ vms }) => vms.nodes.length === 3);
  const last = first?.vms.nodes.at(-1)?.id ?? "";

  const rest = await gateway.data<Data>(query(`, after: "${first?.vms.pageInfo.endCursor}"`));

  expect(rest.clusters.nodes.map(({ vms }) => vms.nodes.map(({ id }) => id))).toEqual(
    lists.map((ids) => ids.filter((id) => id > last)),
  );
});

test("cursors are short: of ids, with a filter, and of times", async () => {
  const gateway = await startGateway({ simulator: { vms: 3 } });

  expect((await cursorOf(gateway, "vms")).length).toBeLessThan(64);
  expect(
    (await cursorOf(gateway, "vms", `${FILTER.replace("web", "")}, orderBy: {field: CREATED_AT}`)).length,
  ).toBeLessThan(120);
});

test("a page that ends among values that the gateway does not know leads to the next one", async () => {
  const gateway = await startGateway({ spoilsAnswers: true, simulator: { vms: 6 } });
  const rows = gateway.simulator.control.rows("Vm");
  rows.forEach(({ id }, index) => {
    gateway.simulator.control.patch("Vm", String(id), {
      status: ["RUNNING", "DREAMING", "SLEEPING"][index % 3] as never,
    });
  });
  for (const direction of ["ASC", "DESC"]) {
    const ids: string[] = [];
    for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
      const query = `query ($after: String) { vms(first: 1, after: $after, orderBy: {field: STATUS, direction: ${direction}}) {
        nodes { id } pageInfo { hasNextPage endCursor } } }`;
      type Page = { vms: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
      const { vms }: Page = await gateway.data<Page>(query, { after });
      ids.push(...vms.nodes.map(({ id }) => id));
      ({ hasNextPage, endCursor: after } = vms.pageInfo);
    }
    expect(ids.toSorted(), direction).toEqual(rows.map(({ id }) => `Vm:${id}`).toSorted());
  }
});
