import { InvalidNameError } from "./mutation-errors.js";

/** Longest name of a snapshot or VM, in characters. */
export const MAX_NAME_LENGTH = 255;

/** Why a name cannot be used, if it cannot. */
export function nameError(name: string): InvalidNameError | undefined {
  if (name.trim() !== "" && name.length <= MAX_NAME_LENGTH) return undefined;
  return new InvalidNameError(`expected a name of 1 to ${MAX_NAME_LENGTH} characters that is not blank`);
}
