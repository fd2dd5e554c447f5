/**
 * TypeScript types of CloudTower's JSON, computed from the contract table.
 *
 * Only `id` is certain: versions differ, so any other field may be absent or null, and an enum may have a value that the table does
 * not list.
 */
import type { embedded, entities, stubs } from "./contract.js";

/** Name of a type that CloudTower can list, such as `Vm` or `IscsiLun`. */
export type Entity = keyof typeof entities;

/** Names and kinds of an entity's fields. */
export type FieldsOf<E extends Entity> = (typeof entities)[E]["fields"];

/** One object of `get-<plural>`, as sent. */
export type Row<E extends Entity> = { readonly id: string } & Optional<FieldsOf<E>>;

/** Fields of a related object in a row: mostly `id` and `name`. The object itself may no longer exist. */
export type Stub<N extends keyof typeof stubs> = { readonly id: string } & Optional<(typeof stubs)[N]>;

/** An object embedded whole in a row, such as a frozen disk of a snapshot. */
export type Embedded<N extends keyof typeof embedded> = Optional<(typeof embedded)[N]>;

type Optional<F> = { readonly [K in Exclude<keyof F, "id">]?: Value<F[K]> | null } & ("id" extends keyof F
  ? { readonly id: string }
  : unknown);

type Value<K> = K extends `${infer Inner}!`
  ? Value<Inner>
  : K extends "string" | "date"
    ? string
    : K extends "int32" | "int64" | "double"
      ? number
      : K extends "boolean"
        ? boolean
        : K extends `enum ${string}`
          ? string
          : K extends `list ${infer Item}`
            ? readonly Value<Item>[]
            : K extends `one ${infer N extends keyof typeof stubs}`
              ? Stub<N>
              : K extends `many ${infer N extends keyof typeof stubs}`
                ? readonly Stub<N>[]
                : K extends `json [${infer N extends keyof typeof embedded}]`
                  ? readonly Embedded<N>[]
                  : K extends `json ${infer N extends keyof typeof embedded}`
                    ? Embedded<N>
                    : unknown;

/**
 * CloudTower's filter language for one kind of object: `field` and `field_<operator>`, nested filters for relations,
 * `AND` / `OR` / `NOT`. A null means IS NULL, never "no filter".
 */
export type Where<E extends Entity> = {
  readonly [C in Clause<E> as C["key"]]?: C["value"];
} & {
  readonly AND?: readonly Where<E>[];
  readonly OR?: readonly Where<E>[];
  readonly NOT?: readonly Where<E>[];
};

/** One value of `orderBy`. */
export type OrderBy<E extends Entity> = `${SortableField<E>}_${"ASC" | "DESC"}`;

type SortableField<E extends Entity> = {
  [F in keyof FieldsOf<E> & string]: FieldsOf<E>[F] extends `${"one" | "many" | "list"} ${string}` ? never : F;
}[keyof FieldsOf<E> & string];

type Clause<E extends Entity> = {
  [F in keyof FieldsOf<E> & string]: FieldClause<F, Required<FieldsOf<E>[F]>>;
}[keyof FieldsOf<E> & string];

type Required<K> = K extends `${infer Inner}!` ? Inner : K;

type FieldClause<F extends string, K> = K extends `one ${infer N}`
  ? { key: F; value: RelatedWhere<N> | null }
  : K extends `many ${infer N}`
    ? { key: `${F}_${"some" | "every" | "none"}`; value: RelatedWhere<N> }
    : K extends keyof Operators
      ? OperatorClause<F, Operators[K], Value<K>>
      : K extends `enum ${string}`
        ? OperatorClause<F, Membership, string>
        : never;

type OperatorClause<F extends string, O extends string, V> = O extends "_in" | "_not_in"
  ? { key: `${F}${O}`; value: readonly V[] }
  : { key: `${F}${O}`; value: V | null };

/** A type that no endpoint lists can be filtered by the fields of its stub. */
type RelatedWhere<N> = N extends Entity
  ? Where<N>
  : { readonly id?: string; readonly id_in?: readonly string[]; readonly name?: string };

type Membership = "" | "_not" | "_in" | "_not_in";
type Range = "_lt" | "_lte" | "_gt" | "_gte";
type Substring = "_contains" | "_starts_with" | "_ends_with";

interface Operators {
  string: Membership | Range | Substring | `_not${Substring}`;
  date: Membership | Range;
  int32: Membership | Range;
  int64: Membership | Range;
  double: Membership | Range;
  boolean: "" | "_not";
}
