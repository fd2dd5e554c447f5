/** The operators of the filter language: which ones a kind of field has, and what each of them means. */
import type { Kind } from "../store/model.js";

type Scalar = string | number | boolean;

/** Compares a stored value with the filter's. Null is SQL's "unknown": it neither matches nor, negated, does not match. */
export type Compare = (stored: unknown, wanted: unknown) => boolean | null;

/** One operator. */
export interface Operator {
  /** What is appended to the field's name; "" is equality. */
  readonly suffix: string;
  readonly takesList: boolean;
  readonly compare: Compare;
}

/** The operators of a kind of field. Lists and JSON have none; relations are not handled here. */
export function operatorsOf(kind: Kind): readonly Operator[] {
  if (kind.is === "enum") return membership;
  if (kind.is !== "scalar") return [];
  switch (kind.type) {
    case "boolean":
      return equality;
    case "string":
      return [...membership, ...ranges, ...substrings];
    case "date":
    case "int32":
    case "int64":
    case "double":
      return [...membership, ...ranges];
    default:
      return kind.type satisfies never;
  }
}

const equality: readonly Operator[] = [
  // {x: null} asks for IS NULL and {x_not: null} for IS NOT NULL; x_not with a value drops the rows where x is null.
  single("", (stored, wanted) => (wanted === null ? stored === null : known(stored, () => stored === wanted))),
  single("_not", (stored, wanted) => (wanted === null ? stored !== null : known(stored, () => stored !== wanted))),
];

const membership: readonly Operator[] = [
  ...equality,
  { suffix: "_in", takesList: true, compare: (stored, wanted) => contains(wanted, stored, false) },
  { suffix: "_not_in", takesList: true, compare: (stored, wanted) => contains(wanted, stored, true) },
];

const ranges: readonly Operator[] = [
  ordered("_lt", (order) => order < 0),
  ordered("_lte", (order) => order <= 0),
  ordered("_gt", (order) => order > 0),
  ordered("_gte", (order) => order >= 0),
];

const substrings: readonly Operator[] = (
  [
    ["contains", (stored: string, wanted: string) => stored.includes(wanted)],
    ["starts_with", (stored: string, wanted: string) => stored.startsWith(wanted)],
    ["ends_with", (stored: string, wanted: string) => stored.endsWith(wanted)],
  ] as const
).flatMap(([name, test]) => [
  single(`_${name}`, (stored, wanted) => text(stored, wanted, test)),
  single(`_not_${name}`, (stored, wanted) => text(stored, wanted, (a, b) => !test(a, b))),
]);

/** Orders two values that are not null: numbers and booleans by size, strings by code unit. */
export function order(a: unknown, b: unknown): number {
  return a === b ? 0 : (a as Scalar) < (b as Scalar) ? -1 : 1;
}

function single(suffix: string, compare: Compare): Operator {
  return { suffix, takesList: false, compare };
}

function ordered(suffix: string, test: (order: number) => boolean): Operator {
  return single(suffix, (stored, wanted) =>
    wanted === null ? null : known(stored, () => test(order(stored, wanted))),
  );
}

function known(stored: unknown, test: () => boolean): boolean | null {
  return stored === null || stored === undefined ? null : test();
}

function contains(wanted: unknown, stored: unknown, negated: boolean): boolean | null {
  if (wanted === null) return null;
  const set = wanted as ReadonlySet<unknown>;
  if (set.size === 0) return negated;
  return known(stored, () => set.has(stored) !== negated);
}

function text(stored: unknown, wanted: unknown, test: (a: string, b: string) => boolean): boolean | null {
  return wanted === null ? null : known(stored, () => test(stored as string, wanted as string));
}
