import { badInput, type TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import type { Ordering } from "./order.js";

/** A position in an order: just after the object with this value and id, whether or not it still exists. */
export interface Position {
  readonly value: string | number | null;
  readonly id: string;
}

/** An opaque cursor for a position in a list: it contains the order, the value and the id. */
export function encodeCursor(ordering: Ordering, row: { readonly id: string }): string {
  const value = (row as unknown as Record<string, unknown>)[ordering.field] ?? null;
  return Buffer.from(JSON.stringify([ordering.name, ordering.direction, value, row.id])).toString("base64url");
}

/**
 * The position in a cursor.
 *
 * @throws TowerError BAD_USER_INPUT if the cursor is malformed or belongs to a list with another order.
 */
export function decodeCursor(ordering: Ordering, argument: string, cursor: string): Position {
  const [name, direction, value, id] = parse(cursor) ?? [];
  if (typeof name !== "string" || typeof id !== "string") throw invalidCursor(argument, cursor);
  if (name !== ordering.name || direction !== ordering.direction) {
    const expected = `${ordering.name} ${ordering.direction}`;
    throw badInput(
      `"${argument}" must be a cursor of a list ordered by ${expected}, got one ordered by ${name} ${direction}.`,
    );
  }
  const fits = value === null ? ordering.nullable : typeof value === ordering.values;
  if (!fits) throw invalidCursor(argument, cursor);
  return { value: value as Position["value"], id };
}

function invalidCursor(argument: string, cursor: string): TowerError {
  return badInput(`"${argument}" must be a cursor of this list, got ${quote(cursor)}.`);
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(parsed) && parsed.length === 4 ? parsed : undefined;
  } catch {
    return undefined;
  }
}
