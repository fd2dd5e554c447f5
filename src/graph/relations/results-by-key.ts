/**
 * Results of a relation by the parents' key: the object, or the objects. A key without a result is absent; an Error concerns its own key
 * alone.
 */
export type ResultsByKey<C> = Map<string, C | Error>;
