import { readFileSync } from "node:fs";
import {
  buildClientSchema,
  buildSchema,
  findBreakingChanges,
  getIntrospectionQuery,
  type IntrospectionQuery,
  printSchema,
} from "graphql";
import { describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway.js";

const committed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

describe("GET /schema.graphql", () => {
  test("is the schema of clients, in the same order as introspection: schema.graphql without what administrators see", async () => {
    const gateway = await startGateway();
    const response = await fetch(`${gateway.url}/schema.graphql`);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const text = await response.text();
    const missing = findBreakingChanges(buildSchema(committed), buildSchema(text)).map(
      ({ description }) => description,
    );
    expect(missing.filter((description) => !/webhook/i.test(description))).toEqual([]);
    expect(text.split("\n").filter((line) => !committed.includes(line))).toEqual([]);

    const all = { specifiedByUrl: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };
    const query = getIntrospectionQuery(all);
    const { data } = await gateway.query(query);
    expect(`${printSchema(buildClientSchema(data as unknown as IntrospectionQuery))}\n`).toBe(text);
  });

  test("has no mutations where there are none, and is not there where introspection is switched off", async () => {
    const readOnly = await startGateway({ env: { READ_ONLY: "true" } });
    expect(await (await fetch(`${readOnly.url}/schema.graphql`)).text()).not.toMatch(/^type Mutation/m);
    const closed = await startGateway({ env: { INTROSPECTION: "false" } });
    expect((await fetch(`${closed.url}/schema.graphql`)).status).toBe(404);
  });
});
