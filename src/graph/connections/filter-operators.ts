import { Field, Float, ID, InputType, Int } from "type-graphql";
import { BigIntScalar, DateTimeScalar } from "../model/scalars.js";

type GraphQLType = object;

/** An input type with the operators of one kind of field. */
export interface OperatorInput {
  readonly input: new () => object;
}

const OPERATORS = {
  eq: { suffix: "", list: false, text: "Equal to this." },
  not: { suffix: "_not", list: false, text: "Not equal to this; does not match objects without a value." },
  in: { suffix: "_in", list: true, text: "Equal to one of these; an empty list matches nothing." },
  notIn: {
    suffix: "_not_in",
    list: true,
    text: "Equal to none of these, at least one; does not match objects without a value.",
  },
  lt: { suffix: "_lt", list: false, text: "Less than this." },
  lte: { suffix: "_lte", list: false, text: "Less than or equal to this." },
  gt: { suffix: "_gt", list: false, text: "Greater than this." },
  gte: { suffix: "_gte", list: false, text: "Greater than or equal to this." },
  contains: { suffix: "_contains", list: false, text: "Contains this string." },
  notContains: { suffix: "_not_contains", list: false, text: "Does not contain this string." },
  startsWith: { suffix: "_starts_with", list: false, text: "Starts with this string." },
  notStartsWith: { suffix: "_not_starts_with", list: false, text: "Does not start with this string." },
  endsWith: { suffix: "_ends_with", list: false, text: "Ends with this string." },
  notEndsWith: { suffix: "_not_ends_with", list: false, text: "Does not end with this string." },
} as const;

/** An operator of the filter inputs. */
export type Operator = keyof typeof OPERATORS;

/** The suffix of CloudTower's filter key: `_in` for `in`. */
export function operatorSuffix(operator: Operator): string {
  return OPERATORS[operator].suffix;
}

/** Whether the operator takes a list. */
export function takesList(operator: Operator): boolean {
  return OPERATORS[operator].list;
}

/** Whether the name is that of an operator. */
export function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}

const MEMBERSHIP: Operator[] = ["eq", "not", "in", "notIn"];
const RANGE: Operator[] = ["lt", "lte", "gt", "gte"];
const TEXT: Operator[] = ["contains", "notContains", "startsWith", "notStartsWith", "endsWith", "notEndsWith"];

/** Operators on ids, global or bare. */
export const IdFilter = operators("IdFilter", () => ID, "Conditions on an id, global or bare.", MEMBERSHIP);
/** Operators on strings. */
export const StringFilter = operators("StringFilter", () => String, "Conditions on a string.", [
  ...MEMBERSHIP,
  ...RANGE,
  ...TEXT,
]);
/** Operators on times. */
export const DateTimeFilter = operators("DateTimeFilter", () => DateTimeScalar, "Conditions on a time.", [
  ...MEMBERSHIP,
  ...RANGE,
]);
/** Operators on 32-bit integers. */
export const IntFilter = operators("IntFilter", () => Int, "Conditions on an integer.", [...MEMBERSHIP, ...RANGE]);
/** Operators on 64-bit integers. */
export const BigIntFilter = operators(
  "BigIntFilter",
  () => BigIntScalar,
  "Conditions on an integer of up to 64 bits.",
  [...MEMBERSHIP, ...RANGE],
);
/** Operators on floating-point numbers. */
export const FloatFilter = operators("FloatFilter", () => Float, "Conditions on a floating-point number.", [
  ...MEMBERSHIP,
  ...RANGE,
]);
/** Operators on Booleans. */
export const BooleanFilter = operators("BooleanFilter", () => Boolean, "Conditions on a Boolean.", ["eq", "not"]);

/** Operators on an enum, such as `VmStatusFilter`. */
export function enumFilter(enumName: string, type: GraphQLType): OperatorInput {
  return operators(`${enumName}Filter`, () => type, `Conditions on a value of ${enumName}.`, MEMBERSHIP);
}

function operators(name: string, type: () => GraphQLType, description: string, names: Operator[]): OperatorInput {
  const input = inputClass(name, `${description} All given conditions must hold.`);
  for (const operator of names) {
    const { list, text } = OPERATORS[operator];
    Field(() => (list ? [type()] : type()) as never, { nullable: true, description: text })(input.prototype, operator);
  }
  Field(() => Boolean, { nullable: true, description: "True: has no value. False: has a value." })(
    input.prototype,
    "isNull",
  );
  return { input };
}

/** A class registered with type-graphql as an input type of that name. */
export function inputClass(name: string, description: string): new () => object {
  const input = class {};
  Object.defineProperty(input, "name", { value: name });
  InputType(name, { description })(input);
  return input;
}
