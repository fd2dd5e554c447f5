import { describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";
import { everywhere } from "../support/transports.js";

const WITH_FILTER = "query ($filter: VmFilter) { vms(filter: $filter) { totalCount } }";
const WITH_INPUT = "mutation ($input: CreateVmSnapshotInput!) { createVmSnapshot(input: $input) { created } }";
const WITH_STATE = "query ($status: VmStatus!) { vms(filter: { status: { eq: $status } }) { totalCount } }";

/** Operations with one misspelling each, for which graphql-js suggests the right name. */
const MISSPELLED: [string, string, Record<string, unknown>?][] = [
  ["a root field", "{ vmz { totalCount } }"],
  ["a field", "{ vms { totalCounts } }"],
  ["a field of another type", '{ node(id: "Vm:a") { memoryBytes } }'],
  ["an argument", "{ vms(fist: 1) { totalCount } }"],
  ["a directive's argument", "{ vms @include(iff: true) { totalCount } }"],
  ["a type", "query ($filter: VmFiltre) { vms(filter: $filter) { totalCount } }"],
  ["a fragment's type", "{ vms { ... on VmConection { totalCount } } }"],
  ["a key of an input object", "{ vms(filter: { nam: {} }) { totalCount } }"],
  ["a nested key of an input object", '{ vms(filter: { name: { eqq: "a" } }) { totalCount } }'],
  ["an enum value", "{ vms(filter: { status: { eq: RUNING } }) { totalCount } }"],
  ["an enum value as a string", '{ vms(filter: { status: { eq: "RUNNING" } }) { totalCount } }'],
  ["a key of a variable", WITH_FILTER, { filter: { nam: {} } }],
  ["a nested key of a variable", WITH_FILTER, { filter: { name: { eqq: "a" } } }],
  ["a key in a list in a variable", WITH_FILTER, { filter: { and: [{ nam: {} }] } }],
  ["an enum value in a variable", WITH_STATE, { status: "RUNING" }],
  ["a nested enum value in a variable", WITH_FILTER, { filter: { status: { in: ["RUNING"] } } }],
  ["a key of a mutation's input", WITH_INPUT, { input: { vmId: "a", nam: "b" } }],
  ["an enum value of a mutation's input", WITH_INPUT, { input: { vmId: "a", onLocked: "WAI" } }],
  ["a subscription's argument", 'subscription { taskProgress(taskIdd: "a") { progress } }'],
];

/** Messages of the errors over each transport. */
async function messagesOf(env: Record<string, string>, query: string, variables?: Record<string, unknown>) {
  const results = Object.values(await everywhere(await startGateway({ env }), query, variables));
  return results.map(({ errors = [] }) => errors.map(({ message }) => message).join("\n"));
}

describe("a misspelled name", () => {
  test.each(MISSPELLED)(
    "is not corrected with INTROSPECTION=false, on any transport: %s",
    async (_, query, variables) => {
      for (const message of await messagesOf({ INTROSPECTION: "false" }, query, variables)) {
        expect(message).not.toBe("");
        expect(message).not.toMatch(/did you mean/i);
      }
      // Otherwise the test would prove nothing.
      const [http] = await messagesOf({}, query, variables);
      expect(http).toContain("Did you mean");
    },
  );
});

test("INTROSPECTION=false does not take a client's own words for a suggestion", async () => {
  const [http] = await messagesOf({ INTROSPECTION: "false" }, '{ vms(first: "Did you mean it?") { totalCount } }');

  expect(http).toContain('non-integer value: "Did you mean it?"');
});
