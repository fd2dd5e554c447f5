import { TowerError } from "../../kernel/errors.js";
import { cloudTowerId } from "../../kernel/text/global-id.js";
import { InvalidIdError, InvalidInputError, type MutationError, RepeatedIdError } from "./mutation-errors.js";

/** An id that a client sent. */
export interface CheckedId {
  /** As it was sent. */
  readonly inputId: string;
  /** The bare id; null if it is malformed. */
  readonly id: string | null;
  /** Why it cannot be used, if it cannot. */
  readonly error: MutationError | undefined;
}

/** Why a list cannot be used, if it cannot: it is empty or too long. @param nouns what is listed, for the message. */
export function lengthError(length: number, max: number, nouns: string): MutationError | undefined {
  if (length > 0 && length <= max) return undefined;
  return new InvalidInputError(`The number of ${nouns} must be between 1 and ${max}, got ${length}.`);
}

/**
 * Checks ids, in their order, each for itself: one that is malformed, or that occurred before, does not concern the others.
 *
 * @param typename type of what the ids are of.
 */
export function checkIds(typename: string, inputIds: readonly string[]): CheckedId[] {
  const seen = new Set<string>();
  return inputIds.map((inputId) => {
    const checked = checkId(typename, inputId);
    if (checked.id === null) return checked;
    if (seen.has(checked.id)) return { ...checked, error: new RepeatedIdError(inputId) };
    seen.add(checked.id);
    return checked;
  });
}

/** Checks one id. */
export function checkId(typename: string, inputId: string): CheckedId {
  try {
    return { inputId, id: cloudTowerId(typename, inputId), error: undefined };
  } catch (error) {
    if (!(error instanceof TowerError)) throw error;
    return { inputId, id: null, error: new InvalidIdError(inputId, error.message) };
  }
}
