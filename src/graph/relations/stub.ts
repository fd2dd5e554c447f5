import { columnsRead } from "../model/column.js";
import type { GraphObject } from "../model/graph-object.js";
import type { LoadedRelation, StubRow } from "./relation.js";

/** The columns, besides the id, that fields read of a relation's stubs; undefined if stubs cannot answer one of the fields. */
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
    for (const column of read) columns.add(column);
  }
  columns.delete("id");
  return [...columns];
}

/**
 * Whether a stub in the parent's row lacks one of the columns, so that the object has to be loaded. Which columns a stub has differs
 * between versions of CloudTower: the row itself tells.
 */
export function stubLacks({ stub }: LoadedRelation, parent: GraphObject, columns: readonly string[]): boolean {
  if (columns.length === 0) return false;
  const held = stub?.held(parent);
  if (held === null || held === undefined) return false;
  return isList(held) ? held.some((row) => lacks(row, columns)) : lacks(held, columns);
}

function isList(held: StubRow | readonly StubRow[]): held is readonly StubRow[] {
  return Array.isArray(held);
}

function lacks(row: StubRow, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return true;
  return false;
}
