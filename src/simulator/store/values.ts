/** Checks of values in request bodies. */

import { badRequest } from "../refusal.js";
import type { Kind, ScalarType } from "./model.js";

/** Refuses a value that is not of a field's kind, with a message that names the key. */
export function checkValue(kind: Kind, value: unknown, path: string): void {
  if (kind.is === "enum") {
    if (typeof value === "string" && kind.values.includes(value)) return;
    throw badRequest(`${path} must be one of ${kind.values.join(", ")}, got ${describe(value)}`);
  }
  if (kind.is !== "scalar") return;
  const { expected, holds } = scalars[kind.type];
  if (!holds(value)) throw badRequest(`${path} must be ${expected}, got ${describe(value)}`);
}

/** A value for an error message: short, and never an object's content. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : JSON.stringify(value).slice(0, 80);
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
