import { InvalidInputError, type MutationError, RepeatedIdError } from "./mutation-errors.js";

/**
 * Why a list of ids cannot be used, if it cannot: it is empty, too long, or has an id twice.
 *
 * @param nouns what the ids are of, for the message.
 */
export function listError(ids: readonly string[], max: number, nouns: string): MutationError | undefined {
  if (ids.length === 0 || ids.length > max) {
    return new InvalidInputError(`The number of ${nouns} must be between 1 and ${max}, got ${ids.length}.`);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  return repeated === undefined ? undefined : new RepeatedIdError(repeated);
}
