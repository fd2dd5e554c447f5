import { registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import type { Codec } from "../model/codec.js";
import { withArrival } from "../model/column.js";
import { enumFilter, type OperatorInput } from "./filter-operators.js";

interface EnumCodec<T> extends Codec<`enum ${string}`, T> {
  readonly enumType: () => EnumType;
}

/** The enum of a codec, if it has one. */
export function enumOf(codec: Codec | EnumCodec<unknown>): EnumType | undefined {
  return "enumType" in codec ? codec.enumType() : undefined;
}

/** An enum of the schema for one of CloudTower's. As a codec it reads a missing value, or one unknown to this version, as UNKNOWN. */
export interface EnumType extends EnumCodec<string> {
  readonly name: string;
  /** The enum object registered with type-graphql. */
  readonly type: object;
  /** The same codec, but it reads a missing value as null. */
  readonly orNull: EnumCodec<string | null>;
  /** CloudTower's values in alphabetical order of the schema's, without UNKNOWN. */
  readonly upstreamValues: readonly string[];
  /** The filter operators for it. */
  readonly filter: () => OperatorInput;
  /** The CloudTower value for a schema value. @throws TowerError BAD_USER_INPUT for UNKNOWN. */
  toUpstream(value: unknown): string;
}

interface EnumOptions<V extends string> {
  /** CloudTower's spelling of values, if it differs. */
  readonly spelling?: Partial<Record<V, string>>;
  /** Name of the enum in CloudTower's contract. @default the name in the schema */
  readonly contract?: string;
}

/**
 * Defines an enum of the schema with an UNKNOWN to fall back on, so that a value added by a newer CloudTower does not break queries.
 *
 * @param values descriptions by value.
 */
export function defineEnum<V extends string>(
  name: string,
  description: string,
  values: Readonly<Record<V, string>>,
  { spelling = {}, contract = name }: EnumOptions<V> = {},
): EnumType {
  const descriptions: Record<string, string> = { ...values };
  const native = "UNKNOWN" in values;
  if (!native) descriptions.UNKNOWN = "A value that this version of TowerQL does not know.";
  const type = Object.fromEntries(Object.keys(descriptions).map((value) => [value, value]));
  registerEnumType(type, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      Object.entries(descriptions).map(([value, text]) => [
        value,
        { description: withArrival(text, `${contract}.${spelling[value as V] ?? value}`) },
      ]),
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
    upstreamValues: [...toUpstream.keys()]
      .filter((value) => value !== "UNKNOWN")
      .sort()
      .map((value) => toUpstream.get(value) as string),
    filter: once(() => enumFilter(name, type)),
    toUpstream(value) {
      const upstream = toUpstream.get(String(value));
      if (upstream === undefined) throw badInput(`A filter by ${name} cannot use ${value}.`);
      return upstream;
    },
  };
  return result;
}
