/**
 * Shares one run of `work` among all callers that come while it lasts. A failure reaches those callers and is forgotten: the next caller
 * starts a new run.
 *
 * @param options.keepResult whether later callers get the result of the first run that succeeded. @default false
 */
export function singleFlight<T>(
  work: () => Promise<T>,
  { keepResult = false }: { readonly keepResult?: boolean } = {},
): () => Promise<T> {
  let flight: Promise<T> | undefined;
  let kept: { readonly value: T } | undefined;
  const run = async () => {
    try {
      const value = await work();
      if (keepResult) kept = { value };
      return value;
    } finally {
      flight = undefined;
    }
  };
  return async () => {
    if (kept !== undefined) return kept.value;
    flight ??= startLater(run);
    return flight;
  };
}

/** In a microtask, so that a run that ends immediately cannot end before it is known. */
function startLater<T>(run: () => Promise<T>): Promise<T> {
  return Promise.resolve().then(run);
}
