import { describe, expect, test } from "vitest";
import { fullSchema } from "../../src/schema/schema.js";
import { startGateway, type TestGateway } from "../support/gateway.js";
import { OperationGenerator } from "../support/generate-operations.js";

interface Cost {
  readonly estimated: { readonly calls: number; readonly objects: number };
  readonly spent: {
    readonly calls: number;
    readonly rows: number;
    readonly objects: number;
    readonly resultBytes: number;
  };
}

async function run(gateway: TestGateway, query: string, variables?: Record<string, unknown>) {
  const result = await gateway.query(query, variables, { "x-towerql-cost": "1" });
  const { cost, upstream } = (result.extensions ?? {}) as { cost?: Cost; upstream?: { calls: number } };
  return { ...result, code: result.errors?.[0]?.extensions?.code, cost, calls: upstream?.calls ?? 0 };
}

/** Levels of relations that lead back: each multiplies the objects by the disks of a VM. */
function backAndForth(levels: number): string {
  return levels === 0 ? "{ id }" : `{ disks { vm ${backAndForth(levels - 1)} } }`;
}

describe("a query is stopped where it spends, whatever its price was", () => {
  test("objects: relations that lead back and forth, at the default limits", async () => {
    const gateway = await startGateway();
    const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
    for (let count = 0; count < 4; count += 1) gateway.simulator.control.insert("VmDisk", { type: "CD_ROM", vm: vmId });

    // 7 disks at 8 levels: 7 million objects, while the price assumes short lists.
    const { data, code, errors, calls } = await run(gateway, `{ vm(id: "${vmId}") ${backAndForth(8)} }`);

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
    expect(errors?.[0]?.message).toContain("at most 250000 objects");
    expect(data).toBeNull();
    expect(calls).toBeLessThan(5);
  });

  test("objects: also beside an error, and below an interface, where graphql-js executes", async () => {
    const gateway = await startGateway({ env: { MAX_OPERATION_OBJECTS: "20" } });
    const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;
    for (let count = 0; count < 30; count += 1)
      gateway.simulator.control.insert("VmDisk", { type: "CD_ROM", vm: vmId });

    const { data, errors } = await run(gateway, `{ bad: node(id: "x") { id } vm(id: "${vmId}") { disks { id } } }`);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.message).toContain("at most 20 objects");
    expect(data).toBeNull();

    const found = await run(gateway, '{ search(text: "web-prod", kinds: [VM], first: 2) { kind node { id } } }');
    const results = (found.data as unknown as { search: object[] }).search;
    expect(results.length).toBeGreaterThan(0);
    expect(found.cost?.spent.objects).toBe(2 * results.length);
  });

  test("errors: each of a list, of a relation, and with a credential that nobody knows", async () => {
    const gateway = await startGateway({ simulator: { vms: 100 } });
    const ids = Array.from({ length: 1_000 }, (_, n) => `Vm:none-${n}`);
    const many = (aliases: number) =>
      `query ($ids: [ID!]!) { ${Array.from({ length: aliases }, (_, n) => `a${n}: nodes(ids: $ids) { id }`).join(" ")} }`;
    const ask = (query: string, headers = {}) => gateway.query(query, { ids }, headers);
    const invented = { authorization: "nobody-knows-this" };
    gateway.simulator.faults.add({ operation: "get-hosts", effect: { kind: "status", status: 403 } });
    const hosts = (aliases: number) =>
      `{ vms(first: 100) { nodes { ${Array.from({ length: aliases }, (_, n) => `a${n}: host { serial }`).join(" ")} } } }`;

    for (const [query, headers] of [
      [many(50), invented],
      [hosts(60), {}],
    ] as const) {
      const { data, errors } = await ask(query, headers);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.message).toContain("at most 3000 errors");
      expect(data).toBeNull();
    }
    // A few failing relations of a full page are still told one by one.
    expect((await ask(hosts(20))).errors?.length).toBeGreaterThan(1_000);
    expect((await ask(many(2), invented)).errors?.length).toBeGreaterThan(1);
  });

  test("calls: lists that do not fit into one response", async () => {
    const gateway = await startGateway({ env: { MAX_OPERATION_CALLS: "20", UPSTREAM_ROWS_PER_CALL: "2" } });

    const { data, code, errors } = await run(gateway, "{ vms(first: 20) { nodes { name disks { key } } } }");

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.message).toContain("at most 20 calls to CloudTower");
    expect(data).toBeNull();
    expect(gateway.simulator.calls.all.length).toBeLessThanOrEqual(20);
  });

  test("rows: a short page below many parents", async () => {
    const gateway = await startGateway({ env: { MAX_OPERATION_ROWS: "60" } });
    const { control } = gateway.simulator;
    const vm = control.rows("Vm")[0] as { id: string; cluster: { id: string } };
    for (let n = 0; n < 60; n += 1) control.insert("VmSnapshot", { name: `s${n}`, vm: vm.id, cluster: vm.cluster.id });

    const { code, errors } = await run(
      gateway,
      "{ vms(first: 40) { nodes { snapshots(first: 1) { nodes { id } } } } }",
    );

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
    expect(errors?.[0]?.message).toContain("at most 60 rows");
  });

  test("bytes: long texts under many aliases", async () => {
    const gateway = await startGateway({ env: { MAX_RESULT_MIB: "1" } });
    for (const { id } of gateway.simulator.control.rows("Vm")) {
      gateway.simulator.control.patch("Vm", id as string, { description: "x".repeat(4_000) });
    }
    const aliases = Array.from({ length: 90 }, (_, index) => `a${index}: description`).join(" ");

    const { code, errors } = await run(gateway, `{ vms(first: 40) { nodes { ${aliases} } } }`);

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
    expect(errors?.[0]?.message).toContain("at most 1048576 bytes of result");
  });

  test("fields that are computed by calls of their own", async () => {
    const gateway = await startGateway({ env: { MAX_OPERATION_CALLS: "10" } });
    const aliases = Array.from({ length: 50 }, (_, index) => `a${index}: upstreamVersion`).join(" ");

    const { code } = await run(gateway, `{ gateway { ${aliases} } }`);

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
    expect(gateway.simulator.calls.count("get-version")).toBeLessThanOrEqual(1);
  });

  test("what graphql-js executes field by field", async () => {
    const gateway = await startGateway({ env: { MAX_RESULT_MIB: "1" } });
    for (const { id } of gateway.simulator.control.rows("Vm")) {
      gateway.simulator.control.patch("Vm", id as string, { description: "x".repeat(4_000) });
    }
    const aliases = Array.from({ length: 90 }, (_, index) => `a${index}: description`).join(" ");

    const { code } = await run(gateway, `{ vms(first: 40) { nodes { snapshotReadiness { possible } ${aliases} } } }`);

    expect(code).toBe("QUERY_TOO_EXPENSIVE");
  });
});

