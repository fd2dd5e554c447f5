import { entities } from "../../upstream/wire/contract.js";
import type { Entity, FieldsOf, Row, Where } from "../../upstream/wire/types.js";
import type { Kind } from "../model/column.js";

/** Columns of an entity that are of one of the kinds. */
type ColumnsOfKind<E extends Entity, K extends string> = {
  [C in keyof FieldsOf<E> & string]: Kind<FieldsOf<E>[C]> extends K ? C : never;
}[keyof FieldsOf<E> & string];

/** Columns that hold one related object's id and name. */
export type StubColumn<E extends Entity> = ColumnsOfKind<E, `one ${string}`>;
/** Columns that hold the ids and names of several related objects. */
export type StubsColumn<E extends Entity> = ColumnsOfKind<E, `many ${string}`>;
/** Columns that hold a plain id or another text that objects are looked up by. */
export type TextColumn<E extends Entity> = ColumnsOfKind<E, "string">;
/** Columns that tell how many related objects there are: their stubs, or their number. */
export type CountColumn<E extends Entity> = ColumnsOfKind<E, `many ${string}` | "int32">;
/** Columns that can be compared as numbers. */
export type NumberColumn<E extends Entity> = ColumnsOfKind<E, "int32" | "int64" | "double">;
/** Columns by which a row names the objects that it belongs to. */
export type ViaColumn<E extends Entity> = StubColumn<E> | StubsColumn<E> | TextColumn<E>;

/** How rows name the objects that they belong to. */
export interface Via<E extends Entity> {
  readonly column: string;
  /** Filter for the rows that name one of the keys. */
  where(keys: readonly string[]): Where<E>;
  /** The keys that a row names: one, or several for a many-to-many relation. */
  keysOf(row: Row<E>): string | readonly string[] | null | undefined;
}

/** Rows that name objects in a column: by a stub, by a list of stubs, or by a bare key. */
export function via<E extends Entity>(entity: E, column: ViaColumn<E> | "id"): Via<E> {
  const kind = (entities[entity].fields as Readonly<Record<string, string>>)[column] ?? "string";
  const value = (row: Row<E>) => (row as Readonly<Record<string, unknown>>)[column];
  const where = (condition: object) => condition as Where<E>;
  if (kind.startsWith("one ")) {
    return {
      column,
      where: (keys) => where({ [column]: { id_in: keys } }),
      keysOf: (row) => (value(row) as { readonly id: string } | null | undefined)?.id,
    };
  }
  if (kind.startsWith("many ")) {
    return {
      column,
      where: (keys) => where({ [`${column}_some`]: { id_in: keys } }),
      keysOf: (row) => (value(row) as readonly { readonly id: string }[] | null | undefined)?.map(({ id }) => id),
    };
  }
  return {
    column,
    where: (keys) => where({ [`${column}_in`]: keys }),
    keysOf: (row) => value(row) as string | null | undefined,
  };
}

/** The number of related objects that a row's column tells: the column holds it, or their stubs. */
export function countIn(row: object, column: string): number | undefined {
  const value = (row as Readonly<Record<string, unknown>>)[column];
  if (Array.isArray(value)) return value.length;
  return typeof value === "number" ? value : undefined;
}
