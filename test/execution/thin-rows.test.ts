import { type FieldNode, type GraphQLObjectType, type OperationDefinitionNode, parse } from "graphql";
import { afterEach, describe, expect, test } from "vitest";
import type { ResourceClass } from "../../src/graph/model/resource.js";
import { SelectionPlan } from "../../src/graph/plan/selection-plan.js";
import { Vm } from "../../src/resources/vm/vm.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { Columns } from "../../src/upstream/columns.js";
import { everything } from "../graph/support/everything.js";
import { startGateway } from "../support/gateway.js";

const { schema, relations } = fullSchema();
const { thinning } = relations;

describe("columns", () => {
  const missed: string[] = [];
  const columns = new Columns("Vm", new Set(["id", "name", "host"]), {
    mayThin: () => true,
    missed: (entity, column) => missed.push(`${entity}.${column}`),
  });

  test("of rows only they are kept", () => {
    const rows = columns.pick([
      { id: "a", name: "one", memory: 7, host: { id: "h" } },
      { id: "b", name: null, memory: 8 },
    ]);

    expect(JSON.parse(JSON.stringify(rows))).toEqual([
      { id: "a", name: "one", host: { id: "h" } },
      { id: "b", name: null },
    ]);
  });

  test("a row tells when another is read, and not when one of its own is absent", () => {
    const [row] = columns.pick([{ id: "a" }]) as [Record<string, unknown>];

    expect([row.name, row.host, row.memory]).toEqual([undefined, undefined, undefined]);
    expect(missed).toEqual(["Vm.memory"]);
  });

  test("an answer that is no list of objects stays as it is", () => {
    expect(columns.pick({ aggregate: { count: 3 } })).toEqual({ aggregate: { count: 3 } });
    expect(columns.pick([null, "x"])).toEqual([null, "x"]);
  });
});

test("what every plain field of every kind reads can be foreseen", () => {
  const classes = new Map(relations.relations.flatMap(({ from, to }) => [from, to]).map((of) => [of.typename, of]));
  let known = 0;
  for (const [typename, of] of classes) {
    if ((of as Partial<ResourceClass>).entity === undefined) continue;
    const { definitions } = parse(`{ all { ${everything(typename)} } }`);
    const nodes = (definitions[0] as OperationDefinitionNode).selectionSet.selections as FieldNode[];
    const info = { schema, fragments: {}, variableValues: {}, thinRows: true };
    const level = new SelectionPlan(relations, info, schema.getType(typename) as GraphQLObjectType, nodes);
    expect(level.columns(of, []), typename).toBeInstanceOf(Columns);
    known += 1;
  }
  expect(known).toBeGreaterThan(20);
});

describe("an operation", () => {
  const getter = Object.getOwnPropertyDescriptor(Vm.prototype, "name") as PropertyDescriptor;
  afterEach(() => Object.defineProperty(Vm.prototype, "name", getter));

  test.each([
    "{ vms(first: 4) { nodes { nics { order } disks { id vm { nics { macAddress } } } } } }",
    "{ vms(first: 4) { nodes { host { status } disks { vm { host { managementIp } } } } } }",
    "{ clusters { nodes { hosts { name cluster { hosts { status managementIp } } } } } }",
    "{ vms(first: 4) { nodes { snapshots { nodes { name vm { snapshots { nodes { createdAt sizeBytes } } } } } } } }",
    "{ vms(first: 4) { nodes { snapshots { nodes { name disks { snapshot { vm { memoryBytes } } } } } } } }",
  ])("foresees what is read of objects to which it comes back: %s", async (query) => {
    const gateway = await startGateway();

    const { data, errors } = await gateway.query(query);

    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/"(macAddress|status|name|memoryBytes|createdAt|managementIp)":null/);
    expect([...thinning.misses]).toEqual([]);
  });

  test("foresees the column that a variable orders by", async () => {
    const gateway = await startGateway({ simulator: { vms: 6 } });
    const query = `query ($orderBy: VmOrder, $after: String) {
      vms(first: 3, orderBy: $orderBy, after: $after) { nodes { cloudTowerId } pageInfo { endCursor } }
    }`;
    type Page = { vms: { nodes: { cloudTowerId: string }[]; pageInfo: { endCursor: string } } };

    for (const [field, column] of [
      ["NAME", "name"],
      ["MEMORY_BYTES", "memory"],
      ["CREATED_AT", "local_created_at"],
    ] as const) {
      const orderBy = { field, direction: "DESC" };
      const first = await gateway.data<Page>(query, { orderBy });
      const second = await gateway.data<Page>(query, { orderBy, after: first.vms.pageInfo.endCursor });
      const ids = [...first.vms.nodes, ...second.vms.nodes].map(({ cloudTowerId }) => cloudTowerId);
      const value = (id: string) => gateway.simulator.control.rows("Vm", { id })[0]?.[column] as string | number;
      expect(new Set(ids).size).toBe(6);
      for (const [index, id] of ids.slice(1).entries()) {
        expect(value(ids[index] as string) >= value(id), `${field} ${index}`).toBe(true);
      }
    }
    expect([...thinning.misses]).toEqual([]);
  });

  test("that reads what it did not foresee is answered again from whole rows", async () => {
    const gateway = await startGateway({ simulator: { vms: 3 } });
    const { control } = gateway.simulator;
    for (const { id } of control.rows("Vm")) control.patch("Vm", id as string, { description: `described ${id}` });
    // Reads another column of real rows than of samples.
    Object.defineProperty(Vm.prototype, "name", {
      configurable: true,
      get(this: Vm) {
        return `${getter.get?.call(this)} ${this.row.id.length > 10 ? this.row.description : ""}`;
      },
    });

    const { vms } = await gateway.data<Vms>("{ vms { nodes { cloudTowerId name } } }");

    expect(vms.nodes.length).toBeGreaterThan(0);
    for (const { cloudTowerId, name } of vms.nodes) expect(name).toContain(`described ${cloudTowerId}`);
    expect([...thinning.misses]).toEqual(["Vm.description"]);
    expect([thinning.mayThin("Vm"), thinning.mayThin("VmDisk")]).toEqual([false, true]);
  });
});

interface Vms {
  readonly vms: { readonly nodes: readonly { readonly cloudTowerId: string; readonly name: string }[] };
}