test("a budget of N stops at N, and what it lets through is what the whole query gives", async () => {
  const whole = await startGateway();
  const generator = new OperationGenerator({ schema: fullSchema().schema, ids: [], depth: 4 }, 20_261_127);
  for (let count = 0; count < 15; count += 1) {
    const { query, variables } = generator.next();
    const { cost } = await run(whole, query, variables);
    if (cost === undefined || cost.spent.calls === 0) continue;
    const { spent } = cost;
    for (const [setting, amount] of [
      ["MAX_OPERATION_CALLS", spent.calls],
      ["MAX_OPERATION_ROWS", spent.rows],
      ["MAX_OPERATION_OBJECTS", spent.objects],
    ] as const) {
      if (amount < 2) continue;
      const gateway = await startGateway({ env: { [setting]: String(amount - 1) } });
      const { code } = await run(gateway, query, variables);
      expect(code, `${setting}=${amount - 1} ${query}`).toBe("QUERY_TOO_EXPENSIVE");
    }
  }
}, 120_000);

test("a mutation keeps its result, although its payload exceeds the budget", async () => {
  const gateway = await startGateway({ env: { MAX_OPERATION_CALLS: "30", MAX_OPERATION_ROWS: "60" } });
  const vmId = gateway.simulator.control.rows("Vm", { name: "web-prod-01" })[0]?.id;

  const { data, cost, calls } = await run(
    gateway,
    `mutation { createVmSnapshot(input: { vmId: "${vmId}", name: "s" }) {
      created snapshot { id cluster { vms { nodes { id disks { id } nics { id } tasks { nodes { id } } } } } } } }`,
  );

  expect(data).toMatchObject({ createVmSnapshot: { created: true, snapshot: { id: expect.any(String) } } });
  expect(calls).toBeGreaterThan(0);
  expect(cost?.spent.rows).toBeGreaterThan(0);
});
