import { type GraphQLObjectType, printType } from "graphql";
import { buildSchemaSync, ObjectType, Query, Resolver } from "type-graphql";
import { expect, test } from "vitest";
import { Direction } from "../../src/graph/connections/direction.js";
import { Filter } from "../../src/graph/connections/filter.js";
import { Orders } from "../../src/graph/connections/order.js";
import { bytes, text, time } from "../../src/graph/model/codec.js";
import { columnsOf, columnsRead, columnsShown } from "../../src/graph/model/column.js";
import { Resource } from "../../src/graph/model/resource.js";
import type { Row } from "../../src/upstream/wire/types.js";

const column = columnsOf("Vm");

/** A small class over rows of VMs. */
@ObjectType("Machine")
class Machine extends Resource<"Vm"> {
  static override readonly typename = "Machine";
  static override readonly entity = "Vm";

  @column("memory", bytes, "Memory, in bytes.", { filter: true })
  readonly memoryBytes!: number | null;

  @column("local_created_at", time, "When the machine was created.", { order: false })
  readonly createdAt!: string | null;
}

test("a column's getter reads the row through the codec", () => {
  const machine = new Machine({ id: "a", memory: 2 ** 40, local_created_at: "" } as Row<"Vm">);

  expect([machine.memoryBytes, machine.createdAt]).toEqual([2 ** 40, null]);
  expect([columnsRead(Machine, "memoryBytes"), columnsRead(Machine, "createdAt")]).toEqual([
    ["memory"],
    ["local_created_at"],
  ]);
});

test("a column's GraphQL type and nullability are those of its codec", () => {
  class Root {
    machine(): null {
      return null;
    }
  }
  Query(() => Machine, { nullable: true })(Root.prototype, "machine", { value: undefined });
  Resolver()(Root);

  const schema = buildSchemaSync({ resolvers: [Root], validate: false });

  const { memoryBytes, createdAt } = (schema.getType("Machine") as GraphQLObjectType).getFields();
  expect([memoryBytes?.description, createdAt?.description]).toEqual([
    "Memory, in bytes.",
    "When the machine was created.",
  ]);
  expect(printType(schema.getType("Machine") as GraphQLObjectType)).toMatch(
    /memoryBytes: BigInt\n.*createdAt: DateTime\n/s,
  );
});

test("only a column with `filter: true` is in the filter, under the field's name", () => {
  const filter = new Filter(Machine);

  expect(filter.toWhere({ memoryBytes: { gte: 7 } })).toEqual({ memory_gte: 7 });
  expect(() => filter.toWhere({ createdAt: { gte: "2026-01-01T00:00:00Z" } })).toThrow("at least one condition");
});

test("a column is among the orders, under the field's name, unless it is declared with `order: false`", () => {
  const orders = new Orders(Machine);

  expect(orders.ordering([{ field: "MEMORY_BYTES", direction: Direction.DESC }])).toMatchObject({
    field: "memory",
    direction: "DESC",
  });
  expect(orders.ordering([{ field: "CREATED_AT", direction: Direction.ASC }]).field).toBe("id");
});

test("the compiler refuses an unknown column, a codec of another kind and a property of another type", () => {
  class Refused extends Resource<"Vm"> {
    // @ts-expect-error VMs have no column `memory_size`.
    @column("memory_size", bytes, "Memory, in bytes.")
    readonly unknownColumn!: number | null;

    // @ts-expect-error `text` does not read columns of kind int64.
    @column("memory", text, "Memory, in bytes.")
    readonly otherKind!: string | null;

    // @ts-expect-error `bytes` returns a number or null.
    @column("memory", bytes, "Memory, in bytes.")
    readonly otherType!: string | null;

    // @ts-expect-error `bytes` may return null.
    @column("memory", bytes, "Memory, in bytes.")
    readonly neverNull!: number;
  }

  // Nothing is checked at run time: without the compiler all four are declared.
  expect([...columnsShown(Refused).keys()]).toEqual(["unknownColumn", "otherKind", "otherType", "neverNull"]);
});
