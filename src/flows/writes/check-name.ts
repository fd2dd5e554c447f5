import { quote } from "../../kernel/text/global-id.js";
import { InvalidNameError } from "./mutation-errors.js";

/** Maximum length of the name of a snapshot or VM, in characters. */
export const MAX_NAME_LENGTH = 255;

/** Why a name cannot be used, if it cannot. */
export function nameError(name: string): InvalidNameError | undefined {
  if (name.trim() === "") return new InvalidNameError(`The name must not be blank, got ${quote(name)}.`);
  if (name.length <= MAX_NAME_LENGTH) return undefined;
  return new InvalidNameError(`The name must have at most ${MAX_NAME_LENGTH} characters, got ${name.length}.`);
}
