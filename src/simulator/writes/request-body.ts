import { badRequest } from "../refusal.js";
import { describeValue } from "../store/check-value.js";
import type { Values } from "../store/store.js";

/** Reads an object that has no keys but these; a trailing "!" makes one required. Throws a 400 otherwise. */
export function readObject(value: unknown, path: string, keys: readonly string[]): Values {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badRequest(`${path} must be an object, got ${describeValue(value)}`);
  }
  const object = value as Values;
  const known = keys.map((key) => key.replace("!", ""));
  for (const key of Object.keys(object)) {
    if (!known.includes(key)) throw badRequest(`${path}.${key} is not allowed: expected ${known.join(", ")}`);
  }
  for (const key of keys.filter((name) => name.endsWith("!"))) {
    if (object[key.slice(0, -1)] === undefined) throw badRequest(`${path}.${key.slice(0, -1)} is required`);
  }
  return object;
}

/** Reads an array. Throws a 400 otherwise. */
export function readList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest(`${path} must be an array, got ${describeValue(value)}`);
  return value;
}

/** Reads a non-empty string. Throws a 400 otherwise. */
export function readText(object: Values, key: string, path: string): string {
  const value = object[key];
  if (typeof value !== "string" || value === "") {
    throw badRequest(`${path}.${key} must be a non-empty string, got ${describeValue(value)}`);
  }
  return value;
}
