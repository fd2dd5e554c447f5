import {
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  execute as referenceExecute,
} from "graphql";
import { expect, test } from "vitest";
import { createExecutor } from "../../src/graph/plan/execute.js";
import { RelationRegistry } from "../../src/graph/relations/relation-registry.js";
import { Budget } from "../../src/kernel/budget.js";
import { Cancellation } from "../../src/kernel/cancellation.js";

const Thing = new GraphQLObjectType({
  name: "Thing",
  fields: { name: { type: new GraphQLNonNull(GraphQLString) }, size: { type: GraphQLInt } },
});

function schemaOf(things: unknown): GraphQLSchema {
  const type = new GraphQLList(Thing);
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: { things: { type, resolve: () => things } } }),
  });
}

test.each([
  ["a null in a non-null field", [{ name: "a" }, { name: null }]],
  ["an error in place of an object", [{ name: "a" }, new Error("gone")]],
  ["a value that does not fit its type", [{ name: "a", size: 2 ** 40 }]],
  ["a promise", [{ name: Promise.resolve("a"), size: 1 }]],
  ["a value that is not a list", { name: "a" }],
])("%s has the same result as with graphql-js", async (_case, things) => {
  const args = { schema: schemaOf(things), document: parse("{ things { name size } }") };

  const { execute } = createExecutor({ registry: new RelationRegistry([]), onColumnMisses() {} });
  const session = { client: "client", signal: new Cancellation() };
  const contextValue = { budget: new Budget(), session, isAbandoned: false, renew() {}, nextTurn: async () => {} };
  const result = await execute({ ...args, contextValue });

  expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(await referenceExecute(args))));
});
