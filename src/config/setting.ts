import type { Parse } from "./parsers.js";

/** A setting of the process: an environment variable with a parser and a meaning. */
export interface Setting<T> {
  readonly variable: string;
  readonly parse: Parse<T>;
  /** Default, as it would be written; undefined if the setting is optional. */
  readonly fallback?: string;
  readonly meaning: string;
  /** Never shown in errors or logs. @default false */
  readonly secret?: boolean;
}

/** A setting with a default. */
export function setting<T>(variable: string, parse: Parse<T>, fallback: string, meaning: string): Setting<T> {
  return { variable, parse, fallback, meaning };
}

/** A setting that may be absent. */
export function optional<T>(
  variable: string,
  parse: Parse<T>,
  meaning: string,
  secret = false,
): Setting<T | undefined> {
  return { variable, parse, meaning, secret };
}
