import { registerEnumType } from "type-graphql";
import { badInput } from "../../kernel/errors.js";
import { once } from "../../kernel/once.js";
import { enumFilter, type OperatorInput } from "./filter-operators.js";

/** An enum of the schema that stands for one of CloudTower's. */
export interface EnumType<V extends string = string> {
  readonly name: string;
  /** What type-graphql takes for the type. */
  readonly type: object;
  /** The schema's value for CloudTower's; UNKNOWN for one that this version does not know, or none. */
  fromUpstream(upstream: string | null | undefined): V | "UNKNOWN";
  /** The same, but null for none. */
  fromUpstreamOrNull(upstream: string | null | undefined): V | "UNKNOWN" | null;
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
): EnumType<V> {
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
  const fromUpstream = new Map([...toUpstream].map(([value, upstream]) => [upstream, value as V]));
  const of = (upstream: string | null | undefined) => fromUpstream.get(upstream ?? "") ?? "UNKNOWN";
  return {
    name,
    type,
    filter: once(() => enumFilter(name, type)),
    fromUpstream: of,
    fromUpstreamOrNull: (upstream) => (upstream === null || upstream === undefined ? null : of(upstream)),
    toUpstream(value) {
      const upstream = toUpstream.get(String(value));
      if (upstream === undefined) throw badInput(`expected a ${name} other than ${value} in a filter`);
      return upstream;
    },
  };
}
