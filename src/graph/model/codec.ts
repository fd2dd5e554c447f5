import { Float, Int } from "type-graphql";
import { BigIntScalar, DateTimeScalar } from "./scalars.js";

/**
 * How a column's value becomes a field's value.
 *
 * @typeParam K kinds of columns that it reads, in the contract table's words: `string`, `int64`, `enum Vm`, `one Host` ...
 * @typeParam T type of the field's value.
 */
export interface Codec<in K extends string = never, out T = unknown> {
  /** The field's GraphQL type, as type-graphql takes it: a list is an array of one. */
  readonly graphqlType: () => object;
  readonly nullable: boolean;
  fromUpstream(value: unknown): T;
  /** For the compiler alone: never set. */
  readonly accepts?: (kind: K) => void;
}

/** A codec for columns of the kinds K. */
export function codec<K extends string, T>(definition: Omit<Codec<K, T>, "accepts">): Codec<K, T> {
  return definition;
}

/** Text that CloudTower requires; "" if an older version lacks it, or if it is no text: it must not null its object. */
export const requiredText = codec<"string", string>({
  graphqlType: () => String,
  nullable: false,
  fromUpstream: (value: unknown) => (typeof value === "string" ? value : ""),
});

/** Text of which "" means none. */
export const text = codec<"string", string | null>({
  graphqlType: () => String,
  nullable: true,
  fromUpstream: emptyToNull,
});

/** Text of which "" is a value, such as a description. */
export const verbatimText = codec<"string", string | null>({
  graphqlType: () => String,
  nullable: true,
  fromUpstream: (value) => (value as string | null | undefined) ?? null,
});

/** A time as RFC 3339 text; CloudTower writes "" for none. */
export const time = codec<"date" | "string", string | null>({
  graphqlType: () => DateTimeScalar,
  nullable: true,
  fromUpstream: emptyToNull,
});

/** A truth value. */
export const boolean = codec<"boolean", boolean | null>({
  graphqlType: () => Boolean,
  nullable: true,
  fromUpstream: (value) => (value as boolean | null | undefined) ?? null,
});

/** An integer of 32 bits. */
export const integer = numeric<"int32">(() => Int);

/** An integer of 64 bits. */
export const bigInteger = numeric<"int32" | "int64" | "double">(() => BigIntScalar);

/** A number of bytes. */
export const bytes = bigInteger;

/** A fraction. */
export const float = numeric<"int32" | "int64" | "double">(() => Float);

/** A list of texts; empty for none. */
export const texts = listOf<"list string", string>(() => String);

/** A list of integers of 32 bits; empty for none. */
export const integers = listOf<"list int32", number>(() => Int);

/** A list of fractions; empty for none. */
export const floats = listOf<"list double", number>(() => Float);

/** A list that CloudTower writes as one text with commas. */
export const commaSeparated = codec<"string", readonly string[]>({
  graphqlType: () => [String],
  nullable: false,
  fromUpstream: (value) =>
    ((value as string | null | undefined) ?? "")
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
});

/** Null for "" and for an absent value. */
export function emptyToNull(value: unknown): string | null {
  return value === "" ? null : ((value as string | null | undefined) ?? null);
}

function numeric<K extends string>(graphqlType: () => object): Codec<K, number | null> {
  return codec<K, number | null>({
    graphqlType,
    nullable: true,
    fromUpstream: (value) => (value as number | null | undefined) ?? null,
  });
}

function listOf<K extends string, T>(itemType: () => object): Codec<K, readonly T[]> {
  return codec<K, readonly T[]>({
    graphqlType: () => [itemType()],
    nullable: false,
    fromUpstream: (value) => (value as readonly T[] | null | undefined) ?? [],
  });
}
