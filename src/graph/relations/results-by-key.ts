/**
 * Answers of a relation by the key of the parent: the object, or the objects. A key without an answer is absent; an Error spoils its
 * own key only.
 */
export type ResultsByKey<C> = Map<string, C | Error>;
