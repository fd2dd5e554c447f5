import { getIntrospectionQuery, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { createExecutor } from "../../src/graph/plan/execute.js";
import { PlanCache } from "../../src/graph/plan/plan-cache.js";
import { DocumentGate } from "../../src/http/limits/document-gate.js";
import { Budget } from "../../src/kernel/budget.js";
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

describe("documents", () => {
  test("are kept only for clients that act for an account", () => {
    const documents = gate();
    const query = "{ vms { nodes { id } } }";

    const anonymous = [documents.validate({ query }, false), documents.validate({ query }, false)];
    const known = [documents.validate({ query }, true), documents.validate({ query }, true)];

    expect(anonymous[0]?.document).not.toBe(anonymous[1]?.document);
    expect(known[0]?.document).toBe(known[1]?.document);
  });

  test("hold no tokens after validation", () => {
    const { document } = gate().validate({ query: `# ${"x".repeat(1_000)}\n{ vms { nodes { id } } }` }, true);

    expect(document.loc).toBeDefined();
    expect(JSON.stringify(Object.keys(document.definitions[0]?.loc ?? {}))).toBe('["start","end","source"]');
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

test("introspection without variables is executed once", async () => {
  let executed = 0;
  const { execute } = createExecutor({
    registry: relations,
    onColumnMisses() {},
    referenceExecute() {
      executed += 1;
      return { data: {} };
    },
  });
  const contextValue = { budget: new Budget(), isAbandoned: false, renew() {}, nextTurn: async () => {} };

  for (let count = 0; count < 3; count += 1) {
    await execute({ schema, document: parse(getIntrospectionQuery()), contextValue });
  }
  expect(executed).toBe(1);

  const document = parse("query ($name: String!) { __type(name: $name) { name } }");
  for (let count = 0; count < 2; count += 1) {
    await execute({ schema, document, variableValues: { name: "Vm" }, contextValue });
  }
  expect(executed).toBe(3);
});
