/** Anything an edge can start from or lead to: a resource, or a part of one such as a frozen disk. */
export interface Joinable {
  [joined: `@${string}`]: unknown;
}

/** A class whose objects have edges. */
export interface JoinableClass<P extends Joinable = Joinable> {
  readonly typename: string;
  readonly prototype: P;
}
