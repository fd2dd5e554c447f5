import { entities } from "../../../src/upstream/wire/contract.js";
import type { Entity, FieldsOf, OrderBy, Where } from "../../../src/upstream/wire/types.js";
import type { Contract } from "../../support/openapi.js";

const membership = ["", "_not", "_in", "_not_in"] as const;
const range = ["_lt", "_lte", "_gt", "_gte"] as const;
const substring = ["_contains", "_starts_with", "_ends_with"] as const;
const notSubstring = ["_not_contains", "_not_starts_with", "_not_ends_with"] as const;

/** Operator suffixes for each kind of field. Other kinds cannot be filtered on. */
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

/** Kind of a field: the first word of its entry in the contract table. */
export type FieldKind = keyof typeof operators | "json" | "list";

/** A parsed field of the contract table. */
export interface TableField {
  readonly name: string;
  readonly kind: FieldKind;
  /** The second word: name of an enum, a stub or an embedded object, or the kind of list items. */
  readonly of: string;
  readonly required: boolean;
}

/** Fields of an entity that a document has, with the table's kinds. */
export function documentedFields({ document }: Contract, entity: Entity): TableField[] {
  const documented = document.components.schemas[entity]?.properties ?? {};
  return fieldsOf(entities[entity].fields).filter(({ name }) => Object.hasOwn(documented, name));
}

/** Fields of an entity, stub or embedded object in the contract table. */
export function fieldsOf(fields: Readonly<Record<string, string>>): TableField[] {
  return Object.entries(fields).map(([name, text]) => {
    const [kind, of = ""] = text.replace(/!$/, "").split(/ (.*)/);
    return { name, kind: kind as FieldKind, of, required: text.endsWith("!") };
  });
}

/** Operator suffixes of a field; empty if it cannot be filtered on. */
export function operatorsOf({ kind }: TableField): readonly string[] {
  return kind === "json" || kind === "list" ? [] : operators[kind];
}

/** True if lists can be ordered by this field: all but relations and lists of values. */
export function sortable({ kind }: TableField): boolean {
  return kind !== "one" && kind !== "many" && kind !== "list";
}

type FirstWord<K> = K extends `${infer Inner}!` ? FirstWord<Inner> : K extends `${infer Word} ${string}` ? Word : K;

/** Keys of a filter according to `operators`. */
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

/** `true` for each entity whose `Where` in the wire types has exactly the keys according to `operators`. Checked by tsc. */
export type WhereAgrees = { [E in Entity]: Same<keyof Where<E>, KeysByOperators<E>> };

/** `true` for each entity whose `OrderBy` in the wire types has exactly the sortable fields. Checked by tsc. */
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
