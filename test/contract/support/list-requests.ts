import { contractVersion, entities } from "../../../src/upstream/wire/contract.js";
import type { Entity } from "../../../src/upstream/wire/types.js";
import type { Contract } from "../../support/openapi.js";
import { documentedFields, fieldsOf, operators, operatorsOf, sortable, type TableField } from "./filters.js";

/** A row as CloudTower sends it. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** A body of `get-<plural>` or `get-<plural>-connection`. */
export interface ListBody {
  readonly where?: object | null;
  readonly orderBy?: string | null;
  readonly first?: number | null;
  readonly last?: number | null;
  readonly skip?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** Every filter key of an entity in a document. */
export function filterKeys({ document }: Contract, entity: Entity): string[] {
  const keys = Object.keys(document.components.schemas[`${entity}WhereInput`]?.properties ?? {});
  return keys.filter((key) => key !== "AND" && key !== "OR" && key !== "NOT");
}

/**
 * Bodies that together use every filter key of an entity in a document, with a value, with null, and within `AND`, `OR` and `NOT`. Values are taken
 * from the given rows if they have any, so that filters match something.
 */
export function filterBodies(contract: Contract, entity: Entity, rows: readonly AnyRow[]): ListBody[] {
  const fields = documentedFields(contract, entity);
  const used = new Set(fields.flatMap((field) => operatorsOf(field)));
  return [...used].flatMap((operator) => {
    const having = fields.filter((field) => operatorsOf(field).includes(operator));
    const values = having.map((field) => ({ [field.name + operator]: filterValue(contract, field, operator, rows) }));
    const nulls = having.map((field) => ({ [field.name + operator]: null }));
    const together = Object.assign({}, ...values);
    return [{ OR: values }, { NOT: values }, { AND: [together] }, { OR: nulls }].map((where) => ({
      where,
      first: PAGE,
    }));
  });
}

/**
 * Filters with one key that is not in the document: for every field that only other versions have, all its operators; for the newest
 * document also, for one field of each kind, the operators that the kind lacks.
 */
export function wrongBodies(contract: Contract, entity: Entity): ListBody[] {
  const fields = documentedFields(contract, entity);
  const known = new Set(filterKeys(contract, entity));
  const suffixes = new Set([...Object.values(operators).flat(), "_is", "_equals"]);
  const oneOfEachKind = new Map(fields.map((field) => [field.kind, field])).values();
  const isNewest = contract.document.info.version === contractVersion;
  const wrong = (isNewest ? [...oneOfEachKind] : []).flatMap((field) =>
    [...suffixes].map((suffix) => field.name + suffix),
  );
  const ofOthers = fieldsOfOthers(contract, entity).flatMap((field) =>
    operatorsOf(field).map((operator) => field.name + operator),
  );
  return [...wrong, ...ofOthers].filter((key) => !known.has(key)).map((key) => ({ where: { [key]: null } }));
}

/** Every order of an entity in a document. */
export function orders({ document }: Contract, entity: Entity): string[] {
  return (document.components.schemas[`${entity}OrderByInput`]?.enum ?? []) as string[];
}

/** Bodies with every order of an entity in a document, one page each. */
export function orderBodies(contract: Contract, entity: Entity): ListBody[] {
  return orders(contract, entity).map((orderBy) => ({ orderBy, first: 2 }));
}

/** Orders by every field that only other versions have. */
export function wrongOrderBodies(contract: Contract, entity: Entity): ListBody[] {
  const fields = fieldsOfOthers(contract, entity).filter(sortable);
  return fields.map(({ name }) => ({ orderBy: `${name}_ASC`, first: 2 }));
}

function fieldsOfOthers(contract: Contract, entity: Entity): TableField[] {
  const documented = new Set(documentedFields(contract, entity).map(({ name }) => name));
  return fieldsOf(entities[entity].fields).filter(({ name }) => !documented.has(name));
}

/** Bodies with every argument of a page, given, absent and null. */
export function pageBodies(rows: readonly AnyRow[]): ListBody[] {
  const id = (rows[0]?.id as string | undefined) ?? "none";
  return [
    {},
    { where: null, orderBy: null, first: null, last: null, skip: null, after: null, before: null },
    { where: {}, first: 0 },
    { where: { AND: [], OR: null, NOT: null }, first: 1, skip: 1 },
    { where: { id_in: [] } },
    { where: { id: "none" } },
    { first: 3, after: id },
    { last: 3, before: id, skip: 1 },
    { orderBy: "id_DESC", first: 3, after: id },
    { first: 3, after: "none" },
  ];
}

/** Page size: enough rows to check their shape. */
const PAGE = 20;

function filterValue(contract: Contract, field: TableField, operator: string, rows: readonly AnyRow[]): unknown {
  const seen = rows.map((row) => row[field.name]).filter((value) => value !== null && value !== undefined);
  switch (field.kind) {
    case "one":
    case "many": {
      const ids = seen.flat().map((stub) => (stub as AnyRow).id);
      return { OR: [{ id_in: ids.slice(0, PAGE) }, { id: "none" }], NOT: [{ id: null }] };
    }
    default: {
      const value = seen[0] ?? emptyValue(contract, field);
      if (operator.endsWith("_in")) return [...new Set([value, ...seen.slice(0, PAGE)])];
      return value;
    }
  }
}

function emptyValue({ document }: Contract, { kind, of }: TableField): unknown {
  switch (kind) {
    case "enum":
      return document.components.schemas[of]?.enum?.[0];
    case "boolean":
      return false;
    case "int32":
    case "int64":
    case "double":
      return 0;
    default:
      return "";
  }
}
