import type { GraphQLObjectType } from "graphql";
import { afterEach, describe, expect, test } from "vitest";
import { columnsRead } from "../../src/graph/model/column.js";
import type { ResourceClass } from "../../src/graph/model/resource.js";
import { Task } from "../../src/resources/task/task.type.js";
import { fullSchema } from "../../src/schema/schema.js";
import { ColumnGuard, Columns } from "../../src/upstream/columns.js";
import { ColumnReader } from "../../src/upstream/rows/column-reader.js";
import { ResponseBody } from "../../src/upstream/rows/response-body.js";
import type { Row } from "../../src/upstream/wire/types.js";
import { seeded } from "../abuse/support/seeded.js";
import { sampleRow } from "../graph/support/sample-row.js";
import { startGateway } from "../support/gateway.js";

const { schema, relations } = fullSchema();

describe("columns", () => {
  const guard = new ColumnGuard();
  const columns = new Columns("Vm", new Set(["id", "name", "host"]), guard);

  test("keep only their own values of rows", () => {
    const response = [
      { id: "a", name: "one", memory: 7, host: { id: "h" } },
      { id: "b", name: null, memory: 8 },
    ];
    const body = new ResponseBody([Buffer.from(JSON.stringify(response))]);

    for (const rows of [columns.pick(response), columns.read(body, new ColumnReader())] as Row<"Vm">[][]) {
      expect(rows.map(({ id, name, host }) => [id, name, host])).toEqual([
        ["a", "one", { id: "h" }],
        ["b", null, undefined],
      ]);
    }
  });

  test("report a read of another column, but not of a kept column without a value", () => {
    const [row] = columns.pick([{ id: "a" }]) as [Record<string, unknown>];

    expect([row.name, row.host, row.memory]).toEqual([undefined, undefined, undefined]);
    expect([...guard.misses]).toEqual(["Vm.memory"]);
    expect([guard.mayDrop("Vm"), guard.mayDrop("VmDisk")]).toEqual([false, true]);
  });

  test("leave a response that is not a list of objects as it is", () => {
    expect(columns.pick({ aggregate: { count: 3 } })).toEqual({ aggregate: { count: 3 } });
    expect(columns.pick([null, "x"])).toEqual([null, "x"]);
  });
});

const resources = [...new Set(relations.relations.flatMap(({ from, to }) => [from, to]))].filter(
  (type): type is typeof type & ResourceClass => (type as Partial<ResourceClass>).entity !== undefined,
);

test.each(resources.map((type) => [type.typename, type] as const))(
  "every field of %s reads only the columns that it declares",
  (typename, type) => {
    const random = seeded(20_261_127);
    for (const name of plainFields(typename)) {
      const declared = columnsRead(type, name);
      expect(declared, name).toBeDefined();
      // Random combinations of values and nulls, so that a condition on several columns cannot hide a read.
      for (let count = 0; count < 50; count += 1) {
        const read = new Set<string>();
        const onRead = (path: string) => read.add(path.split(".")[1] ?? "");
        const isSample = (path: string) => path === "id" || path.includes(".") || random.below(2) === 0;
        const row = sampleRow(type.entity, onRead, (path) => (isSample(path) ? undefined : null));
        const object = new type(row as never);
        // The id, which every row has.
        read.clear();

        Reflect.get(object, name);

        expect(declared, name).toEqual(expect.arrayContaining([...read]));
      }
    }
  },
);

/** The fields of a type that neither lead to another type nor are computed by a flow. */
function plainFields(typename: string): string[] {
  const fields = (schema.getType(typename) as GraphQLObjectType).getFields();
  return Object.values(fields).flatMap(({ name, resolve }) => (resolve === undefined ? [name] : []));
}

describe("an operation", () => {
  const progress = Object.getOwnPropertyDescriptor(Task.prototype, "progress") as PropertyDescriptor;
  afterEach(() => Object.defineProperty(Task.prototype, "progress", progress));

  test.each([
    "{ vms(first: 4) { nodes { nics { order } disks { id vm { nics { macAddress } } } } } }",
    "{ vms(first: 4) { nodes { host { status } disks { vm { host { managementIp } } } } } }",
    "{ clusters { nodes { hosts { name cluster { hosts { status managementIp } } } } } }",
    "{ vms(first: 4) { nodes { snapshots { nodes { name vm { snapshots { nodes { createdAt sizeBytes } } } } } } } }",
    "{ vms(first: 4) { nodes { snapshots { nodes { name disks { snapshot { vm { memoryBytes } } } } } } } }",
  ])("requests the columns of objects reached through an inverse relation: %s", async (query) => {
    const gateway = await startGateway();

    const { data, errors } = await gateway.query(query);

    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/"(macAddress|status|name|memoryBytes|createdAt|managementIp)":null/);
  });

  test("requests the column of an order given as a variable", async () => {
    const gateway = await startGateway({ simulator: { vms: 6 } });
    const query = `query ($orderBy: [VmOrder!], $after: String) {
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
  });

  test("runs again with whole rows if it reads a column that it did not request", async () => {
    const misses: string[] = [];
    const gateway = await startGateway({ onColumnMisses: (columns) => misses.push(...columns) });
    const { control } = gateway.simulator;
    for (const { id } of control.rows("Task"))
      control.patch("Task", id as string, { started_at: "2026-11-27T00:00:00Z" });
    Object.defineProperty(Task.prototype, "progress", {
      configurable: true,
      get(this: Task) {
        return this.row.started_at === "2026-11-27T00:00:00Z" ? 0.25 : 0;
      },
    });

    const query = "{ tasks(first: 5) { nodes { progress } } }";
    const { tasks } = await gateway.data<{ tasks: { nodes: { progress: number }[] } }>(query);

    expect(tasks.nodes).toEqual(Array.from({ length: 5 }, () => ({ progress: 0.25 })));
    expect(misses).toEqual(["Task.started_at"]);
  });
});
