import { readFileSync } from "node:fs";
import { decodeUtf8 } from "./decode-utf8.js";

/** Text of a file in UTF-8, without a byte order mark. @throws the system's error, or one that says that it is not UTF-8. */
export function readTextFile(path: string): string {
  const text = decodeUtf8(readFileSync(path));
  if (text === undefined) throw new Error("it is not UTF-8");
  return text;
}

/**
 * Value in a JSON file that a setting names.
 *
 * @param variable name of the setting, for messages.
 * @throws Error whose message is a sentence for the operator. It does not quote the text, in which there may be secrets.
 */
export function readJsonFile(path: string, variable: string): unknown {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    throw new Error(`${variable} must be the path of a readable file: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${variable} ${path} must be JSON${mistakeIn(text, (error as Error).message)}.`);
  }
}

/** Where a text is not JSON. The parser's own words may quote it. */
function mistakeIn(text: string, message: string): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return `; the mistake is at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
