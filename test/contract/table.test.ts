import { describe, expect, expectTypeOf, test } from "vitest";
import { contractVersion, embedded, entities, enums, stubs } from "../../src/upstream/wire/contract.js";
import type { Entity } from "../../src/upstream/wire/types.js";
import { hasArrived, versionNumber } from "../../src/upstream/wire/versions.js";
import type { Contract } from "../support/openapi.js";
import type { OpenApiSchema } from "../support/openapi-validators.js";
import { contractOrSkip, versions } from "./support/document.js";
import {
  fieldsOf,
  type OrderByAgrees,
  operatorsOf,
  sortable,
  type TableField,
  type WhereAgrees,
} from "./support/filters.js";

const names = Object.keys(entities) as Entity[];

describe.each(versions)("the table as of CloudTower %s", (version) => {
  const contract = contractOrSkip(version);
  /** False for what the version does not have yet. Whether a documented version has something is always known. */
  const has = (name: string) => {
    const known = hasArrived(versionNumber(version) as number, name);
    expect(known, `${name} in ${version} is known`).toBeDefined();
    return known === true;
  };
  const fieldsAt = (type: string, fields: Readonly<Record<string, string>>) =>
    fieldsOf(fields).filter(({ name }) => has(`${type}.${name}`));

  test("has every entity that the graph is made of", () => {
    for (const name of names) {
      const post = contract.document.paths[`/get-${entities[name].path}`]?.post;
      const response = post?.responses["200"]?.content?.["application/json"]?.schema;
      expect(has(name) ? response : undefined, name).toEqual(response && { type: "array", items: ref(name) });
    }
  });

  const present = names.filter(has);

  test.each(present)("has the fields of %s with their kinds, and whether they are required", (name) => {
    checkFields(contract, name, fieldsAt(name, entities[name].fields));
  });

  test("has the fields of stubs and embedded objects", () => {
    for (const [name, fields] of Object.entries(stubs)) {
      const type = `Nested${name}`;
      if (documented(contract, type)) checkFields(contract, type, fieldsAt(type, fields));
    }
    for (const [type, fields] of Object.entries(embedded)) {
      if (documented(contract, type)) checkFields(contract, type, fieldsAt(type, fields));
    }
  });

  test("has the values of the enums", () => {
    for (const [name, values] of Object.entries(enums)) {
      if (!documented(contract, name)) continue;
      expect(values.filter((value) => has(`${name}.${value}`)).sort(), name).toEqual(
        [...(schema(contract, name).enum ?? [])].sort(),
      );
    }
  });

  test.each(present)("has exactly the filters on %s that the document has", (name) => {
    const declared = schema(contract, `${name}WhereInput`).properties ?? {};
    const expected = fieldsAt(name, entities[name].fields).flatMap((field) =>
      operatorsOf(field).map((operator) => [field.name + operator, filterSchema(field, operator)] as const),
    );
    const groups = ["AND", "OR", "NOT"].map((key) => [
      key,
      nullable({ type: "array", items: ref(`${name}WhereInput`) }),
    ]);
    expect(declared).toEqual(Object.fromEntries([...expected, ...groups]));
  });

  test.each(present)("has exactly the orders of %s that the document has", (name) => {
    const expected = fieldsAt(name, entities[name].fields)
      .filter(sortable)
      .flatMap((field) => [`${field.name}_ASC`, `${field.name}_DESC`]);
    expect(expected.sort()).toEqual([...(schema(contract, `${name}OrderByInput`).enum ?? [])].sort());
  });
});

test("the table is made from the newest document", () => {
  expect(contractVersion).toBe(versions.at(-1));
});

test("the wire types have the same filters and orders as the table", () => {
  expectTypeOf<WhereAgrees>().toEqualTypeOf<Record<Entity, true>>();
  expectTypeOf<OrderByAgrees>().toEqualTypeOf<Record<Entity, true>>();
});

/** Fields that an older document leaves open: they are not required. */
const LATER_REQUIRED: Readonly<Record<string, readonly string[]>> = {
  BackupPlan: ["logical_size", "physical_size", "valid_size_of_backup_object", "valid_size_of_restore_point"],
};

/** Compares fields in the table with the schema of that name. */
function checkFields(contract: Contract, name: string, fields: readonly TableField[]): void {
  const { properties = {}, required = [] } = schema(contract, name);
  expect(Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]))).toEqual(
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withoutNull(value)])),
  );
  const later = LATER_REQUIRED[name] ?? [];
  expect(
    fields
      .filter((field) => field.required)
      .map((field) => field.name)
      .sort(),
  ).toEqual(required.filter((field) => !later.includes(field)).sort());
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

/** An older document lacks the types of fields that it does not have. */
function documented({ document }: Contract, name: string): boolean {
  return Object.hasOwn(document.components.schemas, name);
}

function schema({ document }: Contract, name: string): OpenApiSchema {
  const found = document.components.schemas[name];
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
