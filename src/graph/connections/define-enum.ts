import { registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import type { Codec } from "../model/codec.js";
import { enumFilter, type OperatorInput } from "./filter-operators.js";

interface EnumCodec<T> extends Codec<`enum ${string}`, T> {
  readonly enumType: () => EnumType;
}

/** The enum that a codec reads, if it reads one. */
export function enumOf(codec: Codec | EnumCodec<unknown>): EnumType | undefined {
  return "enumType" in codec ? codec.enumType() : undefined;
}

/** An enum of the schema, for one of CloudTower's. As a codec it reads UNKNOWN for a value that this version does not know, or none. */
export interface EnumType extends EnumCodec<string> {
  readonly name: string;
  /** The type, as type-graphql takes it. */
  readonly type: object;
  /** Reads null for none. */
  readonly orNull: EnumCodec<string | null>;
  /** The operators that filters have for it. */
  readonly filter: () => OperatorInput;
  /** CloudTower's value for the schema's. */
  toUpstream(value: unknown): string;
}

/**
 * Makes an enum of the schema with an UNKNOWN to fall back on, so that a value of a newer CloudTower breaks no query.
 *
 * @param values each value's description for clients.
 * @param spelling CloudTower's spelling where it differs.
 */
export function defineEnum<V extends string>(
  name: string,
  description: string,
  values: Readonly<Record<V, string>>,
  spelling: Partial<Record<V, string>> = {},
): EnumType {
  const descriptions: Record<string, string> = { ...values };
  const native = "UNKNOWN" in values;
  if (!native) descriptions.UNKNOWN = "A value that this version of TowerQL does not know.";
  const type = Object.fromEntries(Object.keys(descriptions).map((value) => [value, value]));
  registerEnumType(type, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      Object.entries(descriptions).map(([value, text]) => [value, { description: text }]),
    ),
  });
  const toUpstream = new Map(Object.keys(values).map((value) => [value, spelling[value as V] ?? value]));
  const byUpstream = new Map<string, string>([...toUpstream].map(([value, upstream]) => [upstream, value]));
  const fromUpstream = (value: unknown) => byUpstream.get((value as string | null | undefined) ?? "") ?? "UNKNOWN";
  const graphqlType = () => type;
  const enumType: () => EnumType = () => result;
  const result: EnumType = {
    name,
    type,
    enumType,
    graphqlType,
    nullable: false,
    fromUpstream,
    orNull: {
      enumType,
      graphqlType,
      nullable: true,
      fromUpstream: (value) => (value === null || value === undefined ? null : fromUpstream(value)),
    },
    filter: once(() => enumFilter(name, type)),
    toUpstream(value) {
      const upstream = toUpstream.get(String(value));
      if (upstream === undefined) throw badInput(`expected a ${name} other than ${value} in a filter`);
      return upstream;
    },
  };
  return result;
}
