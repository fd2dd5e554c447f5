import type { Entity, FieldsOf, OrderBy, Where } from "../../../src/upstream/wire/types.js";

const membership = ["", "_not", "_in", "_not_in"] as const;
const range = ["_lt", "_lte", "_gt", "_gte"] as const;
const substring = ["_contains", "_starts_with", "_ends_with"] as const;
const notSubstring = ["_not_contains", "_not_starts_with", "_not_ends_with"] as const;

/** What may follow a field's name in a filter, for each kind of field. Kinds that are not named cannot be filtered on. */
export const operators = {
  string: [...membership, ...range, ...substring, ...notSubstring],
  date: [...membership, ...range],
  int32: [...membership, ...range],
  int64: [...membership, ...range],
  double: [...membership, ...range],
  boolean: ["", "_not"],
  enum: membership,
  one: [""],
  many: ["_some", "_every", "_none"],
} as const;

/** The kinds of fields by the first word of their name in the contract table. */
export type FieldKind = keyof typeof operators | "json" | "list";

/** A field of an entity as the contract table tells it. */
export interface TableField {
  readonly name: string;
  readonly kind: FieldKind;
  /** The second word: an enum, a stub, an embedded object or what a list holds. */
  readonly of: string;
  readonly required: boolean;
}

/** The fields of one entity, stub or embedded object in the contract table. */
export function fieldsOf(fields: Readonly<Record<string, string>>): TableField[] {
  return Object.entries(fields).map(([name, text]) => {
    const [kind, of = ""] = text.replace(/!$/, "").split(/ (.*)/);
    return { name, kind: kind as FieldKind, of, required: text.endsWith("!") };
  });
}

/** What may follow the name of this field in a filter; empty where it cannot be filtered on. */
export function operatorsOf({ kind }: TableField): readonly string[] {
  return kind === "json" || kind === "list" ? [] : operators[kind];
}

/** Whether lists can be ordered by this field: everything but relations and lists of values. */
export function sortable({ kind }: TableField): boolean {
  return kind !== "one" && kind !== "many" && kind !== "list";
}

type FirstWord<K> = K extends `${infer Inner}!` ? FirstWord<Inner> : K extends `${infer Word} ${string}` ? Word : K;

/** The keys of a filter, from the operators above. */
export type KeysByOperators<E extends Entity> =
  | "AND"
  | "OR"
  | "NOT"
  | {
      [F in keyof FieldsOf<E> & string]: FirstWord<FieldsOf<E>[F]> extends infer K extends keyof typeof operators
        ? `${F}${(typeof operators)[K][number]}`
        : never;
    }[keyof FieldsOf<E> & string];

type Same<A, B> = [A, B] extends [B, A] ? true : { missing: Exclude<A, B>; excess: Exclude<B, A> };

/** `true` for each kind whose `Where` in the wire types has the keys that the operators above give; checked by tsc. */
export type WhereAgrees = { [E in Entity]: Same<keyof Where<E>, KeysByOperators<E>> };

/** The same for `OrderBy`. */
export type OrderByAgrees = {
  [E in Entity]: Same<
    OrderBy<E>,
    {
      [F in keyof FieldsOf<E> & string]: FirstWord<FieldsOf<E>[F]> extends "one" | "many" | "list"
        ? never
        : `${F}_${"ASC" | "DESC"}`;
    }[keyof FieldsOf<E> & string]
  >;
};
