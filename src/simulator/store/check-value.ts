import { shorten } from "../../kernel/text/shorten.js";
import { badRequest } from "../refusal.js";
import type { Kind, ScalarType } from "./model.js";

/**
 * Reads a value in a filter: a number can also be given as text, as in the vendor's examples. Throws a 400 that names the key if it is not
 * of the field's kind.
 */
export function readValue(kind: Kind, given: unknown, path: string): unknown {
  if (kind.is === "enum") {
    if (typeof given === "string" && kind.values.includes(given)) return given;
    throw badRequest(`${path} must be one of ${kind.values.join(", ")}, got ${describeValue(given)}`);
  }
  if (kind.is !== "scalar") return given;
  const value = isNumeric(kind.type) && typeof given === "string" && NUMBER.test(given) ? Number(given) : given;
  const { expected, holds } = scalars[kind.type];
  if (!holds(value)) throw badRequest(`${path} must be ${expected}, got ${describeValue(given)}`);
  return value;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function isNumeric(type: ScalarType): boolean {
  return type === "int32" || type === "int64" || type === "double";
}

/** A value for an error message: shortened, and without the content of objects. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : shorten(JSON.stringify(value), 80);
}

const text = { expected: "a string", holds: (value: unknown) => typeof value === "string" };

const scalars: Readonly<
  Record<ScalarType, { readonly expected: string; readonly holds: (value: unknown) => boolean }>
> = {
  string: text,
  date: text,
  boolean: { expected: "a boolean", holds: (value) => typeof value === "boolean" },
  double: { expected: "a number", holds: (value) => typeof value === "number" },
  int32: {
    expected: "a 32-bit integer",
    holds: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  },
  int64: { expected: "an integer", holds: (value) => Number.isInteger(value) },
};
