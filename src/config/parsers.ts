import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** Parses the text of a setting. Throws `InvalidValue` if the text does not fit. */
export type Parse<T> = (text: string) => T;

/** Thrown by a parser; `message` completes the sentence "PORT must be ...". */
export class InvalidValue extends Error {}

/** Any text. */
export const text: Parse<string> = (value) => value;

/** A whole number in decimal digits, within the bounds. */
export function integer(min: number, max: number): Parse<number> {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new InvalidValue(`a whole number from ${min} to ${max}`);
  };
}

const FLAGS = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

/** A boolean, in any case. */
export const flag: Parse<boolean> = (value) => {
  const known = FLAGS.get(value.toLowerCase());
  if (known === undefined) throw new InvalidValue("true, false, 1 or 0");
  return known;
};

/** One of the values. */
export function oneOf<T extends string>(...values: readonly T[]): Parse<T> {
  return (value) => {
    if ((values as readonly string[]).includes(value)) return value as T;
    throw new InvalidValue(values.join(" or "));
  };
}

/** An http or https URL without credentials. */
export const httpUrl: Parse<URL> = (value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new InvalidValue("an http or https URL such as https://tower.example/v2/api");
  }
  if (url.username !== "" || url.password !== "") throw new InvalidValue("a URL without credentials");
  return url;
};

/** Items separated by commas; empty ones are omitted. */
export const list: Parse<readonly string[]> = (value) =>
  value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** PEM text of a file with a certificate. */
export const certificates: Parse<string> = (path) => {
  try {
    const pem = readFileSync(path, "utf8");
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new InvalidValue("the path of a readable PEM file with a certificate");
  }
};

/** Text of a file. */
export const fileContents: Parse<string> = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new InvalidValue("the path of a readable file");
  }
};

/** A path without a trailing slash; empty for none. */
export const basePath: Parse<string> = (value) => {
  const path = value.replace(/\/+$/, "");
  if (path !== "" && !/^(\/[\w.~-]+)+$/.test(path)) throw new InvalidValue("a path such as /towerql");
  return path;
};
