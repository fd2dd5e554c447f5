import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { Random } from "./seeded.js";

const MAX_DEPTH = 5;

/** Generates a valid query of the schema with random fields, arguments, aliases, fragments and directives. */
export function generateOperation(schema: GraphQLSchema, random: Random): string {
  const query = schema.getQueryType() as GraphQLNamedType;
  return `query Generated ${selection(schema, query, random, 0)}`;
}

function selection(schema: GraphQLSchema, type: GraphQLNamedType, random: Random, depth: number): string {
  const picked = [depth > 0 && random.below(3) === 0 ? "__typename" : ""];
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields()).filter(({ args }) => !args.some(needsCursor));
    for (let count = 1 + random.below(depth === 0 ? 2 : 4); count > 0; count -= 1) {
      picked.push(fieldText(schema, random.pick(fields), random, depth, picked.length));
    }
  }
  if (isInterfaceType(type)) {
    const target = random.pick(schema.getPossibleTypes(type));
    picked.push(`... on ${target.name} ${selection(schema, target, random, depth + 1)}`);
  }
  const texts = picked.filter((text) => text !== "");
  return `{ ${texts.length === 0 ? "__typename" : texts.join(" ")} }`;
}

/** A cursor comes only from the gateway. */
function needsCursor({ type }: GraphQLArgument): boolean {
  return isNonNullType(type) && getNamedType(type).name === "EventCursor";
}

function fieldText(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  random: Random,
  depth: number,
  index: number,
): string {
  const target = getNamedType(field.type);
  if (!isLeafType(target) && depth >= MAX_DEPTH) return "";
  const args = field.args.map((arg) => argument(arg, random)).filter((text) => text !== "");
  // Paging forward and backward exclude each other.
  const forward = args.filter((text) => !/^(last|before|after):/.test(text));
  const list = forward.length > 0 ? `(${forward.join(", ")})` : "";
  const directive = random.below(10) === 0 ? ` @include(if: ${random.below(2) === 0})` : "";
  const subselection = isLeafType(target) ? "" : ` ${selection(schema, target, random, depth + 1)}`;
  return `f${depth}_${index}: ${field.name}${list}${directive}${subselection}`;
}

function argument({ name, type }: GraphQLArgument, random: Random): string {
  if (!isNonNullType(type) && random.below(2) === 0) return "";
  return `${name}: ${name === "first" ? String(1 + random.below(3)) : value(type, random, 0)}`;
}

function value(type: GraphQLInputType, random: Random, depth: number): string {
  if (isNonNullType(type)) return value(type.ofType, random, depth);
  if (isListType(type)) return `[${value(type.ofType, random, depth + 1)}]`;
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  if (isInputObjectType(type)) return inputObject(Object.values(type.getFields()), random, depth);
  const literals: Record<string, string> = {
    Int: "2",
    Float: "0.5",
    Boolean: "true",
    BigInt: "4096",
    DateTime: '"2026-01-02T03:04:05Z"',
  };
  return literals[type.name] ?? random.pick(['"Vm:unknown"', '"web"', '"zbs-1"']);
}

function inputObject(
  fields: readonly GraphQLArgument[] | readonly { name: string; type: GraphQLInputType }[],
  random: Random,
  depth: number,
): string {
  const required = fields.filter(({ type }) => isNonNullType(type));
  const others = depth > 4 ? [] : fields.filter(({ type }) => !isNonNullType(type));
  const chosen = [...required, ...(others.length > 0 ? [random.pick(others)] : [])];
  return `{ ${chosen.map(({ name, type }) => `${name}: ${value(type, random, depth + 1)}`).join(", ")} }`;
}
