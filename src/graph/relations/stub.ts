import { stubs } from "../../upstream/wire/contract.js";
import { laterOf } from "../../upstream/wire/versions.js";
import { columnsRead } from "../model/column.js";
import type { GraphObject, GraphObjectClass } from "../model/graph-object.js";
import type { ResourceClass } from "../model/resource.js";
import type { LoadedRelation, StubRow } from "./relation.js";

/**
 * The columns, besides the id, by which a relation's stubs show that they can answer fields; undefined if stubs can never answer one of
 * them.
 */
export function stubColumns(
  { to, stub }: LoadedRelation,
  fields: Iterable<string | undefined>,
): readonly string[] | undefined {
  if (stub === undefined) return undefined;
  const columns = new Set<string>();
  for (const field of fields) {
    if (field === "__typename") continue;
    const read = field !== undefined && stub.fields.has(field) ? columnsRead(to, field) : undefined;
    if (read === undefined) return undefined;
    for (const column of read) columns.add(sign(to, column));
  }
  columns.delete("id");
  return [...columns];
}

/**
 * Whether a stub in the parent's row lacks one of the columns from `stubColumns`, so that the object has to be loaded. Which columns a stub
 * has differs between versions of CloudTower: the row itself tells.
 */
export function stubLacks({ stub }: LoadedRelation, parent: GraphObject, columns: readonly string[]): boolean {
  if (columns.length === 0) return false;
  const held = stub?.held(parent);
  if (held === null || held === undefined) return false;
  return isList(held) ? held.some((row) => lacks(row, columns)) : lacks(held, columns);
}

/** Whether the stubs of every version of CloudTower answer a field. Otherwise the objects may have to be loaded. */
export function isAlwaysHeld({ to, stub }: LoadedRelation, field: string): boolean {
  const { entity } = to as Partial<ResourceClass>;
  const isOld = (column: string) => laterOf([`Nested${entity}.${column}`]) === undefined;
  return stub?.fields.has(field) === true && (columnsRead(to, field)?.every(isOld) ?? field === "__typename");
}

/**
 * The column whose presence in a stub shows that it has a column: an optional one is absent if it has no value, and then a required one
 * that arrived no earlier tells that the version has it.
 */
function sign(to: GraphObjectClass, column: string): string {
  const { entity } = to as Partial<ResourceClass>;
  const kinds = (stubs as unknown as Readonly<Record<string, Kinds | undefined>>)[entity ?? ""] ?? {};
  const isRequired = (name: string) => kinds[name]?.endsWith("!") === true;
  if (!(column in kinds) || isRequired(column)) return column;
  const nameOf = (of: string) => `Nested${entity}.${of}`;
  if (laterOf([nameOf(column)]) === undefined) return "id";
  const isNoEarlier = (other: string) => laterOf([nameOf(other), nameOf(column)]) === nameOf(other);
  return Object.keys(kinds).find((other) => isRequired(other) && isNoEarlier(other)) ?? column;
}

type Kinds = Readonly<Record<string, string>>;

function isList(held: StubRow | readonly StubRow[]): held is readonly StubRow[] {
  return Array.isArray(held);
}

function lacks(row: StubRow, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return true;
  return false;
}
