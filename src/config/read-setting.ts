import { quote } from "../kernel/text/global-id.js";
import { fileContents, InvalidValue, type Parse } from "./parsers.js";
import type { Setting } from "./setting.js";

/** An invalid setting; `message` is one line that names the variable and says what is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Value of a setting in the environment, its default, or undefined. @throws ConfigError if it is invalid. */
export function readSetting(
  { variable, parse, fallback, secret }: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
): unknown {
  const given = env[variable] || (secret ? secretFromFile(`${variable}_FILE`, env) : undefined);
  const value = given ?? fallback;
  if (value === undefined) return undefined;
  return parsed(variable, parse, value, secret);
}

/** A secret from a file, as container platforms provide them, instead of from the environment. */
function secretFromFile(variable: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = env[variable];
  if (!path) return undefined;
  return parsed(variable, fileContents, path).trim() || undefined;
}

/** @param secret keep the value out of the error. */
function parsed<T>(variable: string, parse: Parse<T>, value: string, secret = false): T {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const shown = secret ? "" : `, got ${quote(withoutUserinfo(error.part ?? value))}`;
    throw new ConfigError(`${variable} must be ${error.message}${shown}.`);
  }
}

/** The userinfo of a URL may contain a password. */
function withoutUserinfo(value: string): string {
  return value.replace(/^.*@/s, "***@");
}
