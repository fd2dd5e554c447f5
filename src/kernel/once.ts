/**
 * Calls `make` on first use and returns the same value each time.
 *
 * Not for promises, which the type forbids: a failure would be kept where a value belongs. Use `singleFlight`.
 */
export function once<T>(make: () => T & NotPromise<T>): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type NotPromise<T> = [Extract<T, PromiseLike<unknown>>] extends [never] ? unknown : never;
