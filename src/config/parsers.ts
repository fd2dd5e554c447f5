import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeUtf8 } from "../kernel/text/decode-utf8.js";

/** Parses the text of a setting. Throws `InvalidValue` if the text does not fit. */
export type Parse<T> = (text: string) => T;

/** Thrown by a parser; `message` completes the sentence "PORT must be ...". */
export class InvalidValue extends Error {
  constructor(
    message: string,
    /** The invalid part of the value. @default the whole value */
    readonly part?: string,
  ) {
    super(message);
  }
}

/** Any text. */
export const text: Parse<string> = (value) => value;

/** A token as it fits into a header: visible ASCII characters, with spaces only between them. */
export const headerValue: Parse<string> = (value) => {
  if (!isHeaderValue(value)) throw new InvalidValue("visible ASCII characters with a letter or a digit");
  return value;
};

/** Keys as they come in an Authorization header, where the word `Bearer` is not part of the key. */
export const keys: Parse<readonly string[]> = (value) => {
  const items = list(value);
  if (items.every((item) => isHeaderValue(item) && !/^bearer(\s|$)/i.test(item))) return items;
  throw new InvalidValue(
    'keys of visible ASCII characters with a letter or a digit, without "Bearer", separated by commas',
  );
};

function isHeaderValue(value: string): boolean {
  // A placeholder such as *** is none.
  return /^[\x21-\x7e]+( +[\x21-\x7e]+)*$/.test(value) && /[a-z\d]/i.test(value);
}

/** `stdout`, or the absolute path of a file. */
export const auditTarget: Parse<string> = (value) => {
  if (value === "stdout" || /^\/[^\0]*[^/\0]$/.test(value)) return value;
  throw new InvalidValue("stdout or the absolute path of a file");
};

/** A decimal number from 0 to 1. */
export const ratio: Parse<number> = (value) => {
  if (/^(0(\.\d+)?|1(\.0+)?)$/.test(value)) return Number(value);
  throw new InvalidValue("a number from 0 to 1");
};

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

/** An http or https URL without credentials, query and fragment. A path is appended to it. */
export const httpUrl: Parse<URL> = (value) => {
  // A URL parser also accepts white space, backslashes and missing slashes.
  if (!/^https?:\/\/[^\s\\/]/i.test(value) || /[\s\\]/.test(value) || !URL.canParse(value)) {
    throw new InvalidValue("an http or https URL such as https://tower.example/v2/api");
  }
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") throw new InvalidValue("a URL without credentials");
  if (!isHostName(url.hostname)) throw new InvalidValue("a URL with a host name or an IP address");
  if (/[?#]/.test(value)) throw new InvalidValue("a URL without a query and a fragment");
  return url;
};

/**
 * Whether a text is a host name or an IP address as the URL standard writes it: without a port, with IPv6 in brackets, and not an
 * IPv4 address in another form.
 */
export function isHostName(text: string): boolean {
  if (!/^[a-z\d_][\w-]*(\.[\w-]+)*\.?$|^\[[\da-f:.]+\]$/i.test(text) || !URL.canParse(`http://${text}`)) return false;
  return new URL(`http://${text}`).hostname === text.toLowerCase();
}

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

/** Text of a file in UTF-8, without a byte order mark. */
export const fileContents: Parse<string> = (path) => {
  const text = decodeUtf8(contentsOf(path));
  if (text === undefined) throw new InvalidValue("the path of a file in UTF-8");
  return text;
};

function contentsOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new InvalidValue("the path of a readable file");
  }
}
