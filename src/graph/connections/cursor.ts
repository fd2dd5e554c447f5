import { createHash } from "node:crypto";
import { badInput, type TowerError } from "../../kernel/errors.js";
import { decodeUtf8 } from "../../kernel/text/decode-utf8.js";
import { isCloudTowerId, quote } from "../../kernel/text/global-id.js";
import { Direction } from "./direction.js";
import { columnsOfOrder, isValueOf, type Ordering } from "./order.js";
import { cursorValue, isCursorValue } from "./value-groups.js";

/** A position in an order: just after the object with these values and id, whether or not it still exists. */
export interface Position {
  /** Values of the order's groupings. @default none */
  readonly groups?: readonly unknown[];
  readonly value: string | number | null;
  readonly id: string;
}

/**
 * A list that cursors belong to: the place in the schema, the order and the filter. Neither the page size nor the parent is part of it: the
 * lists below all parents of a selection have the same arguments, and a position has a meaning in each of them.
 */
export interface CursorList {
  /** The field: `vms` at the root, `Cluster.vms` below objects. */
  readonly name: string;
  readonly ordering: Ordering;
  /** A text that is equal for equal filters alone; "" if there is none. */
  readonly filter: string;
}

/** What a cursor contains, as JSON in base64url: the values are those of the order's groupings and of its field, unless that is the id. */
type Parts = [list: string, order: string, filter: string, id: string, ...values: unknown[]];

/** The opaque cursors of a list. */
export class Cursors {
  private readonly prefix: readonly [list: string, order: string, filter: string];

  constructor(private readonly list: CursorList) {
    this.prefix = [tag(list.name), orderText(list.ordering), list.filter === "" ? "" : tag(list.filter)];
  }

  /** The order of the list. */
  get ordering(): Ordering {
    return this.list.ordering;
  }

  /** The cursor of a row: the position just after it. */
  encode(row: { readonly id: string }): string {
    const columns = columnsOfOrder(this.ordering).filter((column) => column !== "id");
    const values = columns.map((column, index) => {
      const value = (row as unknown as Record<string, unknown>)[column] ?? null;
      const grouping = this.ordering.groupings[index];
      return grouping === undefined ? value : cursorValue(grouping, value);
    });
    const parts: Parts = [...this.prefix, row.id, ...values];
    return Buffer.from(JSON.stringify(parts)).toString("base64url");
  }

  /**
   * The position in a cursor.
   *
   * @param argument for the message: `after` or `before`.
   * @throws TowerError BAD_USER_INPUT if the cursor is malformed, or belongs to another list, order or filter.
   */
  decode(argument: string, cursor: string): Position {
    const { name, ordering } = this.list;
    const [list, order, filter] = this.prefix;
    const parts = parse(cursor);
    if (parts === undefined) throw notACursor(argument, name, quote(cursor));
    if (isOfEarlierVersion(parts)) throw notACursor(argument, name, "one of an earlier version of TowerQL");
    const [ofList, ofOrder, ofFilter, id, ...values] = parts;
    if (ofList !== list) throw notACursor(argument, name, "one of another list");
    if (ofOrder !== order) {
      const got = ORDER_TEXT.test(String(ofOrder)) ? `one ordered by ${spelledOut(String(ofOrder))}` : quote(cursor);
      throw badInput(
        `"${argument}" must be a cursor of a list ordered by ${spelledOut(order)}, got ${got}. ${START_AGAIN}`,
      );
    }
    if (ofFilter !== filter) {
      throw badInput(
        `"${argument}" must be a cursor of ${name} with the same filter, got one with another filter. ${START_AGAIN}`,
      );
    }
    if (typeof id !== "string" || !isCloudTowerId(id)) throw notACursor(argument, name, quote(cursor));
    const groups = values.slice(0, ordering.groupings.length);
    if (!ordering.groupings.every((grouping, index) => isCursorValue(grouping, groups[index]))) {
      throw notACursor(argument, name, quote(cursor));
    }
    const [value, ...others] =
      ordering.field === "id" ? [id, ...values.slice(groups.length)] : values.slice(groups.length);
    if (others.length > 0 || value === undefined || !isValueOf(ordering, value)) {
      throw notACursor(argument, name, quote(cursor));
    }
    return { groups, value, id };
  }
}

const START_AGAIN = "Pass the arguments of the page that the cursor is from, or start from the first page.";

function notACursor(argument: string, list: string, got: string): TowerError {
  return badInput(`"${argument}" must be a cursor of this list (${list}), got ${got}. ${START_AGAIN}`);
}

/** A few characters that are different for different texts, but for one in 16 million. */
function tag(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 4);
}

const ORDER_TEXT = /^$|^-?[A-Z][A-Z0-9_]{0,60}(,-?[A-Z][A-Z0-9_]{0,60}){0,9}$/;

/** Short for the default order: "". `STATUS,-NAME` for STATUS ASC, NAME DESC. */
function orderText({ criteria }: Ordering): string {
  const text = criteria.map(({ field, direction }) => (direction === Direction.DESC ? `-${field}` : field)).join(",");
  return text === "ID" ? "" : text;
}

function spelledOut(order: string): string {
  const criteria = (order || "ID").split(",");
  return criteria.map((one) => (one.startsWith("-") ? `${one.slice(1)} DESC` : `${one} ASC`)).join(", ");
}

function parse(cursor: string): unknown[] | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  // Node ignores characters that are not base64url.
  if (bytes.toString("base64url") !== cursor) return undefined;
  try {
    const parsed: unknown = JSON.parse(decodeUtf8(bytes) ?? "");
    return Array.isArray(parsed) && parsed.length >= 4 ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Before version 0.1.0 a cursor was `[order, direction, value, id]`. */
function isOfEarlierVersion([, direction]: readonly unknown[]): boolean {
  return direction === "ASC" || direction === "DESC";
}
