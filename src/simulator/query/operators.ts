import type { Kind } from "../store/model.js";

type Scalar = string | number | boolean;

/** Compares a stored value with the operand of the filter. Null is SQL's unknown: it does not match, nor does its negation. */
export type Compare = (stored: unknown, operand: unknown) => boolean | null;

/** One operator of the filter language. */
export interface Operator {
  /** Suffix of the field name; "" is equality. */
  readonly suffix: string;
  readonly takesList: boolean;
  readonly compare: Compare;
}

/** Operators of a kind of field: none for lists, JSON and relations. */
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
  // {x: null} is IS NULL and {x_not: null} is IS NOT NULL; x_not with a value does not match rows in which x is null.
  single("", (stored, operand) => (operand === null ? stored === null : known(stored, () => stored === operand))),
  single("_not", (stored, operand) => (operand === null ? stored !== null : known(stored, () => stored !== operand))),
];

const membership: readonly Operator[] = [
  ...equality,
  { suffix: "_in", takesList: true, compare: (stored, operand) => contains(operand, stored, false) },
  { suffix: "_not_in", takesList: true, compare: (stored, operand) => contains(operand, stored, true) },
];

const ranges: readonly Operator[] = [
  ordered("_lt", (order) => order < 0),
  ordered("_lte", (order) => order <= 0),
  ordered("_gt", (order) => order > 0),
  ordered("_gte", (order) => order >= 0),
];

const substrings: readonly Operator[] = (
  [
    ["contains", (stored: string, operand: string) => stored.includes(operand)],
    ["starts_with", (stored: string, operand: string) => stored.startsWith(operand)],
    ["ends_with", (stored: string, operand: string) => stored.endsWith(operand)],
  ] as const
).flatMap(([name, test]) => [
  single(`_${name}`, (stored, operand) => text(stored, operand, test)),
  single(`_not_${name}`, (stored, operand) => text(stored, operand, (a, b) => !test(a, b))),
]);

/** Compares two non-null values: numbers and booleans by size, strings by code unit. */
export function compareValues(a: unknown, b: unknown): number {
  return a === b ? 0 : (a as Scalar) < (b as Scalar) ? -1 : 1;
}

function single(suffix: string, compare: Compare): Operator {
  return { suffix, takesList: false, compare };
}

function ordered(suffix: string, test: (order: number) => boolean): Operator {
  return single(suffix, (stored, operand) =>
    operand === null ? null : known(stored, () => test(compareValues(stored, operand))),
  );
}

function known(stored: unknown, test: () => boolean): boolean | null {
  return stored === null || stored === undefined ? null : test();
}

function contains(operand: unknown, stored: unknown, negated: boolean): boolean | null {
  if (operand === null) return null;
  const set = operand as ReadonlySet<unknown>;
  if (set.size === 0) return negated;
  return known(stored, () => set.has(stored) !== negated);
}

function text(stored: unknown, operand: unknown, test: (a: string, b: string) => boolean): boolean | null {
  return operand === null ? null : known(stored, () => test(stored as string, operand as string));
}
