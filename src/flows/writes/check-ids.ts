import { InvalidInputError, type MutationError, RepeatedIdError } from "./mutation-errors.js";

/** Why a list of ids cannot be used, if it cannot: empty, too long, or an id twice. */
export function listError(ids: readonly string[], most: number, what: string): MutationError | undefined {
  if (ids.length === 0 || ids.length > most) {
    return new InvalidInputError(`expected 1 to ${most} ${what}, got ${ids.length}`);
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) < index);
  return repeated === undefined ? undefined : new RepeatedIdError(repeated);
}
