import { isNonNullType } from "graphql";
import { expect, test } from "vitest";
import { mutationFields } from "../../src/schema/mutation.js";
import { queryFields } from "../../src/schema/query.js";
import { fullSchema } from "../../src/schema/schema.js";
import { subscriptionFields } from "../../src/schema/subscription.js";

const { schema } = fullSchema();

test.each([
  ["Query", schema.getQueryType(), queryFields()],
  ["Mutation", schema.getMutationType(), mutationFields()],
  ["Subscription", schema.getSubscriptionType(), subscriptionFields()],
])("each field of %s has its own arguments, also if another root has a field of the same name", (_, type, fields) => {
  for (const { name, args } of fields) {
    const declared = Object.entries(args).map(([argument, { nullable = false, defaultValue }]) => {
      return [argument, !nullable || defaultValue !== undefined];
    });
    const existing = (type?.getFields()[name]?.args ?? []).map((argument) => [
      argument.name,
      isNonNullType(argument.type),
    ]);
    expect([name, existing.sort()]).toEqual([name, declared.sort()]);
  }
});
