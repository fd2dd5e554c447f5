import { getNamedType, isEnumType, isInputObjectType, isObjectType } from "graphql";
import { describe, expect, test } from "vitest";
import type { Relation } from "../../src/graph/relations/relation.js";
import { relationArrival } from "../../src/graph/relations/relation-arrival.js";
import { chunk } from "../../src/kernel/group.js";
import { fullSchema } from "../../src/schema/schema.js";
import { documentedVersions } from "../../src/upstream/wire/arrivals.js";
import { hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";
import { startGateway } from "../support/gateway.js";
import { everything } from "./support/everything.js";
import { siteOf, startManySites } from "./support/many-sites.js";
import { relationQuery, relationsByType } from "./support/relation-queries.js";

const SITES = 3;
/** Conditions and orders in one operation. */
const AT_ONCE = 20;

/** The versions of the documents, against which the calls are checked where they are at hand, and one in between. */
const VERSIONS = [...documentedVersions, "4.2.0"];

describe.each(VERSIONS)("with CloudTower %s", (apiVersion) => {
  test("every field of every list can be selected", async () => {
    const gateway = await startGateway({ simulator: { apiVersion } });
    for (const { name, type } of lists()) {
      const query = `{ ${name}(first: 20) { nodes { ${everything(type)} } } }`;
      const { data, errors } = await gateway.query<Record<string, { nodes: object[] }>>(query);

      expect(errors, name).toBeUndefined();
      if (lacks(apiVersion, type)) expect(data?.[name]?.nodes, name).toEqual([]);
      else expect(data?.[name]?.nodes.length, name).toBeGreaterThan(0);
    }
  });

  test("every filter and every order of every list gives a result, or is refused by name", async () => {
    const gateway = await startGateway({ simulator: { apiVersion, vms: 5 }, env: { MAX_ALIASES: "1000" } });
    const refusals = [`CloudTower ${apiVersion} has no `];
    // Between two documents CloudTower is asked.
    if (!isDocumented(apiVersion)) refusals.push("CloudTower refused the call (HTTP 400).");
    let answered = 0;
    for (const { name, filters, orders } of lists()) {
      const conditions = filters.map((field) => `filter: {${field}: {isNull: false}}`);
      const sorted = orders.map((field) => `orderBy: {field: ${field}}`);
      const all = [...conditions, ...sorted];
      for (const batch of chunk(all, AT_ONCE)) {
        const fields = batch.map((argument, at) => `a${at}: ${name}(first: 2, ${argument}) { nodes { id } }`);
        const { data, errors = [] } = await gateway.query<Record<string, object>>(`{ ${fields.join(" ")} }`);

        for (const [at, argument] of batch.entries()) {
          const message = errors.find(({ path }) => path?.[0] === `a${at}`)?.message;
          const isRefused = refusals.some((refusal) => message?.startsWith(refusal));
          if (data?.[`a${at}`]) answered += 1;
          else expect(isRefused, `${name}(${argument}): ${message}`).toBe(true);
        }
      }
    }
    expect(answered).toBeGreaterThan(200);
  }, 60_000);

  test("every relation leads to the right objects, or to none if CloudTower does not have it", async () => {
    const gateway = await startManySites(SITES, { simulator: { apiVersion } });
    for (const relation of relationsByType().flatMap(([, relations]) => relations)) {
      const name = `${relation.from.typename}.${relation.field}`;
      const { query, found } = relationQuery(relation);
      const { data, errors } = await gateway.query(query, { n: SITES });
      if (errors !== undefined && isInDoubt(relation, apiVersion)) {
        for (const { message } of errors) expect(message, name).toBe("CloudTower refused the call (HTTP 400).");
        continue;
      }
      expect(errors, name).toBeUndefined();
      const results = found(data);

      expect(results, name).toHaveLength(lacks(apiVersion, relation.from.typename) ? 0 : SITES);
      for (const { from, to } of results) {
        if (isMissing(relation, apiVersion)) expect(to, `${name} of ${from}`).toHaveLength(0);
        else expect(to, `${name} of ${from}`).not.toHaveLength(0);
        for (const { id } of to) if (id !== undefined) expect(siteOf(id), `${name} of ${from}`).toBe(siteOf(from));
      }
    }
  });
});

/** Whether the simulator of that version does not have the relation. */
function isMissing(relation: Relation, version: string): boolean {
  const arrival = relationArrival(relation);
  return arrival !== undefined && hasArrived(versionNumber(version) as number, arrival) !== true;
}

/** Whether nobody knows if the version has the relation: then CloudTower is asked. */
function isInDoubt(relation: Relation, version: string): boolean {
  const arrival = relationArrival(relation);
  return arrival !== undefined && hasArrived(versionNumber(version) as number, arrival) === undefined;
}

/** Whether the version has no list of a type. */
function lacks(version: string, typename: string): boolean {
  return hasArrived(versionNumber(version) as number, typename) !== true;
}

function isDocumented(version: string): boolean {
  return (documentedVersions as readonly string[]).includes(version);
}

/** The root lists, each with the type of its objects, the fields of its filter that take `isNull`, and its orders. */
function lists() {
  const { schema } = fullSchema();
  return Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, type, args }) => {
    const node = schema.getType(getNamedType(type).name.replace(/Connection$/, ""));
    if (!getNamedType(type).name.endsWith("Connection") || !isObjectType(node)) return [];
    const inputOf = (argument: string) => {
      const input = getNamedType(args.find((arg) => arg.name === argument)?.type);
      return isInputObjectType(input) ? input.getFields() : {};
    };
    const filters = Object.values(inputOf("filter")).filter((field) => {
      const operators = getNamedType(field.type);
      const isCombinator = ["and", "or", "not"].includes(field.name);
      return isInputObjectType(operators) && !isCombinator && "isNull" in operators.getFields();
    });
    const order = getNamedType(inputOf("orderBy").field?.type);
    const orders = isEnumType(order) ? order.getValues().map((value) => value.name) : [];
    return [{ name, type: node.name, filters: filters.map((field) => field.name), orders }];
  });
}
