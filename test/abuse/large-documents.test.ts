import { parse, specifiedRules, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { PlanCache } from "../../src/graph/plan/plan-cache.js";
import { Documents, type Requester } from "../../src/http/limits/validation/documents.js";
import { validateDocument } from "../../src/http/limits/validation/validate-document.js";
import { runAll } from "../../src/kernel/turns/time-slicer.js";
import { fullSchema } from "../../src/schema/schema.js";
import { ColumnGuard } from "../../src/upstream/columns.js";
import { generateOperation } from "./support/generate.js";
import { seeded } from "./support/seeded.js";

const { schema, relations } = fullSchema();
const options = { rules: specifiedRules, maxErrors: 20, hideSuggestions: false };

/** Errors as text, with their places. */
const found = (errors: readonly Error[]) => errors.map(String);

function stepwise(text: string) {
  return found(runAll(validateDocument(schema, parse(text), options)));
}

function atOnce(text: string) {
  return found(validate(schema, parse(text), specifiedRules, { maxErrors: 20 }));
}

describe("validation in steps finds the same errors as graphql-js", () => {
  test("of random valid documents", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const text = generateOperation(schema, seeded(seed));
      expect(stepwise(text)).toEqual(atOnce(text));
    }
  });

  test("of random documents that are spoiled", () => {
    let invalid = 0;
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = seeded(seed);
      const text = generateOperation(schema, random).replace(/\b(name|id|first|true|nodes|String)\b/g, (word) =>
        random.below(3) === 0 ? random.pick(["nam", "last", "$v", "7", '"x"', "[1]", "node", "ID"]) : word,
      );
      let expected: string[];
      try {
        expected = atOnce(text);
      } catch {
        // Not even syntax.
        continue;
      }
      if (expected.length > 0) invalid += 1;
      expect(stepwise(text)).toEqual(expected);
    }
    expect(invalid).toBeGreaterThan(20);
  });

  test.each([
    "{ vms { nodes { ...F } } } fragment F on Vm { id ...G } fragment G on Vm { name ...F }",
    "query A { vms { totalCount } } query A { nothing } { vms { totalCount } }",
    "query ($a: Int, $a: Int, $b: [Vm!], $c: ID = 3) { vms(first: $a) { nodes { ... on Host { id } } } }",
    "query Q($n: Int!) { ...F } fragment F on Query { vms(first: $m) { totalCount } } fragment Unused on Vm { id }",
    'query ($s: String) { vm(id: $s) { id } } fragment F on Nothing { id } query Other { vm(id: "a", id: "b") { id } }',
    "{ vms { totalCount: pageInfo { hasNextPage } totalCount } vms(first: 1) { totalCount } }",
    "{ vms @skip { totalCount } hosts @include(if: true) @include(if: true) @nothing { totalCount } }",
    "query @skip(if: true) { vms(filter: {name: {eq: 1, eq: 2}, nothing: {}}) { nodes } vm { id { id } } }",
    "subscription { a: taskProgress(taskId: 1) { id } b: __typename }",
    `{ ${Array.from({ length: 40 }, (_, n) => `none${n}`).join(" ")} }`,
    `{ vms { nodes { ${"id name ".repeat(500)} } } }`,
    "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
  ])("of %s", (text) => {
    const errors = atOnce(text);

    expect(errors.length).toBeGreaterThan(text.includes("id name id") ? -1 : 0);
    expect(stepwise(text)).toEqual(errors);
  });
});

const LIMITS = {
  ...{ maxTokens: 5_000, maxNesting: 50, maxDefinitions: 100, maxDepth: 20, maxFields: 5_000, maxAliases: 100 },
  ...{ maxRootFields: 50, maxDirectives: 100, maxListLength: 1_000, maxStringLength: 4_096 },
  ...{ maxCalls: 500, maxObjects: 250_000 },
};
const largeDocument = (n: number) =>
  `{ ${Array.from({ length: 40 }, (_, i) => `a${n}_${i}: vms(first: 1) { nodes { ${"id name status memoryBytes ".repeat(20)} } }`).join(" ")} }`;

/** A client whose turns come when the test says so. */
class Patient implements Requester {
  readonly keep = false;
  asked = 0;
  hasLeft = false;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly client: string) {}

  readonly nextTurn = () => {
    this.asked += 1;
    return new Promise<void>((resolve) => this.waiting.push(resolve));
  };

  readonly isGone = () => this.hasLeft;

  /** Grants turns until the validation has ended. */
  async grantUntil<T>(validated: T | Promise<T>): Promise<T> {
    let isDone = false;
    const ended = Promise.resolve(validated).finally(() => {
      isDone = true;
    });
    ended.catch(() => {});
    while (!isDone) {
      this.waiting.shift()?.();
      await new Promise(setImmediate);
    }
    return ended;
  }
}

describe("a large document", () => {
  const documents = () => new Documents({ schema, limits: LIMITS, introspection: true });

  test("is validated in many steps, each for a few nodes", () => {
    const steps = validateDocument(schema, parse(largeDocument(0)), options);
    let count = 0;
    while (!steps.next().done) count += 1;

    expect(count).toBeGreaterThan(3_000 / 16);
  });

  test("is planned in a step for each root field", () => {
    const plans = new PlanCache(relations, new ColumnGuard());
    const steps = plans.steps({ schema, document: parse(largeDocument(0)) });
    let count = 0;
    while (!steps.next().done) count += 1;

    expect(count).toBe(40);
  });

  test("waits for a turn of its client before it is parsed, and for another after it was validated", async () => {
    const client = new Patient("a");
    const validated = documents().validated(largeDocument(0), client);
    await new Promise(setImmediate);
    expect(client.asked).toBe(1);

    expect((await client.grantUntil(validated)).operations).toHaveLength(1);
    expect(client.asked).toBeGreaterThanOrEqual(2);
  });

  test("of a client waits for its others, and not for those of another client", async () => {
    const shared = documents();
    const [flood, other] = [new Patient("flood"), new Patient("other")];
    for (let n = 0; n < 50; n += 1) void shared.validated(largeDocument(n), flood);

    expect((await other.grantUntil(shared.validated(largeDocument(0), other))).operations).toHaveLength(1);
    expect(flood.asked).toBe(1);
  });

  test("of a client that has left is not validated, and lets the next one through", async () => {
    const shared = documents();
    const [gone, next] = [new Patient("a"), new Patient("a")];
    const [ofGone, ofNext] = [shared.validated(largeDocument(0), gone), shared.validated(largeDocument(1), next)];
    gone.hasLeft = true;

    await expect(gone.grantUntil(ofGone)).rejects.toThrow("The client has left.");
    expect((await next.grantUntil(ofNext)).operations).toHaveLength(1);
    expect(gone.asked).toBe(1);
  });
});
