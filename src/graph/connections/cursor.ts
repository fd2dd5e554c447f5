import { badInput, type TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/global-id.js";
import type { Ordering } from "./order.js";

/** A place in an order: behind the object with this value and id, whether or not it still exists. */
export interface Position {
  readonly value: string | number | null;
  readonly id: string;
}

/** An opaque text for a place in a list: it holds the order, the value and the id. */
export function encodeCursor(ordering: Ordering, row: { readonly id: string }): string {
  const value = (row as unknown as Record<string, unknown>)[ordering.field] ?? null;
  return Buffer.from(JSON.stringify([ordering.name, ordering.direction, value, row.id])).toString("base64url");
}

/**
 * The place that a cursor names.
 *
 * @throws TowerError BAD_USER_INPUT where it is none, or one of a list with another order.
 */
export function decodeCursor(ordering: Ordering, argument: string, cursor: string): Position {
  const [name, direction, value, id] = parse(cursor) ?? [];
  if (typeof name !== "string" || typeof id !== "string") throw noCursor(argument, cursor);
  if (name !== ordering.name || direction !== ordering.direction) {
    const expected = `${ordering.name} ${ordering.direction}`;
    throw badInput(
      `expected a cursor of a list in order ${expected} in "${argument}", got one of ${name} ${direction}`,
    );
  }
  const fits = value === null ? ordering.nullable : typeof value === ordering.values;
  if (!fits) throw noCursor(argument, cursor);
  return { value: value as Position["value"], id };
}

function noCursor(argument: string, cursor: string): TowerError {
  return badInput(`expected a cursor of this list in "${argument}", got ${quote(cursor)}`);
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(parsed) && parsed.length === 4 ? parsed : undefined;
  } catch {
    return undefined;
  }
}
