import { describe, expect, expectTypeOf, test } from "vitest";
import { contractVersion, embedded, entities, enums, stubs } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import type { OpenApiSchema } from "../support/openapi-validators.js";
import { contractOrSkip } from "./support/document.js";
import {
  fieldsOf,
  type OrderByAgrees,
  operatorsOf,
  sortable,
  type TableField,
  type WhereAgrees,
} from "./support/filters.js";

const contract = contractOrSkip();
const names = Object.keys(entities) as Entity[];

describe("the contract table", () => {
  test("has the version of the document", () => {
    expect(contractVersion).toBe(contract.document.info.version);
  });

  test("has every entity that the document can list", () => {
    const lists = Object.keys(contract.document.paths).flatMap(
      (path) => /^\/get-(.*)-connection$/.exec(path)?.[1] ?? [],
    );
    expect(names.map((name) => entities[name].path).sort()).toEqual(lists.sort());
    for (const name of names) {
      const post = contract.document.paths[`/get-${entities[name].path}`]?.post;
      const response = post?.responses["200"]?.content?.["application/json"]?.schema;
      expect(response).toEqual({ type: "array", items: ref(name) });
    }
  });

  test.each(names)("has the fields of %s with their kinds, and whether they are required", (name) => {
    checkFields(name, fieldsOf(entities[name].fields));
  });

  test.each(Object.keys(stubs) as (keyof typeof stubs)[])("has the fields of the stub of %s", (name) => {
    checkFields(`Nested${name}`, fieldsOf(stubs[name]));
  });

  test.each(Object.keys(embedded) as (keyof typeof embedded)[])("has the fields of an embedded %s", (name) => {
    checkFields(name, fieldsOf(embedded[name]));
  });

  test("has the values of the enums", () => {
    for (const [name, values] of Object.entries(enums)) expect(values, name).toEqual(schema(name).enum);
  });

  test.each(names)("has exactly the filters on %s that the document has", (name) => {
    const declared = schema(`${name}WhereInput`).properties ?? {};
    const expected = fieldsOf(entities[name].fields).flatMap((field) =>
      operatorsOf(field).map((operator) => [field.name + operator, filterSchema(field, operator)] as const),
    );
    const groups = ["AND", "OR", "NOT"].map((key) => [
      key,
      nullable({ type: "array", items: ref(`${name}WhereInput`) }),
    ]);
    expect(declared).toEqual(Object.fromEntries([...expected, ...groups]));
  });

  test.each(names)("has exactly the orders of %s that the document has", (name) => {
    const expected = fieldsOf(entities[name].fields)
      .filter(sortable)
      .flatMap((field) => [`${field.name}_ASC`, `${field.name}_DESC`]);
    expect(expected.sort()).toEqual([...(schema(`${name}OrderByInput`).enum ?? [])].sort());
  });

  test("gives the wire types the same filters and orders", () => {
    expectTypeOf<WhereAgrees>().toEqualTypeOf<Record<Entity, true>>();
    expectTypeOf<OrderByAgrees>().toEqualTypeOf<Record<Entity, true>>();
  });
});

/** Compares fields in the table with the schema of that name. */
function checkFields(name: string, fields: readonly TableField[]): void {
  const { properties = {}, required = [] } = schema(name);
  expect(Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]))).toEqual(
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withoutNull(value)])),
  );
  expect(
    fields
      .filter((field) => field.required)
      .map((field) => field.name)
      .sort(),
  ).toEqual([...required].sort());
}

/** The schema in the document of a field of this kind. */
function fieldSchema({ kind, of }: TableField): OpenApiSchema {
  switch (kind) {
    case "enum":
      return ref(of);
    case "one":
      return ref(`Nested${of}`);
    case "many":
      return { type: "array", items: ref(`Nested${of}`) };
    case "list":
      return { type: "array", items: fieldSchema(kindOf(of)) };
    case "json":
      if (of === "unknown") return { type: "object", properties: {} };
      return of.startsWith("[") ? { type: "array", items: ref(of.slice(1, -1)) } : ref(of);
    case "string":
    case "date":
      return { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "double":
      return { type: "number", format: "double" };
    case "int32":
    case "int64":
      return { type: "integer", format: kind };
  }
}

function kindOf(text: string): TableField {
  return fieldsOf({ item: text })[0] as TableField;
}

/** The schema in the document of one key of a filter. */
function filterSchema(field: TableField, operator: string): OpenApiSchema {
  if (field.kind === "one" || field.kind === "many") return nullable({ allOf: [ref(`${field.of}WhereInput`)] });
  const value = fieldSchema(field);
  if (operator.endsWith("_in")) return nullable({ type: "array", items: value });
  return nullable(value.$ref ? { allOf: [value] } : value);
}

function schema(name: string): OpenApiSchema {
  const found = contract.document.components.schemas[name];
  if (!found) throw new Error(`the document has no schema ${name}`);
  return found;
}

function ref(name: string): OpenApiSchema {
  return { $ref: `#/components/schemas/${name}` };
}

function nullable(of: OpenApiSchema): OpenApiSchema {
  return { ...of, nullable: true };
}

/** "X or null" is written `allOf: [X], nullable: true` if X is a reference. The table does not distinguish optional from nullable. */
function withoutNull({ nullable: _, allOf, ...rest }: OpenApiSchema): OpenApiSchema {
  return allOf?.[0] ?? rest;
}
