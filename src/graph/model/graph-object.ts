/** Anything a relation can start from or lead to: a resource, or a part of one such as a frozen disk. */
export interface GraphObject {
  [relation: `@${string}`]: unknown;
}

/** A class whose objects have relations. */
export interface GraphObjectClass<P extends GraphObject = GraphObject> {
  readonly typename: string;
  readonly prototype: P;
}
