import { setImmediate } from "node:timers/promises";
import { execute as executeByReference, getIntrospectionQuery, parse, visit } from "graphql";
import { describe, expect, test } from "vitest";
import { createExecutor } from "../../src/graph/plan/execute.js";
import { IntrospectionCache } from "../../src/graph/plan/introspection-cache.js";
import { PlanCache } from "../../src/graph/plan/plan-cache.js";
import { DocumentGate } from "../../src/http/limits/document-gate.js";
import { Budget } from "../../src/kernel/budget.js";
import { Cancellation } from "../../src/kernel/cancellation.js";
import { fullSchema } from "../../src/schema/schema.js";
import { ColumnGuard } from "../../src/upstream/columns.js";
import { startGateway } from "../support/gateway.js";

const { schema, relations } = fullSchema();

function gate(): DocumentGate {
  const limits = {
    ...{ maxTokens: 5_000, maxNesting: 50, maxDefinitions: 100, maxDepth: 20, maxFields: 5_000, maxAliases: 100 },
    ...{ maxRootFields: 50, maxDirectives: 100, maxListLength: 1_000, maxStringLength: 4_096 },
    ...{ maxCalls: 500, maxObjects: 250_000 },
  };
  const pricing = { defaultPageSize: 50, maxPageSize: 1_000, idsPerCall: 500, rowsPerCall: 10_000 };
  return new DocumentGate({ schema, relations, limits, pricing, introspection: true });
}

/** For whom documents are validated, with all turns at once. */
const requester = { client: "a", nextTurn: async () => {}, isGone: () => false };

describe("documents", () => {
  test.each([
    ["short", "{ vms { nodes { id } } }"],
    ["long", `{ vms { nodes { ${"id name status memoryBytes ".repeat(100)} } } }`],
  ])("are kept only for clients that act for an account: %s ones", async (_, query) => {
    const documents = gate();
    const validate = async (keep: boolean) => (await documents.validate({ query }, { ...requester, keep })).document;

    expect(await validate(false)).not.toBe(await validate(false));
    expect(await validate(true)).toBe(await validate(true));
  });

  test("hold no tokens after validation", async () => {
    const query = `# ${"x".repeat(1_000)}\n{ a: vms(first: 1) @skip(if: true) { nodes { id } } }`;
    const { document } = await gate().validate({ query }, { ...requester, keep: true });

    let locations = 0;
    visit(document, {
      enter({ loc }) {
        expect(Object.keys(loc ?? {})).toEqual(["start", "end", "source"]);
        locations += 1;
      },
    });
    expect(locations).toBeGreaterThan(15);
  });

  test("count their comments as tokens", async () => {
    const gateway = await startGateway();

    const { errors } = await gateway.query(`{ __typename }${"\n#".repeat(6_000)}`);

    expect(errors).toMatchObject([{ extensions: { code: "QUERY_TOO_EXPENSIVE" } }]);
    expect((await gateway.query(`{ __typename }${"\n#".repeat(4_000)}`)).errors).toBeUndefined();
  });
});

test("plans are dropped by their size, however many variables shape them", () => {
  const plans = new PlanCache(relations, new ColumnGuard());
  const fields = Array.from({ length: 400 }, (_, index) => `a${index}: name`).join(" ");
  const document = parse(`query ($n: Int) { vms { nodes { snapshots(first: $n) { nodes { ${fields} } } } } }`);
  const planFor = (n: number) => plans.planOf({ schema, document, variableValues: { n } })?.plan;
  const first = planFor(0);
  expect(planFor(0)).toBe(first);

  for (let n = 1; n <= 300; n += 1) planFor(n);

  expect(planFor(300)).toBe(planFor(300));
  expect(planFor(0)).not.toBe(first);
});

describe("introspection", () => {
  const executor = createExecutor({
    registry: relations,
    onColumnMisses() {},
    referenceExecute() {
      throw new Error("the plan must do");
    },
  });
  const execute = (text: string, variableValues: Record<string, unknown> = {}) => {
    const session = { client: "client", signal: new Cancellation() };
    const contextValue = { budget: new Budget(), session, isAbandoned: false, renew() {}, nextTurn: async () => {} };
    return executor.execute({ schema, document: parse(text), variableValues, contextValue });
  };

  test("a client's results are computed one after the other, and not again if they are kept", async () => {
    let running = 0;
    let most = 0;
    const cache = new IntrospectionCache();
    const resultOf = (client: string, text: string, signal = new Cancellation()) =>
      cache.resultOf({ schema, document: parse(text) }, { client, signal }, async () => {
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
        return { result: { data: { text } }, bytes: 10 };
      });
    const texts = Array.from({ length: 20 }, (_, n) => `{ a${n % 10}: __typename }`);
    const gaveUp = new Cancellation();
    const results = Promise.all(texts.map((text) => resultOf("one", text)));
    const impatient = expect(resultOf("one", "{ __typename }", gaveUp)).rejects.toThrow("no longer");
    gaveUp.abort(new Error("no longer"));
    await impatient;
    expect((await results).map(({ data }) => data?.text)).toEqual(texts);
    expect(most).toBe(1);

    await Promise.all([resultOf("one", "{ b: __typename }"), resultOf("other", "{ c: __typename }")]);
    expect(most).toBe(2);
  });

  const ONE_TYPE = "query ($name: String!) { __type(name: $name) { name } }";

  test.each<[string, Record<string, unknown>?]>([
    [getIntrospectionQuery()],
    [
      getIntrospectionQuery({
        specifiedByUrl: true,
        oneOf: true,
        inputValueDeprecation: true,
        schemaDescription: true,
      }),
    ],
    [
      '{ a: __type(name: "Vm") { possibleTypes { name } fields(includeDeprecated: true) { isDeprecated } } __typename }',
    ],
    ['{ __type(name: "none") { name } __schema { __typename directives { args { defaultValue type { kind } } } } }'],
    [ONE_TYPE, { name: "VmStatus" }],
  ])("has the same result as with graphql-js: %#", async (text, variableValues = {}) => {
    const expected = await executeByReference({ schema, document: parse(text), variableValues });

    expect(JSON.stringify(await execute(text, variableValues))).toBe(JSON.stringify(expected));
  });

  test("without variables is executed once", async () => {
    const text = "{ __schema { types { name } } }";
    expect(await execute(text)).toBe(await execute(text));

    expect(await execute(ONE_TYPE, { name: "Vm" })).not.toBe(await execute(ONE_TYPE, { name: "Vm" }));
  });
});
